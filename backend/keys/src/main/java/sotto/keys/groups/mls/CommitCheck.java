package sotto.keys.groups.mls;

import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeMap;
import sotto.keys.groups.Group;
import sotto.keys.groups.GroupException;
import sotto.keys.groups.GroupId;
import sotto.keys.groups.StagedCommit;

/**
 * Verifies a decoded commit against the current epoch and computes what the tree's leaves must be afterwards, without
 * the library's help.
 */
final class CommitCheck {
    /** What a commit does, as computed from its proposals alone. */
    record Change(int committer, List<StagedCommit.Added> added, List<Integer> removed, TreeMap<Integer, Seat> after) {}

    private CommitCheck() {}

    /** Signature by the sender's leaf, and membership tag: only a member of this epoch can have made it (§6.1, §6.2). */
    static void authenticate(WireCommit commit, EpochState epoch, Signatures signatures) throws GroupException {
        Seat sender = epoch.seats().get(commit.sender());
        if (sender == null) {
            throw new GroupException.Forged("nobody is at the committer's leaf " + commit.sender());
        }
        byte[] context = epoch.context();
        byte[] tag = epoch.membershipTag(commit.toBeTagged(context));
        if (!MessageDigest.isEqual(tag, commit.membershipTag())) {
            throw new GroupException.Forged("the membership tag does not verify: not made by a member");
        }
        byte[] signed = commit.toBeSigned(context);
        byte[] key = sender.leaf().signatureKey();
        if (!signatures.verifyWithLabel(key, "FramedContentTBS", signed, commit.signature())) {
            throw new GroupException.Forged("the committer's signature does not verify");
        }
    }

    /** Applies the proposals to the seats by RFC 9420 §12.3 and checks every leaf that is new. */
    static Change apply(WireCommit commit, GroupId group, TreeMap<Integer, Seat> before, LeafRules rules)
            throws GroupException {
        TreeMap<Integer, Seat> after = new TreeMap<>(before);
        for (int leaf : commit.removes()) {
            if (leaf == commit.sender()) {
                throw new GroupException.PolicyViolation("the committer removes itself");
            }
            if (after.remove(leaf) == null) {
                throw new GroupException.PolicyViolation("leaf " + leaf + " is removed, but nobody is there");
            }
        }
        List<StagedCommit.Added> added = new ArrayList<>();
        requireFreshKeys(commit, before);
        int free = 0;
        for (WireKeyPackage keyPackage : commit.adds()) {
            LeafCredential credential = rules.verify(keyPackage);
            while (after.containsKey(free)) {
                free++;
            }
            if (free >= Group.MAX_MEMBERS) {
                throw new GroupException.PolicyViolation("the group is full");
            }
            Seat seat = new Seat(keyPackage.leaf(), LeafRules.member(keyPackage.leaf(), credential, free));
            after.put(free, seat);
            added.add(new StagedCommit.Added(keyPackage.reference(), seat.member()));
        }
        after.put(commit.sender(), renewed(commit, group, before.get(commit.sender()), rules.signatures()));
        LeafRules.requireDistinct(after);
        return new Change(commit.sender(), List.copyOf(added), commit.removes(), after);
    }

    /** The committer's new leaf: another encryption key, and nothing else may change but what a commit changes. */
    private static Seat renewed(WireCommit commit, GroupId group, Seat before, Signatures signatures)
            throws GroupException {
        WireLeaf path = commit.path();
        if (!path.committed()) {
            throw new GroupException.PolicyViolation("the path's leaf does not come from a commit");
        }
        if (!Arrays.equals(path.signatureKey(), before.leaf().signatureKey())
                || !Arrays.equals(path.credential(), before.leaf().credential())) {
            throw new GroupException.PolicyViolation("the committer changes its signature key or credential");
        }
        if (!path.signatureVerifies(signatures, group.bytes(), commit.sender())) {
            throw new GroupException.Forged("the signature of the path's leaf does not verify");
        }
        return new Seat(path, before.member());
    }

    /** No key of the commit stood in the tree before, and none comes twice (§7.3). */
    private static void requireFreshKeys(WireCommit commit, TreeMap<Integer, Seat> before) throws GroupException {
        Set<ByteBuffer> keys = new HashSet<>();
        Set<ByteBuffer> signatureKeys = new HashSet<>();
        for (Seat seat : before.values()) {
            keys.add(ByteBuffer.wrap(seat.leaf().encryptionKey()));
            signatureKeys.add(ByteBuffer.wrap(seat.leaf().signatureKey()));
        }
        List<byte[]> fresh = new ArrayList<>(commit.pathKeys());
        fresh.add(commit.path().encryptionKey());
        for (WireKeyPackage keyPackage : commit.adds()) {
            fresh.add(keyPackage.leaf().encryptionKey());
            fresh.add(keyPackage.initKey());
            if (!signatureKeys.add(ByteBuffer.wrap(keyPackage.leaf().signatureKey()))) {
                throw new GroupException.PolicyViolation("an added leaf's signature key is in use");
            }
        }
        for (byte[] key : fresh) {
            if (!keys.add(ByteBuffer.wrap(key))) {
                throw new GroupException.PolicyViolation("the commit uses an encryption or init key again");
            }
        }
    }
}
