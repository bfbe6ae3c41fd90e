package sotto.keys.frames;

import sotto.keys.journal.KeyJournal;

/**
 * One SFrame key on its way to the worker. Whoever asked for it owns it and closes it once it is delivered (or not
 * needed): closing wipes the backend's copy. The journal counts the key as alive until {@link #forgotten}.
 */
public final class FrameKey implements AutoCloseable {
    private final KeyJournal journal;
    private final KeyJournal.KeyId id;
    private final SframeKeys keys;
    private final Kid kid;
    private final long epoch;
    private boolean delivered;

    FrameKey(KeyJournal journal, KeyJournal.KeyId id, SframeKeys keys, Kid kid, long epoch) {
        this.journal = journal;
        this.id = id;
        this.keys = keys;
        this.kid = kid;
        this.epoch = epoch;
    }

    /** The journal's id; its number is the u32 key id that the worker knows the key by. */
    public KeyJournal.KeyId id() {
        return id;
    }

    /** The u32 key id on the bridge (protocol §9). */
    public int number() {
        return id.number();
    }

    public Kid kid() {
        return kid;
    }

    /** The full epoch, of which the KID holds the low six bits. */
    public long epoch() {
        return epoch;
    }

    /** A copy of the 32-byte key, which the caller wipes. */
    public byte[] key() {
        return keys.key();
    }

    /** A copy of the 12-byte salt, which the caller wipes. */
    public byte[] salt() {
        return keys.salt();
    }

    /** Notes that the worker has the key. From now on it lives there until {@link #forgotten}. */
    public synchronized void delivered(String detail) {
        delivered = true;
        journal.delivered(id, detail);
    }

    /** Notes that the worker was told to forget the key, or is gone. */
    public synchronized void forgotten(String detail) {
        keys.close();
        journal.destroyed(id, detail);
    }

    /** Wipes the backend's copy. A key that was never delivered is destroyed by it. */
    @Override
    public synchronized void close() {
        keys.close();
        if (!delivered) {
            journal.destroyed(id, "not delivered");
        }
    }

    @Override
    public String toString() {
        return id.toString();
    }
}
