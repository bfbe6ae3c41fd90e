package sotto.bridge.seal;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.nio.ByteBuffer;
import java.security.SecureRandom;
import java.util.Base64;
import org.bouncycastle.crypto.InvalidCipherTextException;
import org.bouncycastle.crypto.engines.AESEngine;
import org.bouncycastle.crypto.modes.GCMBlockCipher;
import org.bouncycastle.crypto.modes.GCMModeCipher;
import org.bouncycastle.crypto.params.AEADParameters;
import org.bouncycastle.crypto.params.KeyParameter;
import org.bouncycastle.math.ec.rfc7748.X25519;
import sotto.bridge.messages.BackendToWorker;

/**
 * The sending half of the channel to one frame worker: an HPKE context (RFC 9180) bound by its {@code info} to the
 * session and to the worker's public key, so that what is sealed for one worker opens at no other and in no other
 * session.
 *
 * <pre>
 * info = "Sotto 1.0 worker channel" ‖ session(16) ‖ worker public key(32)
 * aad  = u64 sequence
 * </pre>
 *
 * Messages are numbered from 0 without gaps. Thread-safe. Closing wipes key and nonce; sealing fails from then on.
 */
public final class SealedChannel implements AutoCloseable {
    private static final byte[] LABEL = "Sotto 1.0 worker channel".getBytes(US_ASCII);
    private static final int TAG_BITS = 128;
    /** Far below AES-GCM's bounds, and exact in JavaScript. */
    private static final long MOST_MESSAGES = 1L << 32;

    private final byte[] session;
    private final byte[] enc;
    private final byte[] key;
    private final byte[] baseNonce;
    private long sequence;
    private boolean closed;

    private SealedChannel(byte[] session, Hpke.Schedule schedule) {
        this.session = session;
        this.enc = schedule.enc();
        this.key = schedule.key();
        this.baseNonce = schedule.baseNonce();
    }

    /**
     * Opens a channel with a fresh ephemeral key and a fresh session.
     *
     * @param workerKey the worker's X25519 public key, 32 bytes
     * @throws IllegalArgumentException if the key has another length or is of low order
     */
    public static SealedChannel open(byte[] workerKey, SecureRandom random) {
        if (workerKey.length != Hpke.PUBLIC_KEY_BYTES)
            throw new IllegalArgumentException("public key has " + workerKey.length + " bytes, not 32");
        byte[] session = new byte[16];
        random.nextBytes(session);
        byte[] ephemeral = new byte[X25519.SCALAR_SIZE];
        X25519.generatePrivateKey(random, ephemeral);
        byte[] info = info(session, workerKey);
        return new SealedChannel(session, Hpke.setupBaseSender(workerKey, info, ephemeral));
    }

    /** What the context is bound to. */
    static byte[] info(byte[] session, byte[] workerKey) {
        return Hpke.join(LABEL, session, workerKey);
    }

    /** With a given context, for the RFC's test vectors. */
    static SealedChannel of(Hpke.Schedule schedule) {
        return new SealedChannel(new byte[16], schedule);
    }

    /** The message that lets the worker open its half. */
    public BackendToWorker.Open opening() {
        return new BackendToWorker.Open(base64(session), base64(enc));
    }

    /**
     * The next sealed message.
     *
     * @throws IllegalStateException if the channel is closed, or a key among the commands is already wiped
     */
    public synchronized BackendToWorker.Sealed seal(WorkerCommands commands) {
        byte[] plaintext = commands.encode();
        try {
            long number = sequence;
            byte[] aad = ByteBuffer.allocate(Long.BYTES).putLong(number).array();
            return new BackendToWorker.Sealed(number, base64(seal(aad, plaintext)));
        } finally {
            Hpke.wipe(plaintext);
        }
    }

    /** ContextS.Seal, RFC 9180 section 5.2. */
    synchronized byte[] seal(byte[] aad, byte[] plaintext) {
        if (closed) throw new IllegalStateException("the channel is closed");
        if (sequence >= MOST_MESSAGES) throw new IllegalStateException("the channel is used up");
        KeyParameter parameter = new KeyParameter(key);
        GCMModeCipher cipher = GCMBlockCipher.newInstance(AESEngine.newInstance());
        try {
            cipher.init(true, new AEADParameters(parameter, TAG_BITS, Hpke.nonce(baseNonce, sequence), aad));
            byte[] ciphertext = new byte[cipher.getOutputSize(plaintext.length)];
            int written = cipher.processBytes(plaintext, 0, plaintext.length, ciphertext, 0);
            cipher.doFinal(ciphertext, written);
            sequence++;
            return ciphertext;
        } catch (InvalidCipherTextException e) {
            throw new IllegalStateException("AES-GCM did not encrypt", e);
        } finally {
            Hpke.wipe(parameter.getKey());
        }
    }

    /** Number of messages sealed so far. */
    public synchronized long sealed() {
        return sequence;
    }

    @Override
    public synchronized void close() {
        closed = true;
        Hpke.wipe(key);
        Hpke.wipe(baseNonce);
    }

    @Override
    public String toString() {
        return "channel " + base64(session);
    }

    private static String base64(byte[] bytes) {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    }
}
