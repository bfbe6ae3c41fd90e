package sotto.keys.groups.mls;

import java.io.IOException;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import javax.crypto.Cipher;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.SecretKeySpec;
import org.bouncycastle.crypto.AsymmetricCipherKeyPair;
import org.bouncycastle.crypto.CryptoException;
import org.bouncycastle.crypto.Digest;
import org.bouncycastle.crypto.InvalidCipherTextException;
import org.bouncycastle.crypto.params.AsymmetricKeyParameter;
import org.bouncycastle.mls.crypto.MlsAead;
import org.bouncycastle.mls.crypto.MlsCipherSuite;
import org.bouncycastle.mls.crypto.MlsKdf;
import org.bouncycastle.mls.crypto.MlsSigner;
import org.bouncycastle.mls.crypto.bc.BcMlsSigner;
import sotto.keys.frames.Hkdf;

/**
 * Cipher suite 1 (RFC 9420 §17.1) as the library works with it, on the platform's SHA-256, HMAC and AES-GCM, which are
 * several times faster than the library's own, and with each signature verified once. Nothing here remembers a key after
 * an operation, other than in the library's own suites, which keep the last one that they worked with.
 *
 * <p>What the library decodes refers to its own static suite: {@link Internals#use} puts this one in its place.
 */
final class Suite {
    private static final String AES_GCM = "AES/GCM/NoPadding";
    private static final int TAG_BITS = 8 * Mls.AEAD_TAG_SIZE;
    static final int AEAD_KEY_SIZE = 16;
    static final int AEAD_NONCE_SIZE = 12;

    private Suite() {}

    /** @param signatures verifies, and remembers what was good; one to an engine */
    static MlsCipherSuite of(Signatures signatures) {
        return new MlsCipherSuite(
                MlsCipherSuite.MLS_128_DHKEMX25519_AES128GCM_SHA256_Ed25519,
                new Signer(signatures),
                new Kdf(),
                new Aead(),
                new BaseHpke());
    }

    static byte[] seal(byte[] key, byte[] nonce, byte[] aad, byte[] plaintext) {
        try {
            return aesGcm(Cipher.ENCRYPT_MODE, key, nonce, aad).doFinal(plaintext);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every Java platform has " + AES_GCM, e);
        }
    }

    static byte[] open(byte[] key, byte[] nonce, byte[] aad, byte[] ciphertext) throws InvalidCipherTextException {
        try {
            return aesGcm(Cipher.DECRYPT_MODE, key, nonce, aad).doFinal(ciphertext);
        } catch (GeneralSecurityException e) {
            throw new InvalidCipherTextException("not sealed with this key, or changed", e);
        }
    }

    private static Cipher aesGcm(int mode, byte[] key, byte[] nonce, byte[] aad) throws GeneralSecurityException {
        Cipher cipher = Cipher.getInstance(AES_GCM);
        cipher.init(mode, new SecretKeySpec(key, "AES"), new GCMParameterSpec(TAG_BITS, nonce));
        cipher.updateAAD(aad);
        return cipher;
    }

    /** Signs and verifies without keeping a key; verifies what it has verified before by memory. */
    private record Signer(Signatures signatures) implements MlsSigner {
        /** The library's signer keeps the key of its last operation: a fresh one for each. */
        private static BcMlsSigner fresh() {
            return new BcMlsSigner(MlsSigner.ed25519);
        }

        @Override
        public AsymmetricCipherKeyPair generateSignatureKeyPair() {
            return fresh().generateSignatureKeyPair();
        }

        @Override
        public byte[] serializePublicKey(AsymmetricKeyParameter key) {
            return fresh().serializePublicKey(key);
        }

        @Override
        public byte[] serializePrivateKey(AsymmetricKeyParameter key) {
            return fresh().serializePrivateKey(key);
        }

        @Override
        public AsymmetricCipherKeyPair deserializePrivateKey(byte[] key) {
            return fresh().deserializePrivateKey(key);
        }

        @Override
        public AsymmetricKeyParameter deserializePublicKey(byte[] key) {
            return fresh().deserializePublicKey(key);
        }

        @Override
        public byte[] signWithLabel(byte[] key, String label, byte[] content) throws IOException, CryptoException {
            return fresh().signWithLabel(key, label, content);
        }

        @Override
        public boolean verifyWithLabel(byte[] key, String label, byte[] content, byte[] signature) {
            return signatures.verifyWithLabel(key, label, content, signature);
        }
    }

    private static final class Kdf implements MlsKdf {
        private final Digest digest = new Sha256();

        @Override
        public int getHashLength() {
            return Mls.HASH_SIZE;
        }

        @Override
        public Digest getDigest() {
            return digest;
        }

        @Override
        public byte[] extract(byte[] salt, byte[] ikm) {
            return Hkdf.SHA256.extract(salt, ikm);
        }

        @Override
        public byte[] expand(byte[] prk, byte[] info, int length) {
            return Hkdf.SHA256.expand(prk, info, length);
        }

        /** KDF.ExpandWithLabel (RFC 9420 §8). */
        @Override
        public byte[] expandWithLabel(byte[] secret, String label, byte[] context, int length) {
            byte[] info = new TlsWriter()
                    .u16(length)
                    .opaque(Mls.ascii("MLS 1.0 " + label))
                    .opaque(context)
                    .bytes();
            return expand(secret, info, length);
        }
    }

    /** One to a suite, so one to an engine; used with the library's lock held. It hashes nothing that is secret. */
    private static final class Sha256 implements Digest {
        private final MessageDigest sha256;

        Sha256() {
            try {
                sha256 = MessageDigest.getInstance("SHA-256");
            } catch (GeneralSecurityException e) {
                throw new IllegalStateException("every Java platform has SHA-256", e);
            }
        }

        @Override
        public String getAlgorithmName() {
            return "SHA-256";
        }

        @Override
        public int getDigestSize() {
            return Mls.HASH_SIZE;
        }

        @Override
        public void update(byte in) {
            sha256.update(in);
        }

        @Override
        public void update(byte[] in, int offset, int length) {
            sha256.update(in, offset, length);
        }

        @Override
        public int doFinal(byte[] out, int offset) {
            byte[] hash = sha256.digest();
            System.arraycopy(hash, 0, out, offset, hash.length);
            return hash.length;
        }

        @Override
        public void reset() {
            sha256.reset();
        }
    }

    private static final class Aead implements MlsAead {
        @Override
        public int getKeySize() {
            return AEAD_KEY_SIZE;
        }

        @Override
        public int getNonceSize() {
            return AEAD_NONCE_SIZE;
        }

        @Override
        public byte[] open(byte[] key, byte[] nonce, byte[] aad, byte[] ciphertext) throws InvalidCipherTextException {
            return Suite.open(key, nonce, aad, ciphertext);
        }

        @Override
        public byte[] seal(byte[] key, byte[] nonce, byte[] aad, byte[] plaintext) {
            return Suite.seal(key, nonce, aad, plaintext);
        }
    }
}
