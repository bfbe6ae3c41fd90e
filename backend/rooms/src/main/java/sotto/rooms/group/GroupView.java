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
        return members.stream().filter(member -> member.leaf() == leaf).findFirst();
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
