package sotto.rooms.wire;

import java.nio.charset.StandardCharsets;

/** Sizes that both ends of the room connection keep. */
public final class WireLimits {
    /** The version of frames that this build speaks. */
    public static final int VERSION = 1;
    /** Path of the WebSocket on the coordination server. */
    public static final String PATH = "/v1/room";
    /** UTF-8 bytes of one frame, either way. */
    public static final int FRAME_BYTES = 704 * 1024;
    /**
     * Bytes of one payload: what fits into a frame as base64url, with space for the other fields. A commit that adds as
     * many as one may to a group of 400 with the longest names fits.
     */
    public static final int PAYLOAD_BYTES = 512 * 1024;
    /** Connections in one room that an {@code entered} frame has space for. */
    public static final int PRESENT = 4096;
    /** ICE servers in an {@code entered} or {@code ice} frame. */
    public static final int ICE_SERVERS = 16;
    /** URLs of one ICE server. */
    public static final int ICE_URLS = 8;
    /** Characters of a text in a {@code refused} frame, of an ICE URL and of its credentials. */
    public static final int TEXT_CHARS = 512;
    /** Characters of a relay node's id. */
    public static final int NODE_CHARS = 64;
    /** Characters of a relay pass, and of the token in a relay ticket. */
    public static final int TICKET_CHARS = 4096;
    /** Largest epoch and sequence: what every JSON reader keeps exactly (2^53 - 1). */
    public static final long NUMBER = (1L << 53) - 1;

    private WireLimits() {}

    static void checkPayload(int bytes) {
        if (bytes > PAYLOAD_BYTES)
            throw new IllegalArgumentException(
                    "payload has " + bytes + " bytes, more than the " + PAYLOAD_BYTES + " allowed");
    }

    static long number(String what, long value) {
        if (value < 0 || value > NUMBER) throw new IllegalArgumentException(what + " is out of range: " + value);
        return value;
    }

    static long sequence(long value) {
        if (value < 1) throw new IllegalArgumentException("sequence is out of range: " + value);
        return number("sequence", value);
    }

    static String text(String what, String value) {
        if (value.length() > TEXT_CHARS)
            throw new IllegalArgumentException(
                    what + " has " + value.length() + " characters, more than " + TEXT_CHARS);
        return value;
    }

    static String pass(String value) {
        if (value.isEmpty() || value.length() > TICKET_CHARS)
            throw new IllegalArgumentException("a relay pass does not have 1 to " + TICKET_CHARS + " characters");
        return value;
    }

    /** UTF-8 bytes of a text. */
    static int utf8Length(String text) {
        return text.getBytes(StandardCharsets.UTF_8).length;
    }
}
