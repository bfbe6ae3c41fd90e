package sotto.keys.groups.mls;

import java.security.SecureRandom;
import java.util.Arrays;
import org.bouncycastle.crypto.AsymmetricCipherKeyPair;
import org.bouncycastle.crypto.InvalidCipherTextException;
import org.bouncycastle.crypto.hpke.HPKE;
import org.bouncycastle.crypto.params.AsymmetricKeyParameter;
import org.bouncycastle.crypto.params.X25519PrivateKeyParameters;
import org.bouncycastle.crypto.params.X25519PublicKeyParameters;
import org.bouncycastle.math.ec.rfc7748.X25519;
import sotto.keys.frames.Hkdf;

/**
 * HPKE (RFC 9180), mode base, single-shot, DHKEM(X25519, HKDF-SHA256), HKDF-SHA256, AES-128-GCM: what MLS uses of it, in
 * the RFC's names. The library's own keeps the secrets of its last operation, and hashes slowly what each newcomer to a
 * large group has to hash: the whole encrypted GroupInfo. Everything secret is wiped here, but for what the caller gets.
 */
final class BaseHpke extends HPKE {
    private static final byte[] VERSION = Mls.ascii("HPKE-v1");
    private static final byte[] NOTHING = {};
    /** "KEM" ‖ kem_id 0x0020. */
    private static final byte[] KEM_SUITE = {'K', 'E', 'M', 0, 0x20};
    /** "HPKE" ‖ kem_id 0x0020 ‖ kdf_id 0x0001 ‖ aead_id 0x0001. */
    private static final byte[] HPKE_SUITE = {'H', 'P', 'K', 'E', 0, 0x20, 0, 1, 0, 1};

    private final SecureRandom random = new SecureRandom();

    BaseHpke() {
        super(mode_base, kem_X25519_SHA256, kdf_HKDF_SHA256, aead_AES_GCM128);
    }

    @Override
    public AsymmetricCipherKeyPair generatePrivateKey() {
        X25519PrivateKeyParameters skX = new X25519PrivateKeyParameters(random);
        return new AsymmetricCipherKeyPair(skX.generatePublicKey(), skX);
    }

    /** DeriveKeyPair, §7.1.3. */
    @Override
    public AsymmetricCipherKeyPair deriveKeyPair(byte[] ikm) {
        byte[] dkpPrk = labeledExtract(KEM_SUITE, NOTHING, "dkp_prk", ikm);
        byte[] sk = labeledExpand(KEM_SUITE, dkpPrk, "sk", NOTHING, Mls.KEY_SIZE);
        try {
            X25519PrivateKeyParameters skX = new X25519PrivateKeyParameters(sk);
            return new AsymmetricCipherKeyPair(skX.generatePublicKey(), skX);
        } finally {
            wipe(dkpPrk, sk);
        }
    }

    /** @return ciphertext and encapsulated key, in this order */
    @Override
    public byte[][] seal(
            AsymmetricKeyParameter pkR,
            byte[] info,
            byte[] aad,
            byte[] pt,
            byte[] psk,
            byte[] pskId,
            AsymmetricCipherKeyPair skS) {
        byte[] pkRm = ((X25519PublicKeyParameters) pkR).getEncoded();
        byte[] skE = new byte[X25519.SCALAR_SIZE];
        X25519.generatePrivateKey(random, skE);
        byte[] enc = new byte[X25519.POINT_SIZE];
        X25519.generatePublicKey(skE, 0, enc, 0);
        Schedule schedule = schedule(skE, pkRm, raw(enc, pkRm), info);
        try {
            return new byte[][] {Suite.seal(schedule.key(), schedule.nonce(), aad, pt), enc};
        } finally {
            schedule.wipe();
        }
    }

    @Override
    public byte[] open(
            byte[] enc,
            AsymmetricCipherKeyPair skR,
            byte[] info,
            byte[] aad,
            byte[] ct,
            byte[] psk,
            byte[] pskId,
            AsymmetricKeyParameter pkS)
            throws InvalidCipherTextException {
        byte[] pkRm = ((X25519PublicKeyParameters) skR.getPublic()).getEncoded();
        if (enc.length != X25519.POINT_SIZE) {
            throw new InvalidCipherTextException("an encapsulated key of " + enc.length + " bytes");
        }
        byte[] sk = ((X25519PrivateKeyParameters) skR.getPrivate()).getEncoded();
        Schedule schedule = schedule(sk, enc, raw(enc, pkRm), info);
        try {
            return Suite.open(schedule.key(), schedule.nonce(), aad, ct);
        } finally {
            schedule.wipe();
        }
    }

    /** The nonce is the base nonce, since each context is for one message. */
    private record Schedule(byte[] key, byte[] nonce) {
        void wipe() {
            BaseHpke.wipe(key, nonce);
        }

        @Override
        public String toString() {
            return "HPKE schedule";
        }
    }

    /**
     * Encap or Decap (§4.1), then KeySchedule without psk (§5.1).
     *
     * @param sk the own private key; it is wiped
     * @throws IllegalArgumentException if {@code pk} is of low order, so that the shared secret would be known (§7.1.4)
     */
    private static Schedule schedule(byte[] sk, byte[] pk, byte[] kemContext, byte[] info) {
        byte[] dh = new byte[X25519.POINT_SIZE];
        boolean agreed = X25519.calculateAgreement(sk, 0, pk, 0, dh, 0);
        wipe(sk);
        if (!agreed) {
            throw new IllegalArgumentException("public key is of low order");
        }
        byte[] eaePrk = labeledExtract(KEM_SUITE, NOTHING, "eae_prk", dh);
        byte[] sharedSecret = labeledExpand(KEM_SUITE, eaePrk, "shared_secret", kemContext, Mls.HASH_SIZE);
        byte[] context = raw(
                new byte[] {mode_base},
                labeledExtract(HPKE_SUITE, NOTHING, "psk_id_hash", NOTHING),
                labeledExtract(HPKE_SUITE, NOTHING, "info_hash", info));
        byte[] secret = labeledExtract(HPKE_SUITE, sharedSecret, "secret", NOTHING);
        try {
            return new Schedule(
                    labeledExpand(HPKE_SUITE, secret, "key", context, Suite.AEAD_KEY_SIZE),
                    labeledExpand(HPKE_SUITE, secret, "base_nonce", context, Suite.AEAD_NONCE_SIZE));
        } finally {
            wipe(dh, eaePrk, sharedSecret, secret);
        }
    }

    /** §4. */
    private static byte[] labeledExtract(byte[] suite, byte[] salt, String label, byte[] ikm) {
        byte[] labeled = raw(VERSION, suite, Mls.ascii(label), ikm);
        try {
            return Hkdf.SHA256.extract(salt, labeled);
        } finally {
            wipe(labeled);
        }
    }

    /** §4. */
    private static byte[] labeledExpand(byte[] suite, byte[] prk, String label, byte[] info, int length) {
        return Hkdf.SHA256.expand(
                prk, raw(new byte[] {0, (byte) length}, VERSION, suite, Mls.ascii(label), info), length);
    }

    private static byte[] raw(byte[]... parts) {
        int size = 0;
        for (byte[] part : parts) {
            size += part.length;
        }
        byte[] all = new byte[size];
        int at = 0;
        for (byte[] part : parts) {
            System.arraycopy(part, 0, all, at, part.length);
            at += part.length;
        }
        return all;
    }

    private static void wipe(byte[]... secrets) {
        for (byte[] secret : secrets) {
            Arrays.fill(secret, (byte) 0);
        }
    }
}
