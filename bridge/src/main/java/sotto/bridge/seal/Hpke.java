package sotto.bridge.seal;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.nio.ByteBuffer;
import java.util.Arrays;
import org.bouncycastle.crypto.digests.SHA256Digest;
import org.bouncycastle.crypto.macs.HMac;
import org.bouncycastle.crypto.params.KeyParameter;
import org.bouncycastle.math.ec.rfc7748.X25519;

/**
 * The sender's key schedule of HPKE (RFC 9180), mode base, suite DHKEM(X25519, HKDF-SHA256), HKDF-SHA256, AES-256-GCM,
 * in the RFC's names. Written out rather than taken from a library so that every secret on the way is wiped.
 */
final class Hpke {
    static final int PUBLIC_KEY_BYTES = X25519.POINT_SIZE;
    private static final int HASH_BYTES = 32;
    private static final int NONCE_BYTES = 12;
    private static final byte MODE_BASE = 0;
    private static final byte[] VERSION = "HPKE-v1".getBytes(US_ASCII);
    private static final byte[] NOTHING = {};
    /** "KEM" ‖ kem_id 0x0020. */
    private static final byte[] KEM_SUITE = {'K', 'E', 'M', 0, 0x20};
    /** "HPKE" ‖ kem_id 0x0020 ‖ kdf_id 0x0001 ‖ aead_id 0x0002. */
    private static final byte[] HPKE_SUITE = {'H', 'P', 'K', 'E', 0, 0x20, 0, 1, 0, 2};

    private Hpke() {}

    /** What a context is made of; the arrays belong to whoever asked for them. */
    record Schedule(byte[] enc, byte[] key, byte[] baseNonce) {
        @Override
        public String toString() {
            return "HPKE schedule";
        }
    }

    /**
     * SetupBaseS, section 5.1.1, with the ephemeral private key {@code skE} given; it is wiped.
     *
     * @throws IllegalArgumentException if the public key is of low order, so that the shared secret would be known
     */
    static Schedule setupBaseSender(byte[] pkR, byte[] info, byte[] skE) {
        byte[] dh = new byte[X25519.POINT_SIZE];
        byte[] sharedSecret = NOTHING;
        try {
            byte[] enc = new byte[X25519.POINT_SIZE];
            X25519.generatePublicKey(skE, 0, enc, 0);
            // Section 7.1.4: the all-zero result must be refused. It is false then, for every point of low order.
            if (!X25519.calculateAgreement(skE, 0, pkR, 0, dh, 0))
                throw new IllegalArgumentException("public key is of low order");
            sharedSecret = extractAndExpand(dh, join(enc, pkR));
            return schedule(enc, sharedSecret, info);
        } finally {
            wipe(skE);
            wipe(dh);
            wipe(sharedSecret);
        }
    }

    /** Section 4.1. */
    private static byte[] extractAndExpand(byte[] dh, byte[] kemContext) {
        byte[] eaePrk = labeledExtract(KEM_SUITE, NOTHING, "eae_prk", dh);
        byte[] sharedSecret = labeledExpand(KEM_SUITE, eaePrk, "shared_secret", kemContext, HASH_BYTES);
        wipe(eaePrk);
        return sharedSecret;
    }

    /** KeySchedule, section 5.1, without psk. */
    private static Schedule schedule(byte[] enc, byte[] sharedSecret, byte[] info) {
        byte[] pskIdHash = labeledExtract(HPKE_SUITE, NOTHING, "psk_id_hash", NOTHING);
        byte[] infoHash = labeledExtract(HPKE_SUITE, NOTHING, "info_hash", info);
        byte[] context = join(new byte[] {MODE_BASE}, pskIdHash, infoHash);
        byte[] secret = labeledExtract(HPKE_SUITE, sharedSecret, "secret", NOTHING);
        byte[] key = labeledExpand(HPKE_SUITE, secret, "key", context, HASH_BYTES);
        byte[] baseNonce = labeledExpand(HPKE_SUITE, secret, "base_nonce", context, NONCE_BYTES);
        wipe(secret);
        return new Schedule(enc, key, baseNonce);
    }

    /** ComputeNonce, section 5.2. */
    static byte[] nonce(byte[] baseNonce, long sequence) {
        byte[] nonce = baseNonce.clone();
        for (int i = 0; i < Long.BYTES; i++) nonce[NONCE_BYTES - 1 - i] ^= (byte) (sequence >>> (8 * i));
        return nonce;
    }

    /** Section 4. */
    private static byte[] labeledExtract(byte[] suite, byte[] salt, String label, byte[] ikm) {
        byte[] labeled = join(VERSION, suite, label.getBytes(US_ASCII), ikm);
        byte[] prk = hmac(salt.length == 0 ? new byte[HASH_BYTES] : salt, labeled);
        wipe(labeled);
        return prk;
    }

    /** Section 4; one block of HKDF-Expand (RFC 5869) is enough for all lengths of this suite. */
    private static byte[] labeledExpand(byte[] suite, byte[] prk, String label, byte[] info, int length) {
        byte[] labeled = join(new byte[] {0, (byte) length}, VERSION, suite, label.getBytes(US_ASCII), info);
        byte[] block = hmac(prk, join(labeled, new byte[] {1}));
        byte[] okm = Arrays.copyOf(block, length);
        wipe(block);
        return okm;
    }

    private static byte[] hmac(byte[] key, byte[] data) {
        HMac mac = new HMac(SHA256Digest.newInstance());
        KeyParameter parameter = new KeyParameter(key);
        mac.init(parameter);
        mac.update(data, 0, data.length);
        byte[] result = new byte[HASH_BYTES];
        mac.doFinal(result, 0);
        wipe(parameter.getKey());
        return result;
    }

    static byte[] join(byte[]... parts) {
        ByteBuffer all = ByteBuffer.allocate(
                Arrays.stream(parts).mapToInt(part -> part.length).sum());
        for (byte[] part : parts) all.put(part);
        return all.array();
    }

    static void wipe(byte[] secret) {
        Arrays.fill(secret, (byte) 0);
    }
}
