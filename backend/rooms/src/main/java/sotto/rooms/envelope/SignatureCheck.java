package sotto.rooms.envelope;

import org.bouncycastle.math.ec.rfc8032.Ed25519;

/** Verifies Ed25519 signatures. */
@FunctionalInterface
public interface SignatureCheck {
    /** Verifies in Java. */
    SignatureCheck JAVA = (key, content, signature) -> key.length == Ed25519.PUBLIC_KEY_SIZE
            && signature.length == Ed25519.SIGNATURE_SIZE
            && Ed25519.verify(signature, 0, key, 0, content, 0, content.length);

    /** Whether the owner of this key signed this; false for a key or signature that is none, too. */
    boolean signed(byte[] key, byte[] content, byte[] signature);
}
