package sotto.bridge.seal;

import java.util.Arrays;
import java.util.Base64;
import java.util.Objects;
import sotto.bridge.messages.Track;

/**
 * One SFrame key as the worker gets it (RFC 9605 section 4.4.2): key and salt, and what they are good for. Holds copies
 * of the bytes and wipes them on close. Equal only to itself; prints as its key id.
 */
public final class FrameKey implements AutoCloseable {
    /** AES-256. */
    public static final int KEY_BYTES = 32;
    /** SFrame's Nn for AES-GCM. */
    public static final int SALT_BYTES = 12;

    private final long keyId;
    private final long kid;
    private final Track track;
    private final long epoch;
    private final String participant;
    private final byte[] key;
    private final byte[] salt;
    private boolean closed;

    /**
     * @param keyId number of the key in the journal, 0 to 2^32-1; unique in this process
     * @param kid SFrame key id, unsigned 64 bit
     * @param epoch MLS epoch, unsigned 64 bit
     * @param participant whose track it is: 16 bytes in base64url; for a send key the own id
     * @param key 32 bytes, copied
     * @param salt 12 bytes, copied
     */
    public FrameKey(long keyId, long kid, Track track, long epoch, String participant, byte[] key, byte[] salt) {
        WorkerCommand.requireKeyId(keyId);
        if (participantBytes(participant).length != 16)
            throw new IllegalArgumentException("participant is not 16 bytes in base64url");
        if (key.length != KEY_BYTES) throw new IllegalArgumentException("key has " + key.length + " bytes, not 32");
        if (salt.length != SALT_BYTES) throw new IllegalArgumentException("salt has " + salt.length + " bytes, not 12");
        this.keyId = keyId;
        this.kid = kid;
        this.track = Objects.requireNonNull(track);
        this.epoch = epoch;
        this.participant = participant;
        this.key = key.clone();
        this.salt = salt.clone();
    }

    private static byte[] participantBytes(String participant) {
        return Base64.getUrlDecoder().decode(participant);
    }

    public long keyId() {
        return keyId;
    }

    public long kid() {
        return kid;
    }

    public Track track() {
        return track;
    }

    public long epoch() {
        return epoch;
    }

    public String participant() {
        return participant;
    }

    /** The participant id as it stands in the layout, 16 bytes. */
    byte[] participantBytes() {
        return participantBytes(participant);
    }

    /** The key's own array, for encoding at once; gone after close. */
    synchronized byte[] keyBytes() {
        if (closed) throw new IllegalStateException(this + " is wiped");
        return key;
    }

    /** The salt's own array, for encoding at once; gone after close. */
    synchronized byte[] saltBytes() {
        if (closed) throw new IllegalStateException(this + " is wiped");
        return salt;
    }

    @Override
    public synchronized void close() {
        closed = true;
        Arrays.fill(key, (byte) 0);
        Arrays.fill(salt, (byte) 0);
    }

    @Override
    public String toString() {
        return "frame/" + keyId;
    }
}
