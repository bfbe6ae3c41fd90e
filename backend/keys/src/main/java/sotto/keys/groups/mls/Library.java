package sotto.keys.groups.mls;

import java.io.IOException;
import java.util.Arrays;
import java.util.concurrent.locks.ReentrantLock;
import org.bouncycastle.crypto.AsymmetricCipherKeyPair;
import org.bouncycastle.crypto.params.Ed25519PrivateKeyParameters;
import org.bouncycastle.mls.codec.MLSInputStream;
import org.bouncycastle.mls.codec.MLSOutputStream;
import org.bouncycastle.mls.crypto.MlsCipherSuite;
import sotto.keys.groups.GroupException;

/**
 * The door to Bouncy Castle's MLS. Its cipher suites are static and share one digest, signer and KDF, so that two
 * threads disturb each other even in separate groups: there is one lock for the whole process, decoding included. What
 * it throws on hostile input may be anything, errors included; all of it becomes a refusal.
 */
final class Library {
    static final MlsCipherSuite SUITE = MlsCipherSuite.BCMLS_128_DHKEMX25519_AES128GCM_SHA256_Ed25519;

    private static final ReentrantLock LOCK = new ReentrantLock();
    private static final AsymmetricCipherKeyPair DECOY = SUITE.getHPKE().generatePrivateKey();
    private static final byte[] DECOY_SIGNATURE_KEY = new Ed25519PrivateKeyParameters(
                    new byte[Ed25519PrivateKeyParameters.KEY_SIZE], 0)
            .generatePublicKey()
            .getEncoded();

    /** A piece of work inside the library. */
    interface Work<T> {
        T run() throws Exception;
    }

    private Library() {}

    /** Runs work on input from outside; whatever it throws means that the input is refused. */
    static <T> T refusing(String what, Work<T> work) throws GroupException {
        LOCK.lock();
        try {
            return work.run();
        } catch (GroupException e) {
            throw e;
        } catch (Throwable e) {
            throw new GroupException.Forged(what + " is refused by the MLS library", e);
        } finally {
            LOCK.unlock();
        }
    }

    /** Runs work on our own state; a failure is a defect, not somebody's input. */
    static <T> T trusted(Work<T> work) {
        LOCK.lock();
        try {
            return work.run();
        } catch (Exception e) {
            throw new IllegalStateException("the MLS library failed on our own state", e);
        } finally {
            LOCK.unlock();
        }
    }

    /**
     * Makes the library's static signer, KDF and KEM, which remember the last key that they worked with, work with one
     * that is no secret. Part of every wiping.
     */
    static void forgetLastKeys() {
        trusted(() -> {
            byte[] zeros = new byte[Mls.HASH_SIZE];
            SUITE.getKDF().expand(SUITE.getKDF().extract(zeros, zeros), zeros, Mls.HASH_SIZE);
            SUITE.verifyWithLabel(DECOY_SIGNATURE_KEY, "", zeros, new byte[0]);
            byte[][] sealed =
                    SUITE.encryptWithLabel(SUITE.getHPKE().serializePublicKey(DECOY.getPublic()), "", zeros, zeros);
            SUITE.decryptWithLabel(
                    SUITE.getHPKE().serializePrivateKey(DECOY.getPrivate()), "", zeros, sealed[1], sealed[0]);
            return Boolean.TRUE;
        });
    }

    /**
     * Decodes what was decoded strictly before, and makes sure that the library understood the same: it must encode to
     * the same bytes again. Call with the lock held.
     */
    static <T> T decode(byte[] bytes, Class<T> type) throws IOException, GroupException {
        T decoded = type.cast(MLSInputStream.decode(bytes, type));
        if (!Arrays.equals(bytes, MLSOutputStream.encode(decoded))) {
            throw new GroupException.Malformed(type.getSimpleName() + " is not in its one encoding");
        }
        return decoded;
    }
}
