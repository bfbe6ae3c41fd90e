package sotto.rooms.wire;

import java.util.Base64;

/**
 * Base64url without padding (RFC 4648 §5), strict: one text per byte sequence. The JDK's decoder alone takes padding and
 * stray bits in the last character, which would give one id several spellings.
 */
final class Base64Url {
    private static final Base64.Encoder ENCODER = Base64.getUrlEncoder().withoutPadding();
    private static final Base64.Decoder DECODER = Base64.getUrlDecoder();

    private Base64Url() {}

    static String encode(byte[] bytes) {
        return ENCODER.encodeToString(bytes);
    }

    static byte[] decode(String what, String text) {
        byte[] bytes;
        try {
            bytes = DECODER.decode(text);
        } catch (IllegalArgumentException notBase64) {
            throw new IllegalArgumentException(what + " is not base64url");
        }
        if (!ENCODER.encodeToString(bytes).equals(text))
            throw new IllegalArgumentException(what + " is not canonical base64url without padding");
        return bytes;
    }

    static byte[] decodeExactly(String what, String text, int length) {
        if (text.length() != (length * 4 + 2) / 3)
            throw new IllegalArgumentException(what + " is not " + length + " bytes in base64url");
        return decode(what, text);
    }
}
