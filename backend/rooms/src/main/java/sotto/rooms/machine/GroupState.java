package sotto.rooms.machine;

import java.util.Collections;
import java.util.Objects;
import java.util.Optional;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import sotto.rooms.group.GroupView;
import sotto.rooms.wire.ConnectionId;

/**
 * The group whose keys this member has.
 *
 * @param view its current epoch
 * @param since sequence of its {@code found} entry in this log; 0 if it was carried over from an earlier log. A
 *     carried-over group keeps its keys but has no more commits: the first change founds another group
 * @param at sequence of the entry of this log that began the current epoch; 0 in a carried-over group
 * @param entryEpoch epoch in which this member came to this log with it
 * @param standing whether it can go on
 * @param seats by leaf: the connection of each member that is attached
 * @param going leaves to be removed: they left, or their connection went
 * @param wanted a new epoch is wanted though nobody comes or goes
 */
public record GroupState(
        GroupView view,
        long since,
        long at,
        long entryEpoch,
        Standing standing,
        SortedMap<Integer, Seat> seats,
        SortedSet<Integer> going,
        boolean wanted) {

    public GroupState {
        Objects.requireNonNull(view, "view");
        Objects.requireNonNull(standing, "standing");
        seats = Collections.unmodifiableSortedMap(new TreeMap<>(seats));
        going = Collections.unmodifiableSortedSet(new TreeSet<>(going));
    }

    /** Whether a group can go on. */
    public enum Standing {
        /** This member takes part in it. */
        GOOD,
        /** It goes on without this member, or another replaced it: this member asks to join. */
        OVER,
        /** Its next commit is one that must be refused: the members found another group. */
        BROKEN
    }

    /**
     * Where a member is attached.
     *
     * @param since sequence from which on everybody knows it
     */
    public record Seat(ConnectionId connection, long since) {}

    /** Its place among the groups of this log. */
    public Mark mark() {
        return new Mark(since, view.group());
    }

    /** Whether commits in this group are possible: it was founded in this log. */
    public boolean live() {
        return since > 0;
    }

    /** The leaf attached on this connection. */
    public Optional<Integer> leafOf(ConnectionId connection) {
        return seats.entrySet().stream()
                .filter(seat -> seat.getValue().connection().equals(connection))
                .map(java.util.Map.Entry::getKey)
                .findFirst();
    }
}
