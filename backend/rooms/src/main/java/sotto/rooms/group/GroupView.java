package sotto.rooms.group;

import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import sotto.rooms.wire.GroupId;

/**
 * One epoch of a group as a member sees it.
 *
 * @param group the group's id
 * @param epoch MLS epoch; a new group begins at 0
 * @param ownLeaf own leaf index
 * @param members everyone, by rising leaf index
 */
public record GroupView(GroupId group, long epoch, int ownLeaf, List<Member> members) {
    public GroupView {
        Objects.requireNonNull(group, "group");
        if (epoch < 0) throw new IllegalArgumentException("epoch is out of range: " + epoch);
        members = members.stream().sorted(Comparator.comparingInt(Member::leaf)).toList();
        Set<Integer> leaves = new HashSet<>();
        Set<ParticipantId> participants = new HashSet<>();
        for (Member member : members)
            if (!leaves.add(member.leaf()) || !participants.add(member.participant()))
                throw new IllegalArgumentException("a leaf or participant is in the group twice");
        if (!leaves.contains(ownLeaf)) throw new IllegalArgumentException("the own leaf is not in the group");
    }

    /** The member at this leaf. */
    public Optional<Member> member(int leaf) {
        // Asked for each seat with each entry of the log: a search through all would be slow in a large room.
        int low = 0;
        int high = members.size() - 1;
        while (low <= high) {
            int middle = (low + high) >>> 1;
            int there = members.get(middle).leaf();
            if (there == leaf) return Optional.of(members.get(middle));
            if (there < leaf) low = middle + 1;
            else high = middle - 1;
        }
        return Optional.empty();
    }

    /** The member of this participant. */
    public Optional<Member> member(ParticipantId participant) {
        return members.stream()
                .filter(member -> member.participant().equals(participant))
                .findFirst();
    }

    /** Oneself. */
    public Member self() {
        return member(ownLeaf).orElseThrow();
    }
}
