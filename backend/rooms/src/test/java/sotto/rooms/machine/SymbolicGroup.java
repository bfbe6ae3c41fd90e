package sotto.rooms.machine;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import sotto.rooms.group.Bytes;
import sotto.rooms.group.GroupView;
import sotto.rooms.group.KeyPackageInfo;
import sotto.rooms.group.Member;
import sotto.rooms.group.ParticipantId;
import sotto.rooms.wire.GroupId;

/**
 * MLS as symbols: an epoch's secret is a number that only its members come to know, a commit can be processed only by
 * who knows the secret of the epoch before, a Welcome only by who drew the KeyPackage. Like the real engine it changes
 * its current epoch through adopt alone.
 */
final class SymbolicGroup {
    /** An epoch: its roster without anybody's own leaf, and its secret. */
    record Epoch(GroupId group, long epoch, long secret, List<Member> members) {
        GroupView view(int ownLeaf) {
            return new GroupView(group, epoch, ownLeaf, members);
        }
    }

    /** A commit as it travels. {@code before} stands for the need to know that secret. */
    record Commit(
            GroupId group,
            long before,
            int committer,
            List<Map.Entry<Bytes, Integer>> added,
            List<Integer> removed,
            Epoch next) {}

    /** Hands out what is fresh: references, secrets, ids. */
    static final class Fresh {
        private long last;

        long number() {
            return ++last;
        }
    }

    private final Fresh fresh;
    private final ParticipantId participant;
    private final Bytes identity;
    private final String name;
    Optional<Epoch> current = Optional.empty();
    int ownLeaf;
    private final Map<Bytes, KeyPackageInfo> drafts = new HashMap<>();

    SymbolicGroup(Fresh fresh, String name) {
        this.fresh = fresh;
        this.name = name;
        participant = new ParticipantId(7, fresh.number());
        identity = identity(fresh.number());
    }

    /** Another stay of a person. */
    SymbolicGroup(Fresh fresh, String name, Bytes identity) {
        this.fresh = fresh;
        this.name = name;
        participant = new ParticipantId(7, fresh.number());
        this.identity = identity;
    }

    static Bytes identity(long number) {
        return Bytes.of(ByteBuffer.allocate(33).putLong(number).array());
    }

    static Bytes bytes(long number) {
        return Bytes.of(ByteBuffer.allocate(8).putLong(number).array());
    }

    ParticipantId participant() {
        return participant;
    }

    Bytes identity() {
        return identity;
    }

    KeyPackageInfo draft() {
        KeyPackageInfo info =
                new KeyPackageInfo(bytes(fresh.number()), participant, name, identity, bytes(fresh.number()));
        drafts.clear();
        drafts.put(info.reference(), info);
        return info;
    }

    Epoch found(KeyPackageInfo self) {
        return new Epoch(
                new GroupId(9, fresh.number()),
                0,
                fresh.number(),
                List.of(new Member(0, participant, name, identity, self.signatureKey())));
    }

    Commit commit(List<KeyPackageInfo> adds, List<Integer> removes) {
        Epoch now = current.orElseThrow();
        List<Member> members = new ArrayList<>(now.members());
        members.removeIf(member -> removes.contains(member.leaf()));
        List<Map.Entry<Bytes, Integer>> added = new ArrayList<>();
        for (KeyPackageInfo add : adds) {
            int leaf = 0;
            while (taken(members, leaf)) leaf++;
            members.add(new Member(leaf, add.participant(), add.name(), add.identity(), add.signatureKey()));
            added.add(Map.entry(add.reference(), leaf));
        }
        if (members.size() < 2) throw new IllegalStateException("MLS cannot commit for one alone");
        return new Commit(
                now.group(),
                now.secret(),
                ownLeaf,
                added,
                removes,
                new Epoch(now.group(), now.epoch() + 1, fresh.number(), List.copyOf(members)));
    }

    private static boolean taken(List<Member> members, int leaf) {
        return members.stream().anyMatch(member -> member.leaf() == leaf);
    }

    /** Whether this member can process the commit: it knows the secret of the epoch before. */
    boolean canStage(Commit commit) {
        return current.filter(now -> now.secret() == commit.before()).isPresent() && commit.committer() != ownLeaf;
    }

    /** The own leaf if the Welcome of this commit is for the last draft. */
    Optional<Integer> join(Commit commit) {
        return commit.added().stream()
                .filter(add -> drafts.containsKey(add.getKey()))
                .map(Map.Entry::getValue)
                .findFirst();
    }

    void adopt(Epoch epoch, int leaf) {
        current = Optional.of(epoch);
        ownLeaf = leaf;
    }

    /** The own leaf signature key. */
    Optional<Bytes> signatureKey() {
        return current.map(epoch -> epoch.view(ownLeaf).self().signatureKey());
    }
}
