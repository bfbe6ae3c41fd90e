package sotto.bridge.messages;

import java.util.Objects;
import java.util.regex.Pattern;

/** Sizes and shapes that every bridge message keeps; one place, used by the records' constructors. */
public final class Limits {
    /** UTF-8 bytes of one WebSocket text frame in either direction. */
    public static final int MESSAGE_BYTES = 256 * 1024;
    /** Characters of a person's name. */
    public static final int NAME_CHARS = 48;
    /** Characters of another person's name: what a leaf's credential allows (protocol §4). */
    public static final int OTHERS_NAME_CHARS = 192;
    /** Characters of one signal (SDP or candidate JSON). */
    public static final int SIGNAL_CHARS = 64 * 1024;
    /** Characters of a link as pasted by a person. */
    public static final int LINK_CHARS = 1024;
    /** Characters of a text shown to a person. */
    public static final int TEXT_CHARS = 2_000;

    private static final Pattern ID_16 = Pattern.compile("[A-Za-z0-9_-]{22}");
    private static final Pattern KEY_32 = Pattern.compile("[A-Za-z0-9_-]{43}");

    private Limits() {}

    static String id(String what, String value) {
        if (value == null || !ID_16.matcher(value).matches())
            throw new IllegalArgumentException(what + " is not 16 bytes in base64url");
        return value;
    }

    static String key32(String what, String value) {
        if (value == null || !KEY_32.matcher(value).matches())
            throw new IllegalArgumentException(what + " is not 32 bytes in base64url");
        return value;
    }

    static String text(String what, String value, int most) {
        Objects.requireNonNull(value, what);
        if (value.length() > most)
            throw new IllegalArgumentException(
                    what + " has " + value.length() + " characters, more than the " + most + " allowed");
        return value;
    }

    static String name(String value) {
        text("name", value, NAME_CHARS);
        if (value.isBlank()) throw new IllegalArgumentException("name is empty");
        if (value.codePoints().anyMatch(c -> Character.isISOControl(c) || Character.getType(c) == Character.FORMAT))
            throw new IllegalArgumentException("name holds control characters");
        return value;
    }

    /**
     * Somebody else's name, which the credential's check has let through. Refusing here what passed there would let one
     * person end everybody's call by the choice of a name.
     */
    static String othersName(String value) {
        text("name", value, OTHERS_NAME_CHARS);
        if (value.isBlank()) throw new IllegalArgumentException("name is empty");
        return value;
    }

    static long count(String what, long value) {
        if (value < 0 || value > 0x1F_FFFF_FFFF_FFFFL)
            throw new IllegalArgumentException(what + " is out of range: " + value);
        return value;
    }
}
