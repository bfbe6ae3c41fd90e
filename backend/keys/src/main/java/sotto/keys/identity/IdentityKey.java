package sotto.keys.identity;

import java.math.BigInteger;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.Base64;
import org.signal.libsignal.protocol.InvalidKeyException;
import org.signal.libsignal.protocol.ecc.ECPublicKey;

/** The public half of an identity: 33 bytes, {@code 0x05} and a Curve25519 point, as Signal serializes it. */
public final class IdentityKey implements Comparable<IdentityKey> {
    /** Length in bytes. */
    public static final int SIZE = 33;

    /** Length of an XEdDSA signature in bytes. */
    public static final int SIGNATURE_SIZE = 64;

    private static final int FINGERPRINT_ITERATIONS = 5200;
    private static final int FINGERPRINT_GROUPS = 6;

    private final byte[] bytes;
    private final ECPublicKey key;

    /** @throws IllegalArgumentException if the bytes are no Curve25519 key in Signal's form */
    public IdentityKey(byte[] bytes) {
        if (bytes.length != SIZE || bytes[0] != 5) {
            throw new IllegalArgumentException("not an identity key: 33 bytes that begin with 5 expected");
        }
        if (isZero(bytes)) {
            throw new IllegalArgumentException("not an identity key: the zero point signs for everybody");
        }
        this.bytes = bytes.clone();
        try {
            this.key = new ECPublicKey(this.bytes);
        } catch (InvalidKeyException e) {
            throw new IllegalArgumentException("not an identity key", e);
        }
    }

    private static boolean isZero(byte[] bytes) {
        for (int i = 1; i < bytes.length; i++) {
            if (bytes[i] != 0) {
                return false;
            }
        }
        return true;
    }

    /** A copy of the 33 bytes. */
    public byte[] bytes() {
        return bytes.clone();
    }

    /** Whether {@code signature} (XEdDSA, 64 bytes) over {@code message} was made with this key's private half. */
    public boolean verify(byte[] message, byte[] signature) {
        return signature.length == SIGNATURE_SIZE && key.verifySignature(message, signature);
    }

    /**
     * 30 digits in groups of five for people to compare: one half of Signal's displayable fingerprint (version 0, 5200
     * rounds of SHA-512), with the key itself as the stable identifier, so that it depends on nothing but the key.
     */
    public String fingerprint() {
        MessageDigest sha512;
        try {
            sha512 = MessageDigest.getInstance("SHA-512");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-512", e);
        }
        sha512.update(new byte[2]);
        sha512.update(bytes);
        byte[] hash = bytes;
        for (int i = 0; i < FINGERPRINT_ITERATIONS; i++) {
            sha512.update(hash);
            hash = sha512.digest(bytes);
        }
        StringBuilder digits = new StringBuilder();
        for (int group = 0; group < FINGERPRINT_GROUPS; group++) {
            byte[] chunk = Arrays.copyOfRange(hash, group * 5, group * 5 + 5);
            long number = new BigInteger(1, chunk).longValueExact() % 100_000;
            digits.append(group == 0 ? "" : " ").append(String.format("%05d", number));
        }
        return digits.toString();
    }

    /** Order of the unsigned bytes; the group safety number sorts by it. */
    @Override
    public int compareTo(IdentityKey other) {
        return Arrays.compareUnsigned(bytes, other.bytes);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof IdentityKey that && Arrays.equals(bytes, that.bytes);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(bytes);
    }

    @Override
    public String toString() {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    }
}
