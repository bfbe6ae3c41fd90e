package sotto.keys.groups.mls;

import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.bouncycastle.mls.TreeKEM.LeafIndex;
import org.bouncycastle.mls.codec.AuthenticatedContent;
import org.bouncycastle.mls.codec.MLSMessage;
import org.bouncycastle.mls.codec.MLSOutputStream;
import org.bouncycastle.mls.codec.Proposal;
import org.bouncycastle.mls.codec.ProposalOrRef;
import org.bouncycastle.mls.codec.ProposalType;
import org.bouncycastle.mls.codec.WireFormat;
import org.bouncycastle.mls.crypto.Secret;
import sotto.keys.Labels;
import sotto.keys.frames.EpochFrameKeys;
import sotto.keys.frames.LinkPart;
import sotto.keys.groups.Group;
import sotto.keys.groups.GroupException;
import sotto.keys.groups.GroupId;
import sotto.keys.groups.Member;
import sotto.keys.groups.PendingCommit;
import sotto.keys.groups.StagedCommit;
import sotto.keys.journal.KeyJournal;
import sotto.keys.safety.GroupSafetyNumber;

/** A member's view of a group: the epoch in force, and beside it at most one pending and one staged commit. */
final class MlsGroup implements Group {
    private static final int EPOCH_PART_SIZE = 32;

    /** A KeyPackage is added only while it has this long to live, so that no member finds it expired. */
    private static final Duration MARGIN = Duration.ofMinutes(10);

    private record Pending(byte[] commit, MlsStagedCommit result) {}

    private final SecureRandom random = new SecureRandom();
    private final GroupId id;
    private final int ownLeaf;
    private final LeafSigner signer;
    private final LeafRules rules;
    private final KeyJournal journal;
    private EpochState current;
    private Pending pending;
    private MlsStagedCommit staged;
    private boolean closed;

    MlsGroup(EpochState first, int ownLeaf, LeafSigner signer, LeafRules rules, KeyJournal journal) {
        this.id = first.id();
        this.current = first;
        this.ownLeaf = ownLeaf;
        this.signer = signer;
        this.rules = rules;
        this.journal = journal;
    }

    @Override
    public GroupId id() {
        return id;
    }

    @Override
    public synchronized long epoch() {
        return current.epoch();
    }

    @Override
    public int ownLeaf() {
        return ownLeaf;
    }

    @Override
    public synchronized List<Member> roster() {
        return open().roster();
    }

    @Override
    public synchronized Optional<Instant> ownLeafExpires() {
        WireLeaf leaf = open().seats().get(ownLeaf).leaf();
        return leaf.committed() ? Optional.empty() : Optional.of(LeafRules.expires(leaf));
    }

    @Override
    public synchronized PendingCommit commit(List<byte[]> addKeyPackages, List<Integer> removeLeaves)
            throws GroupException {
        EpochState from = open();
        requirePossible(from, addKeyPackages, removeLeaves);
        discardPending();
        byte[][] messages = new byte[2][];
        MlsStagedCommit result = Library.refusing("our own commit", () -> {
            List<Proposal> proposals = new ArrayList<>();
            for (int leaf : removeLeaves) {
                proposals.add(Proposal.remove(new LeafIndex(leaf)));
            }
            for (byte[] keyPackage : addKeyPackages) {
                proposals.add(Proposal.add(Library.decode(keyPackage, rules.suite()).keyPackage));
            }
            byte[] leafSecret = new byte[Mls.HASH_SIZE];
            random.nextBytes(leafSecret);
            org.bouncycastle.mls.protocol.Group.GroupWithMessage made = from.library()
                    .commit(
                            new Secret(leafSecret),
                            new org.bouncycastle.mls.protocol.Group.CommitOptions(proposals, true, true, null),
                            new org.bouncycastle.mls.protocol.Group.MessageOptions(),
                            new org.bouncycastle.mls.protocol.Group.CommitParameters(
                                    org.bouncycastle.mls.protocol.Group.NORMAL_COMMIT_PARAMS));
            MLSMessage welcome = new MLSMessage(WireFormat.mls_welcome);
            welcome.welcome = made.message.welcome;
            made.message.welcome = null;
            messages[0] = MLSOutputStream.encode(made.message);
            messages[1] = addKeyPackages.isEmpty() ? null : MLSOutputStream.encode(welcome);
            // Our own commit goes through the checks that everybody else will make.
            CommitCheck.Change change = CommitCheck.apply(WireCommit.decode(messages[0]), id, from.seats(), rules);
            return staged(made.group, from, change, true, "own commit");
        });
        pending = new Pending(messages[0], result);
        return new PendingCommit(messages[0], messages[1]);
    }

    private void requirePossible(EpochState from, List<byte[]> adds, List<Integer> removes) throws GroupException {
        Set<Integer> leaves = new HashSet<>(removes);
        if (leaves.size() != removes.size()
                || leaves.contains(ownLeaf)
                || !from.leaves().containsAll(leaves)) {
            throw new GroupException.PolicyViolation("only other members can be removed, each once");
        }
        int after = from.leaves().size() - removes.size() + adds.size();
        if (after < 2) {
            throw new GroupException.PolicyViolation("nobody else would be left: close the group and found a new one");
        }
        if (after > MAX_MEMBERS || adds.size() > MAX_ADDS) {
            throw new GroupException.PolicyViolation("too many members, or too many added at once");
        }
        for (byte[] add : adds) {
            WireKeyPackage keyPackage = WireKeyPackage.decode(add);
            rules.verify(keyPackage);
            if (LeafRules.expires(keyPackage.leaf())
                    .isBefore(rules.clock().instant().plus(MARGIN))) {
                throw new GroupException.PolicyViolation("the KeyPackage is about to expire");
            }
        }
    }

    @Override
    public synchronized StagedCommit stage(byte[] commit) throws GroupException {
        EpochState from = open();
        WireCommit wire = WireCommit.decode(commit);
        if (!wire.group().equals(id)) {
            throw new GroupException.NotForUs("a commit of group " + wire.group());
        }
        if (wire.epoch() != from.epoch()) {
            throw new GroupException.WrongEpoch(from.epoch(), wire.epoch());
        }
        MlsStagedCommit result;
        if (pending != null && Arrays.equals(pending.commit(), commit)) {
            result = pending.result();
        } else {
            CommitCheck.authenticate(wire, from, rules.signatures());
            if (wire.sender() == ownLeaf) {
                throw new GroupException.Forged("a commit in our name that is not the one we wait for");
            }
            CommitCheck.Change change = CommitCheck.apply(wire, id, from.seats(), rules);
            result = change.removed().contains(ownLeaf)
                    ? new MlsStagedCommit(change, from.epoch() + 1, Optional.empty(), false)
                    : process(commit, from, change);
        }
        if (staged != null) {
            discard(staged);
        }
        staged = result;
        return result;
    }

    private MlsStagedCommit process(byte[] commit, EpochState from, CommitCheck.Change change) throws GroupException {
        return Library.refusing("the commit", () -> {
            AuthenticatedContent content = Library.decode(commit, rules.suite())
                    .publicMessage
                    .unprotect(
                            rules.suite(),
                            from.library().getKeySchedule().membershipKey,
                            Internals.groupContext(from.library()));
            for (ProposalOrRef proposal : content.getContent().getCommit().getProposals()) {
                if (proposal.getProposal().getProposalType() == ProposalType.ADD) {
                    Internals.use(rules.suite(), proposal.getProposal().getAdd().keyPackage);
                }
            }
            // Authenticated before: handed over without its envelope, the library does not verify it a second time.
            org.bouncycastle.mls.protocol.Group next = from.library()
                    .handle(
                            content,
                            null,
                            new org.bouncycastle.mls.protocol.Group.CommitParameters(
                                    org.bouncycastle.mls.protocol.Group.NORMAL_COMMIT_PARAMS));
            return staged(next, from, change, false, "commit of leaf " + change.committer());
        });
    }

    private MlsStagedCommit staged(
            org.bouncycastle.mls.protocol.Group next,
            EpochState from,
            CommitCheck.Change change,
            boolean own,
            String why)
            throws Exception {
        long epoch = from.epoch() + 1;
        List<Object> survivors = new ArrayList<>(List.of(from.library()));
        if (pending != null) {
            pending.result().next().ifPresent(state -> survivors.add(state.library()));
        }
        EpochState state = EpochState.of(next, id, epoch, ownLeaf, change.after(), survivors, journal, why);
        return new MlsStagedCommit(change, epoch, Optional.of(state), own);
    }

    @Override
    public synchronized void adopt(StagedCommit commit) {
        open();
        if (staged == null || staged != commit) {
            throw new IllegalStateException("not the staged commit");
        }
        MlsStagedCommit adopted = staged;
        staged = null;
        if (adopted.removesMe()) {
            close("removed from the group");
            return;
        }
        EpochState old = current;
        Pending lost = adopted.own() ? null : pending;
        pending = null;
        current = adopted.next().orElseThrow();
        current.enter();
        List<EpochState> survivors = List.of(current);
        if (lost != null) {
            lost.result().next().ifPresent(state -> state.retire(survivors, "another commit was first"));
        }
        old.retire(survivors, "epoch is over");
    }

    @Override
    public synchronized void discard(StagedCommit commit) {
        if (staged == null || staged != commit) {
            return;
        }
        MlsStagedCommit discarded = staged;
        staged = null;
        if (!discarded.own()) {
            retire(discarded, "commit discarded");
        }
    }

    @Override
    public synchronized void discardPending() {
        if (pending == null) {
            return;
        }
        MlsStagedCommit discarded = pending.result();
        pending = null;
        if (staged == discarded) {
            staged = null;
        }
        retire(discarded, "own commit discarded");
    }

    /** Wipes a commit's result, but for what the current epoch and the other result share with it. */
    private void retire(MlsStagedCommit commit, String why) {
        List<EpochState> survivors = new ArrayList<>(List.of(current));
        if (pending != null) {
            pending.result().next().ifPresent(survivors::add);
        }
        if (staged != null) {
            staged.next().ifPresent(survivors::add);
        }
        commit.next().ifPresent(state -> state.retire(survivors, why));
    }

    @Override
    public synchronized byte[] sign(byte[] content) {
        open();
        return signer.sign(content);
    }

    @Override
    public synchronized boolean verify(int leaf, byte[] content, byte[] signature) {
        Seat seat = open().seats().get(leaf);
        return seat != null && seat.member().verify(content, signature);
    }

    @Override
    public synchronized byte[] epochAuthenticator() {
        return open().authenticator();
    }

    @Override
    public synchronized String safetyNumber() {
        EpochState epoch = open();
        return GroupSafetyNumber.of(
                epoch.authenticator(),
                epoch.roster().stream().map(Member::identity).toList());
    }

    @Override
    public synchronized EpochFrameKeys frameKeys(LinkPart link) {
        EpochState epoch = open();
        byte[] epochPart = epoch.export(Labels.FRAME_EPOCH_PART, EPOCH_PART_SIZE);
        try {
            return EpochFrameKeys.derive(id, epoch.epoch(), ownLeaf, epochPart, link, journal);
        } finally {
            Arrays.fill(epochPart, (byte) 0);
        }
    }

    @Override
    public synchronized boolean closed() {
        return closed;
    }

    @Override
    public synchronized void close() {
        close("group closed");
    }

    private void close(String why) {
        if (closed) {
            return;
        }
        if (staged != null) {
            discard(staged);
        }
        discardPending();
        closed = true;
        current.retire(List.of(), why);
        signer.close(why);
    }

    private EpochState open() {
        if (closed) {
            throw new IllegalStateException("the group is closed");
        }
        return current;
    }

    @Override
    public String toString() {
        return "group " + id;
    }
}
