package sotto.keys.groups;

import java.util.Optional;

/**
 * A commit that was made and sent but not accepted yet. The group stays in its epoch until {@link Group#stage} sees the
 * same bytes come back and {@link Group#adopt} takes the result.
 */
public final class PendingCommit {
    private final byte[] commit;
    private final byte[] welcome;

    /** For group engines; {@code welcome} is null if nobody is added. */
    public PendingCommit(byte[] commit, byte[] welcome) {
        this.commit = commit.clone();
        this.welcome = welcome == null ? null : welcome.clone();
    }

    /** MLSMessage(PublicMessage(Commit)). */
    public byte[] commit() {
        return commit.clone();
    }

    /** MLSMessage(mls_welcome) with the ratchet_tree extension, for all who are added; empty if nobody is. */
    public Optional<byte[]> welcome() {
        return Optional.ofNullable(welcome).map(byte[]::clone);
    }
}
