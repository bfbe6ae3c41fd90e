package sotto.rooms.rules;

import java.util.Comparator;
import java.util.Objects;
import sotto.rooms.group.Bytes;
import sotto.rooms.group.KeyPackageInfo;
import sotto.rooms.group.Member;
import sotto.rooms.group.ParticipantId;

/**
 * One stay of one person: what a locked room lets in. It lasts as long as the stay, over lost connections too.
 *
 * @param identity identity key, 33 bytes
 */
public record Pass(Bytes identity, ParticipantId participant) implements Comparable<Pass> {
    private static final Comparator<Pass> ORDER =
            Comparator.comparing(Pass::identity).thenComparing(Pass::participant);

    public Pass {
        Objects.requireNonNull(identity, "identity");
        Objects.requireNonNull(participant, "participant");
    }

    public static Pass of(Member member) {
        return new Pass(member.identity(), member.participant());
    }

    public static Pass of(KeyPackageInfo info) {
        return new Pass(info.identity(), info.participant());
    }

    @Override
    public int compareTo(Pass other) {
        return ORDER.compare(this, other);
    }
}
