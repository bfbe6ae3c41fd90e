package sotto.rooms.machine;

import java.util.Objects;
import sotto.rooms.wire.GroupId;

/**
 * Tells which of two groups is the newer in a log: the one founded later.
 *
 * @param since sequence of the group's {@code found} entry; 0 for a group that was carried over from an earlier log,
 *     which is thus older than any group founded in this one
 */
public record Mark(long since, GroupId group) implements Comparable<Mark> {
    public Mark {
        if (since < 0) throw new IllegalArgumentException("since is out of range: " + since);
        Objects.requireNonNull(group, "group");
    }

    @Override
    public int compareTo(Mark other) {
        int order = Long.compare(since, other.since);
        return order != 0 ? order : group.compareTo(other.group);
    }
}
