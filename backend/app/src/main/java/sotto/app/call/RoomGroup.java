package sotto.app.call;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import sotto.keys.Ed25519Signatures;
import sotto.keys.frames.EpochFrameKeys;
import sotto.keys.frames.LinkPart;
import sotto.keys.groups.Group;
import sotto.keys.groups.GroupEngine;
import sotto.keys.groups.LeafDraft;
import sotto.keys.groups.PendingCommit;
import sotto.keys.groups.StagedCommit;
import sotto.keys.identity.Identity;
import sotto.keys.identity.IdentityKey;
import sotto.keys.identity.ParticipantId;
import sotto.keys.safety.GroupSafetyNumber;
import sotto.rooms.group.Bytes;
import sotto.rooms.group.GroupView;
import sotto.rooms.group.KeyPackageInfo;
import sotto.rooms.group.Member;
import sotto.rooms.session.GroupPort;
import sotto.rooms.wire.GroupId;
import sotto.rooms.wire.RoomId;

/** The MLS group of one stay in one room, as the room session asks for it. Call thread only. */
public final class RoomGroup implements GroupPort, AutoCloseable {
    private final GroupEngine engine;
    private final Identity me;
    private final byte[] room;
    private final ParticipantId participant;
    private final String name;
    private Group current;

    /** @param name as others will see it */
    public RoomGroup(GroupEngine engine, Identity me, RoomId room, ParticipantId participant, String name) {
        this.engine = engine;
        this.me = me;
        this.room = room.bytes();
        this.participant = participant;
        this.name = name;
    }

    @Override
    public Draft draft() throws GroupException {
        try {
            LeafDraft leaf = engine.draft(me, room, participant, name);
            try {
                return new OwnDraft(leaf, inspect(leaf.keyPackage()));
            } catch (GroupException | RuntimeException failed) {
                leaf.close();
                throw failed;
            }
        } catch (sotto.keys.groups.GroupException e) {
            throw refused(e);
        }
    }

    @Override
    public KeyPackageInfo inspect(byte[] keyPackage) throws GroupException {
        try {
            return info(engine.inspect(keyPackage, room));
        } catch (sotto.keys.groups.GroupException e) {
            throw refused(e);
        }
    }

    @Override
    public KeyPackageInfo inspectRequest(byte[] keyPackage) throws GroupException {
        try {
            return info(engine.inspectRequest(keyPackage, room));
        } catch (sotto.keys.groups.GroupException e) {
            throw refused(e);
        }
    }

    private static KeyPackageInfo info(sotto.keys.groups.KeyPackageInfo info) {
        return new KeyPackageInfo(
                Bytes.of(info.reference()),
                id(info.participant()),
                info.name(),
                Bytes.of(info.identity().bytes()),
                Bytes.of(info.signatureKey()));
    }

    @Override
    public Prospect found(GroupId group, Draft draft) throws GroupException {
        try {
            OwnDraft own = (OwnDraft) draft;
            return own.usedBy(engine.found(own.leaf, new sotto.keys.groups.GroupId(group.bytes())));
        } catch (sotto.keys.groups.GroupException e) {
            throw refused(e);
        }
    }

    @Override
    public Prospect join(Draft draft, byte[] welcome) throws GroupException {
        try {
            OwnDraft own = (OwnDraft) draft;
            // A Welcome that was good by MLS and refused by the room has used it up all the same.
            if (own.user != null) throw new GroupException("an earlier Welcome has used this KeyPackage up");
            return own.usedBy(engine.join(own.leaf, welcome));
        } catch (sotto.keys.groups.GroupException e) {
            throw refused(e);
        }
    }

    @Override
    public OwnCommit commit(List<byte[]> keyPackages, List<Integer> leaves) throws GroupException {
        Group group = group();
        try {
            PendingCommit pending = group.commit(keyPackages, leaves);
            StagedCommit staged = group.stage(pending.commit());
            return new OwnCommit(pending.commit(), pending.welcome(), new Next(group, staged, pending.commit()));
        } catch (sotto.keys.groups.GroupException e) {
            throw refused(e);
        }
    }

    @Override
    public Staged stage(byte[] commit) throws GroupException {
        Group group = group();
        try {
            StagedCommit staged = group.stage(commit);
            List<Added> added = staged.added().stream()
                    .map(add ->
                            new Added(Bytes.of(add.reference()), add.member().leaf()))
                    .toList();
            return new Staged(
                    staged.committer(),
                    added,
                    staged.removed(),
                    staged.removesMe() ? Optional.empty() : Optional.of(new Next(group, staged, null)));
        } catch (sotto.keys.groups.GroupException e) {
            throw refused(e);
        }
    }

    @Override
    public void adopt(Prospect prospect) {
        switch (prospect) {
            case Entered entered -> {
                if (current != null && current != entered.group) current.close();
                current = entered.group;
                entered.adopted = true;
            }
            case Next next -> next.adopt();
            default -> throw new IllegalArgumentException("not a prospect of this group");
        }
    }

    @Override
    public void discard(Prospect prospect) {
        switch (prospect) {
            case Entered entered -> {
                if (!entered.adopted) entered.group.close();
            }
            case Next next -> next.discard();
            default -> throw new IllegalArgumentException("not a prospect of this group");
        }
    }

    @Override
    public boolean signed(byte[] key, byte[] content, byte[] signature) {
        return Ed25519Signatures.verify(key, content, signature);
    }

    @Override
    public byte[] sign(byte[] content) {
        return group().sign(content);
    }

    @Override
    public byte[] signAsIdentity(byte[] content) {
        return me.sign(content);
    }

    @Override
    public boolean signedByIdentity(Bytes identity, byte[] content, Bytes signature) {
        try {
            return new IdentityKey(identity.toArray()).verify(content, signature.toArray());
        } catch (IllegalArgumentException noKey) {
            return false;
        }
    }

    /** The frame keys of the current epoch; the caller closes them. */
    public EpochFrameKeys frameKeys(LinkPart link) {
        return group().frameKeys(link);
    }

    /**
     * Makes the safety number of the epoch that is current now: 12 groups of 5 digits. Takes milliseconds; may be called
     * on any thread.
     */
    Supplier<String> safetyNumber() {
        byte[] authenticator = group().epochAuthenticator();
        List<IdentityKey> identities = group().roster().stream()
                .map(sotto.keys.groups.Member::identity)
                .toList();
        return () -> GroupSafetyNumber.of(authenticator, identities);
    }

    /** When newcomers begin to refuse the own leaf; empty once this member has committed, or without a group. */
    Optional<Instant> leafExpires() {
        return current == null ? Optional.empty() : current.ownLeafExpires();
    }

    private Group group() {
        if (current == null) throw new IllegalStateException("there is no current group");
        return current;
    }

    @Override
    public void close() {
        if (current != null) current.close();
        current = null;
    }

    private static GroupException refused(sotto.keys.groups.GroupException e) {
        return new GroupException(e.getClass().getSimpleName() + ": " + e.getMessage(), e);
    }

    private static sotto.rooms.group.ParticipantId id(ParticipantId participant) {
        return sotto.rooms.group.ParticipantId.of(participant.bytes());
    }

    private static GroupView view(Group group, long epoch, List<sotto.keys.groups.Member> roster) {
        List<Member> members = new ArrayList<>();
        for (var member : roster)
            members.add(new Member(
                    member.leaf(),
                    id(member.participant()),
                    member.name(),
                    Bytes.of(member.identity().bytes()),
                    Bytes.of(member.signatureKey())));
        return new GroupView(GroupId.of(group.id().bytes()), epoch, group.ownLeaf(), members);
    }

    private static final class OwnDraft implements Draft {
        private final LeafDraft leaf;
        private final KeyPackageInfo info;
        /** The group that has taken the leaf over, with its signature key. */
        private Group user;

        OwnDraft(LeafDraft leaf, KeyPackageInfo info) {
            this.leaf = leaf;
            this.info = info;
        }

        Prospect usedBy(Group group) {
            user = group;
            return new Entered(group);
        }

        @Override
        public byte[] keyPackage() {
            return leaf.keyPackage();
        }

        @Override
        public KeyPackageInfo info() {
            return info;
        }

        @Override
        public byte[] sign(byte[] content) {
            return user == null ? leaf.sign(content) : user.sign(content);
        }

        @Override
        public void close() {
            leaf.close();
        }

        @Override
        public String toString() {
            return "draft of " + info.participant();
        }
    }

    /** A group that was founded or joined, not yet the current one. */
    private static final class Entered implements Prospect {
        private final Group group;
        private boolean adopted;

        Entered(Group group) {
            this.group = group;
        }

        @Override
        public GroupView view() {
            return RoomGroup.view(group, group.epoch(), group.roster());
        }
    }

    /** The epoch after a commit. */
    private static final class Next implements Prospect {
        private final Group group;
        private final GroupView view;
        private final byte[] own;
        private StagedCommit staged;

        /** @param own the commit's bytes if it is one's own, else null */
        Next(Group group, StagedCommit staged, byte[] own) {
            this.group = group;
            this.staged = staged;
            this.own = own;
            this.view = RoomGroup.view(group, staged.epoch(), staged.rosterAfter());
        }

        @Override
        public GroupView view() {
            return view;
        }

        void adopt() {
            // While the own commit was on its way another one may have been staged and refused, which discards ours.
            if (own != null) {
                try {
                    staged = group.stage(own);
                } catch (sotto.keys.groups.GroupException e) {
                    throw new IllegalStateException("the own commit does not stage: " + e.getMessage(), e);
                }
            }
            group.adopt(staged);
        }

        void discard() {
            if (group.closed()) return;
            group.discard(staged);
            if (own != null) group.discardPending();
        }
    }
}
