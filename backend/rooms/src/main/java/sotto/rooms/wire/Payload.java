package sotto.rooms.wire;

import java.util.Arrays;

/**
 * An envelope as the server sees it: opaque bytes (docs/protocol.md §3). Immutable and equal by content, so that it may
 * live in states that are compared and hashed.
 */
public final class Payload {
    private static final Payload EMPTY = new Payload(new byte[0]);

    private final byte[] bytes;

    private Payload(byte[] bytes) {
        this.bytes = bytes;
    }

    /**
     * Copies the bytes.
     *
     * @throws IllegalArgumentException above {@link WireLimits#PAYLOAD_BYTES}
     */
    public static Payload of(byte[] bytes) {
        WireLimits.checkPayload(bytes.length);
        return bytes.length == 0 ? EMPTY : new Payload(bytes.clone());
    }

    /** @throws IllegalArgumentException unless canonical base64url of at most {@link WireLimits#PAYLOAD_BYTES} */
    public static Payload fromString(String text) {
        WireLimits.checkPayload((int) (text.length() * 3L / 4));
        return new Payload(Base64Url.decode("payload", text));
    }

    /** No bytes: what the log hash takes for entries that carry none. */
    public static Payload empty() {
        return EMPTY;
    }

    /** The bytes, in a new array. */
    public byte[] bytes() {
        return bytes.clone();
    }

    /** Number of bytes. */
    public int size() {
        return bytes.length;
    }

    /** base64url, the form in frames. */
    public String text() {
        return Base64Url.encode(bytes);
    }

    /** The bytes themselves: for reading inside this package only. */
    byte[] shared() {
        return bytes;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Payload that && Arrays.equals(bytes, that.bytes);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(bytes);
    }

    @Override
    public String toString() {
        return "Payload[" + bytes.length + " bytes]";
    }
}
