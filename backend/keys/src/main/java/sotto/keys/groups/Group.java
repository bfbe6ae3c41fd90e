package sotto.keys.groups;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import sotto.keys.frames.EpochFrameKeys;
import sotto.keys.frames.LinkPart;

/**
 * A group that this participant is a member of. Each method belongs to the current epoch; only {@link #adopt} changes
 * it. After {@link #close()}, or after adopting a commit that removes this member, every method but {@link #id},
 * {@link #epoch}, {@link #ownLeaf}, {@link #closed} and {@link #close} throws {@link IllegalStateException}.
 */
public interface Group extends AutoCloseable {
    GroupId id();

    long epoch();

    int ownLeaf();

    /** Everybody in the group, in the order of leaf indexes. */
    List<Member> roster();

    /**
     * When newcomers begin to refuse the own leaf, which still carries its KeyPackage's lifetime; empty once this
     * member has committed. Commit (a rekey will do) before then.
     */
    Optional<Instant> ownLeafExpires();

    /**
     * Makes a commit with an update path; a rekey if both lists are empty. Replaces an earlier pending one, which is
     * wiped. The group does not change: send the bytes, and {@link #stage} them when they come back first.
     *
     * @param addKeyPackages MLSMessage(mls_key_package) each, at most {@link #MAX_ADDS}
     * @param removeLeaves leaf indexes, not the own one
     * @throws GroupException.PolicyViolation if a KeyPackage or leaf cannot be added or removed. Removing the last other
     *     member without adding anybody is refused: the group ends then, {@link #close()} it and found a new one.
     */
    PendingCommit commit(List<byte[]> addKeyPackages, List<Integer> removeLeaves) throws GroupException;

    /**
     * Verifies a commit of this epoch whole and computes what it leads to, without changing the group. The own pending
     * commit is recognised by its bytes. Staging again discards what was staged before.
     *
     * @throws GroupException if the commit is anything but an honest member's of this group and epoch
     */
    StagedCommit stage(byte[] commit) throws GroupException;

    /**
     * Enters the epoch of a staged commit. The old epoch's secrets and a pending commit are wiped.
     *
     * @throws IllegalStateException if {@code staged} is not the last one staged, or was adopted or discarded
     */
    void adopt(StagedCommit staged);

    /** Wipes a staged commit; the group and a pending commit stay as they are. Nothing happens if it is not the last. */
    void discard(StagedCommit staged);

    /** Wipes the pending commit, if there is one. */
    void discardPending();

    /** Ed25519 signature with the own leaf signature key, 64 bytes. Content must begin with a label of its own. */
    byte[] sign(byte[] content);

    /** Whether the member at {@code leaf} signed {@code content}; false if there is none. */
    boolean verify(int leaf, byte[] content, byte[] signature);

    /** RFC 9420 §8.7; equal at everyone who shares the epoch, and unknown to everybody else. 32 bytes. */
    byte[] epochAuthenticator();

    /** 12 groups of 5 digits, separated by blanks (protocol §8). */
    String safetyNumber();

    /** The frame keys of the current epoch. The caller closes them; they outlive the epoch until then. */
    EpochFrameKeys frameKeys(LinkPart link);

    boolean closed();

    /** Wipes everything. */
    @Override
    void close();

    /** How many members a group can have. */
    int MAX_MEMBERS = 1024;

    /**
     * How many KeyPackages one commit can add: bounds its size and the time that it takes. Everybody who is added at once
     * has one Welcome to verify and no commit to process, so a crowd comes in cheaper the fewer the commits are.
     */
    int MAX_ADDS = 128;
}
