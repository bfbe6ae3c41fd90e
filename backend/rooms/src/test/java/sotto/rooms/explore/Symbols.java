package sotto.rooms.explore;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import sotto.rooms.group.Bytes;
import sotto.rooms.group.GroupView;
import sotto.rooms.group.KeyPackageInfo;
import sotto.rooms.group.Member;
import sotto.rooms.group.ParticipantId;
import sotto.rooms.wire.ConnectionId;
import sotto.rooms.wire.GroupId;

/**
 * MLS as symbols. An epoch's secret is a number that only its members come to know; a commit can be processed only by
 * who knows the secret of the epoch before, a Welcome only by who drew the KeyPackage. What is fresh is named after its
 * maker and how many that one made before, so that worlds reached by different orders of independent steps are equal.
 */
final class Symbols {
    private static final List<String> NAMES =
            List.of("Ann", "Ben", "Cat", "Dan", "Eve", "Fay", "Gil", "Hal", "Ida", "Jon", "Kim", "Leo");
    /** Most people in a room of the exploration. */
    static final int PEOPLE = NAMES.size();
    /** Stands for somebody who never asked for anything. */
    static final int GHOST = 99;

    private Symbols() {}

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

    static String name(int who) {
        return who == GHOST ? "a ghost" : NAMES.get(who);
    }

    static int who(String name) {
        int who = NAMES.indexOf(name);
        if (who < 0) throw new IllegalArgumentException("nobody is called " + name);
        return who;
    }

    /** @param stay counts how often somebody opened the link, from 0 */
    static ParticipantId participant(int who, long stay) {
        return new ParticipantId(7 + stay, who + 1L);
    }

    /** One stay's name. */
    static String name(int who, long stay) {
        return stay == 0 ? name(who) : name(who) + " again" + (stay == 1 ? "" : " " + stay);
    }

    static Bytes identity(int who) {
        return Bytes.of(ByteBuffer.allocate(33).put((byte) 'i').put((byte) who).array());
    }

    static ConnectionId connection(int who, long number) {
        return new ConnectionId(who + 1L, number);
    }

    static int who(ConnectionId connection) {
        return (int) connection.high() - 1;
    }

    static int who(ParticipantId participant) {
        return (int) participant.low() - 1;
    }

    static KeyPackageInfo draft(int who, long stay, long number) {
        return new KeyPackageInfo(
                bytes('r', who, number),
                participant(who, stay),
                name(who, stay),
                identity(who),
                bytes('k', who, number));
    }

    /** The {@code number}th group that somebody founds. */
    static Epoch found(int who, long number, KeyPackageInfo self) {
        return new Epoch(
                new GroupId(who + 1L, number),
                0,
                secret(who, number),
                List.of(new Member(0, self.participant(), self.name(), self.identity(), self.signatureKey())));
    }

    /** The {@code number}th thing that somebody makes, a commit. Added members take the lowest free leaves. */
    static Commit commit(
            int who, long number, Epoch now, int ownLeaf, List<KeyPackageInfo> adds, List<Integer> removes) {
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
        Epoch next = new Epoch(now.group(), now.epoch() + 1, secret(who, number), List.copyOf(members));
        return new Commit(now.group(), now.secret(), ownLeaf, added, List.copyOf(removes), next);
    }

    private static boolean taken(List<Member> members, int leaf) {
        return members.stream().anyMatch(member -> member.leaf() == leaf);
    }

    private static long secret(int who, long number) {
        return who * 1_000_000L + number;
    }

    private static Bytes bytes(char kind, int who, long number) {
        return Bytes.of(ByteBuffer.allocate(8)
                .put((byte) kind)
                .put((byte) who)
                .putInt(2, (int) number)
                .array());
    }
}
