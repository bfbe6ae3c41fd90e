package sotto.keys.frames;

import java.nio.ByteBuffer;
import java.util.Arrays;
import sotto.keys.Labels;
import sotto.keys.groups.GroupId;
import sotto.keys.journal.KeyJournal;

/**
 * The frame keys of one epoch of one group (protocol §6): holds the root and derives the key of a sender's track when
 * asked. Get it from {@link sotto.keys.groups.Group#frameKeys}. Thread-safe; wiped on close, after which nothing can be
 * derived any more.
 */
public final class EpochFrameKeys implements AutoCloseable {
    private static final int BASE_KEY_SIZE = 64;

    private final GroupId group;
    private final long epoch;
    private final int ownLeaf;
    private final byte[] root;
    private final KeyJournal journal;
    private final KeyJournal.KeyId id;
    private boolean closed;

    private EpochFrameKeys(GroupId group, long epoch, int ownLeaf, byte[] root, KeyJournal journal) {
        this.group = group;
        this.epoch = epoch;
        this.ownLeaf = ownLeaf;
        this.root = root;
        this.journal = journal;
        this.id = journal.derived(KeyJournal.Kind.ROOT, "frame keys of epoch " + epoch);
    }

    /**
     * For group engines: mixes the exporter's output with the link part. {@code epochPart} stays the caller's, who
     * wipes it.
     */
    public static EpochFrameKeys derive(
            GroupId group, long epoch, int ownLeaf, byte[] epochPart, LinkPart link, KeyJournal journal) {
        if (epochPart.length != 32) {
            throw new IllegalArgumentException("epoch part has " + epochPart.length + " bytes, not 32");
        }
        byte[] salt = link.secret();
        try {
            return new EpochFrameKeys(group, epoch, ownLeaf, Hkdf.SHA512.extract(salt, epochPart), journal);
        } finally {
            Arrays.fill(salt, (byte) 0);
        }
    }

    public GroupId group() {
        return group;
    }

    public long epoch() {
        return epoch;
    }

    public int ownLeaf() {
        return ownLeaf;
    }

    /**
     * The key with which the own track is sent, once.
     *
     * @throws SendKeySpentException if it was handed out before: ask the group for a new epoch
     * @throws IllegalStateException after {@link #close()}
     */
    public synchronized FrameKey sendKey(int track, SendKeyLedger ledger) throws SendKeySpentException {
        Kid kid = Kid.of(ownLeaf, track, epoch);
        requireOpen();
        ledger.claim(group, epoch, ownLeaf, track);
        return key(kid, "send");
    }

    /**
     * The key to open another member's track with; as often as needed.
     *
     * @throws IllegalArgumentException for the own leaf: its key must not leave but as a send key
     * @throws IllegalStateException after {@link #close()}
     */
    public synchronized FrameKey receiveKey(int leaf, int track) {
        if (leaf == ownLeaf) {
            throw new IllegalArgumentException("leaf " + leaf + " is our own: its key is a send key");
        }
        requireOpen();
        return key(Kid.of(leaf, track, epoch), "receive");
    }

    private FrameKey key(Kid kid, String use) {
        try (BaseKey base = baseKey(kid)) {
            SframeKeys keys = base.keys(kid.value());
            KeyJournal.KeyId keyId = journal.derived(
                    KeyJournal.Kind.FRAME,
                    use + " leaf " + kid.leaf() + " track " + kid.track() + " epoch " + epoch + " from " + id);
            return new FrameKey(journal, keyId, keys, kid, epoch);
        }
    }

    private BaseKey baseKey(Kid kid) {
        byte[] label = Labels.bytes(Labels.BASE_KEY);
        byte[] info = ByteBuffer.allocate(label.length + GroupId.SIZE + Long.BYTES + Integer.BYTES + 1)
                .put(label)
                .put(group.bytes())
                .putLong(epoch)
                .putInt(kid.leaf())
                .put((byte) kid.track())
                .array();
        return new BaseKey(Hkdf.SHA512.expand(root, info, BASE_KEY_SIZE));
    }

    private void requireOpen() {
        if (closed) {
            throw new IllegalStateException("the frame keys of epoch " + epoch + " are closed");
        }
    }

    @Override
    public synchronized void close() {
        if (!closed) {
            closed = true;
            Arrays.fill(root, (byte) 0);
            journal.destroyed(id, "epoch " + epoch + " out of use");
        }
    }

    @Override
    public String toString() {
        return id.toString();
    }
}
