package sotto.keys;

import org.bouncycastle.math.ec.rfc8032.Ed25519;

/** Verifies Ed25519 signatures (RFC 8032 §5.1.7). */
public final class Ed25519Signatures {
    public static final int KEY_SIZE = Ed25519.PUBLIC_KEY_SIZE;
    public static final int SIGNATURE_SIZE = Ed25519.SIGNATURE_SIZE;

    private Ed25519Signatures() {}

    /**
     * Whether the owner of the key signed this. False for what is no key or no signature, too: encoded in another way than
     * the one, a point of small order (which would verify signatures that nobody made), a scalar beyond the group's order.
     */
    public static boolean verify(byte[] key, byte[] message, byte[] signature) {
        return key.length == KEY_SIZE
                && signature.length == SIGNATURE_SIZE
                && Ed25519.verify(signature, 0, key, 0, message, 0, message.length);
    }
}
