package sotto.keys.groups.mls;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import sotto.keys.Ed25519Signatures;

/** Numbers, limits and the public functions of RFC 9420 that this package needs without the library. Suite 1 only. */
final class Mls {
    static final int VERSION = 1;
    static final int SUITE = 1;

    static final int WIRE_PUBLIC_MESSAGE = 1;
    static final int WIRE_WELCOME = 3;
    static final int WIRE_KEY_PACKAGE = 5;

    static final int HASH_SIZE = 32;
    static final int KEY_SIZE = 32;
    static final int SIGNATURE_SIZE = 64;
    static final int AEAD_TAG_SIZE = 16;

    static final int MAX_KEY_PACKAGE = 4 << 10;
    static final int MAX_COMMIT = 256 << 10;
    static final int MAX_WELCOME = 1 << 20;
    static final int MAX_CREDENTIAL = 512;

    /** Epochs stay far below what JavaScript counts exactly. */
    static final long MAX_EPOCH = 1L << 48;

    private Mls() {}

    static byte[] sha256(byte[] input) {
        try {
            return MessageDigest.getInstance("SHA-256").digest(input);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }

    static byte[] hmac(byte[] key, byte[] input) {
        try {
            Mac mac = Mac.getInstance("HmacSHA256");
            mac.init(new SecretKeySpec(key, "HmacSHA256"));
            return mac.doFinal(input);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every Java platform has HmacSHA256", e);
        }
    }

    /** MakeKeyPackageRef (RFC 9420 §5.2). */
    static byte[] keyPackageReference(byte[] keyPackage) {
        return sha256(new TlsWriter()
                .opaque(ascii("MLS 1.0 KeyPackage Reference"))
                .opaque(keyPackage)
                .bytes());
    }

    /** VerifyWithLabel (RFC 9420 §5.1.2). False for a key that is no point or of small order, too. */
    static boolean verifyWithLabel(byte[] key, String label, byte[] content, byte[] signature) {
        byte[] signed = new TlsWriter()
                .opaque(ascii("MLS 1.0 " + label))
                .opaque(content)
                .bytes();
        return Ed25519Signatures.verify(key, signed, signature);
    }

    static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }
}
