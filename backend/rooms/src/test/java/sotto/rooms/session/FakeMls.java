package sotto.rooms.session;

import java.nio.ByteBuffer;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.bouncycastle.math.ec.rfc8032.Ed25519;
import sotto.rooms.group.Bytes;
import sotto.rooms.group.GroupView;
import sotto.rooms.group.KeyPackageInfo;
import sotto.rooms.group.Member;
import sotto.rooms.group.ParticipantId;
import sotto.rooms.wire.GroupId;

/**
 * MLS as symbols with real Ed25519 signatures: KeyPackages, commits and Welcomes are numbers whose meaning stands in a
 * table that all members of a test share. Only who has the epoch's secret stages, only who drew the KeyPackage joins.
 */
public final class FakeMls implements GroupPort {
    /** What all members' messages mean. */
    public static final class Meaning {
        private final Map<Long, Object> meanings = new HashMap<>();
        private long last;

        byte[] write(Object meaning) {
            meanings.put(++last, meaning);
            return ByteBuffer.allocate(8).putLong(last).array();
        }

        <T> T read(byte[] bytes, Class<T> type) throws GroupException {
            Object meaning =
                    bytes.length == 8 ? meanings.get(ByteBuffer.wrap(bytes).getLong()) : null;
            if (!type.isInstance(meaning)) throw new GroupException("not a " + type.getSimpleName());
            return type.cast(meaning);
        }

        long fresh() {
            return ++last;
        }
    }

    record Epoch(GroupId group, long epoch, long secret, List<Member> members) {}

    record Commit(long before, int committer, List<Added> added, List<Integer> removed, Epoch next) {}

    record Welcome(Map<Bytes, Integer> leaves, Epoch epoch) {}

    final class FakeDraft implements Draft {
        private final byte[] privateKey = new byte[32];
        private final KeyPackageInfo info;
        private final byte[] keyPackage;

        FakeDraft() {
            Ed25519.generatePrivateKey(new SecureRandom(), privateKey);
            byte[] key = new byte[32];
            Ed25519.generatePublicKey(privateKey, 0, key, 0);
            byte[] reference = ByteBuffer.allocate(32).putLong(meaning.fresh()).array();
            info = new KeyPackageInfo(Bytes.of(reference), participant, name, identity, Bytes.of(key));
            keyPackage = meaning.write(info);
        }

        @Override
        public byte[] keyPackage() {
            return keyPackage;
        }

        @Override
        public KeyPackageInfo info() {
            return info;
        }

        @Override
        public byte[] sign(byte[] content) {
            byte[] signature = new byte[64];
            Ed25519.sign(privateKey, 0, content, 0, content.length, signature, 0);
            return signature;
        }

        @Override
        public void close() {}
    }

    record FakeProspect(Epoch epoch, GroupView view, FakeDraft leafKey) implements Prospect {}

    private final Meaning meaning;
    private final ParticipantId participant;
    private final String name;
    private final byte[] identityKey = new byte[32];
    private final Bytes identity;
    private final Set<Prospect> open = new HashSet<>();
    FakeProspect current;
    /** Whether no leaf can be drafted. */
    boolean unable;

    /** Commits that this member made. */
    int commits;

    public FakeMls(Meaning meaning, String name) {
        this.meaning = meaning;
        this.name = name;
        participant = new ParticipantId(1, meaning.fresh());
        Ed25519.generatePrivateKey(new SecureRandom(), identityKey);
        byte[] key = new byte[33];
        Ed25519.generatePublicKey(identityKey, 0, key, 1);
        identity = Bytes.of(key);
    }

    ParticipantId participant() {
        return participant;
    }

    Bytes identity() {
        return identity;
    }

    @Override
    public boolean signed(byte[] key, byte[] content, byte[] signature) {
        return signature.length == 64 && Ed25519.verify(signature, 0, key, 0, content, 0, content.length);
    }

    @Override
    public byte[] signAsIdentity(byte[] content) {
        byte[] signature = new byte[64];
        Ed25519.sign(identityKey, 0, content, 0, content.length, signature, 0);
        return signature;
    }

    @Override
    public boolean signedByIdentity(Bytes identity, byte[] content, Bytes signature) {
        return Ed25519.verify(signature.toArray(), 0, identity.toArray(), 1, content, 0, content.length);
    }

    /** Prospects that were neither adopted nor discarded. */
    int openProspects() {
        return open.size();
    }

    public long secret() {
        return current.epoch().secret();
    }

    private FakeProspect prospect(Epoch epoch, int leaf, FakeDraft key) {
        FakeProspect prospect =
                new FakeProspect(epoch, new GroupView(epoch.group(), epoch.epoch(), leaf, epoch.members()), key);
        open.add(prospect);
        return prospect;
    }

    @Override
    public Draft draft() throws GroupException {
        if (unable) throw new GroupException("no leaf can be made");
        return new FakeDraft();
    }

    @Override
    public KeyPackageInfo inspect(byte[] keyPackage) throws GroupException {
        return meaning.read(keyPackage, KeyPackageInfo.class);
    }

    @Override
    public KeyPackageInfo inspectRequest(byte[] keyPackage) throws GroupException {
        return inspect(keyPackage);
    }

    private static Member member(int leaf, KeyPackageInfo info) {
        return new Member(leaf, info.participant(), info.name(), info.identity(), info.signatureKey());
    }

    @Override
    public Prospect found(GroupId group, Draft draft) {
        Epoch epoch = new Epoch(group, 0, meaning.fresh(), List.of(member(0, draft.info())));
        return prospect(epoch, 0, (FakeDraft) draft);
    }

    @Override
    public OwnCommit commit(List<byte[]> keyPackages, List<Integer> leaves) throws GroupException {
        commits++;
        Epoch now = current.epoch();
        List<Member> members = new ArrayList<>(now.members());
        members.removeIf(member -> leaves.contains(member.leaf()));
        List<Added> added = new ArrayList<>();
        Map<Bytes, Integer> welcomed = new HashMap<>();
        for (byte[] keyPackage : keyPackages) {
            KeyPackageInfo info = inspect(keyPackage);
            int leaf = 0;
            while (taken(members, leaf)) leaf++;
            members.add(member(leaf, info));
            added.add(new Added(info.reference(), leaf));
            welcomed.put(info.reference(), leaf);
        }
        if (members.size() < 2) throw new GroupException("nobody else would be left");
        Epoch next = new Epoch(now.group(), now.epoch() + 1, meaning.fresh(), List.copyOf(members));
        int own = current.view().ownLeaf();
        byte[] commit = meaning.write(new Commit(now.secret(), own, added, leaves, next));
        Optional<byte[]> welcome =
                added.isEmpty() ? Optional.empty() : Optional.of(meaning.write(new Welcome(welcomed, next)));
        return new OwnCommit(commit, welcome, prospect(next, own, current.leafKey()));
    }

    private static boolean taken(List<Member> members, int leaf) {
        return members.stream().anyMatch(member -> member.leaf() == leaf);
    }

    @Override
    public Staged stage(byte[] bytes) throws GroupException {
        Commit commit = meaning.read(bytes, Commit.class);
        int own = current.view().ownLeaf();
        if (commit.before() != current.epoch().secret() || commit.committer() == own)
            throw new GroupException("not another member's commit for this epoch");
        Optional<Prospect> next = commit.removed().contains(own)
                ? Optional.empty()
                : Optional.of(prospect(commit.next(), own, current.leafKey()));
        return new Staged(commit.committer(), commit.added(), commit.removed(), next);
    }

    @Override
    public Prospect join(Draft draft, byte[] bytes) throws GroupException {
        Welcome welcome = meaning.read(bytes, Welcome.class);
        Integer leaf = welcome.leaves().get(draft.info().reference());
        if (leaf == null) throw new GroupException("not for this KeyPackage");
        return prospect(welcome.epoch(), leaf, (FakeDraft) draft);
    }

    @Override
    public void adopt(Prospect prospect) {
        if (!open.remove(prospect)) throw new IllegalStateException("adopted what is not open");
        current = (FakeProspect) prospect;
    }

    @Override
    public void discard(Prospect prospect) {
        open.remove(prospect);
    }

    @Override
    public byte[] sign(byte[] content) {
        if (current == null) throw new IllegalStateException("no group");
        return current.leafKey().sign(content);
    }
}
