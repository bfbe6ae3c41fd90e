package sotto.rooms.machine;

import java.util.Collections;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import sotto.rooms.RoomPath;
import sotto.rooms.group.Bytes;
import sotto.rooms.group.Member;
import sotto.rooms.group.ParticipantId;
import sotto.rooms.wire.ConnectionId;
import sotto.rooms.wire.GroupId;

/**
 * The whole state of the machine: immutable, equal by content, so that states can be hashed and explored.
 *
 * @param self own participant id
 * @param identity own identity key
 * @param phase where in its life the session is
 * @param everInside whether the server was ever reached
 * @param failures connections lost or failed in a row
 * @param log the log of this connection, or of the last one while there is none
 * @param group the group whose keys this member has
 * @param former members of the group before this one who are not (yet) attached in it, by connection: they may speak
 * @param accord what the room agreed on beside its keys
 * @param asking the own request for admission
 * @param underWay own requests that were posted on this connection and did not come back in the log yet
 * @param inFlight what was sent to the server and is not answered
 * @param batch most adds in the next commit
 * @param gathering how the pause of {@link RoomTimer#GATHER} goes; {@link Gathering#NONE} while there is none
 * @param timers set timers and their delays in milliseconds
 */
public record RoomState(
        ParticipantId self,
        Bytes identity,
        Phase phase,
        boolean everInside,
        int failures,
        Optional<LogState> log,
        Optional<GroupState> group,
        SortedMap<ConnectionId, Member> former,
        Accord accord,
        Optional<Asking> asking,
        int underWay,
        Optional<InFlight> inFlight,
        int batch,
        Gathering gathering,
        SortedMap<RoomTimer, Integer> timers) {

    public RoomState {
        Objects.requireNonNull(self, "self");
        Objects.requireNonNull(identity, "identity");
        former = Collections.unmodifiableSortedMap(new TreeMap<>(former));
        timers = Collections.unmodifiableSortedMap(new TreeMap<>(timers));
    }

    /** Before {@link RoomEvent.Enter}. */
    public static RoomState start(ParticipantId self, Bytes identity) {
        return start(self, identity, RoomPath.DIRECT);
    }

    /**
     * Before {@link RoomEvent.Enter}.
     *
     * @param path the link's
     */
    public static RoomState start(ParticipantId self, Bytes identity, RoomPath path) {
        return new RoomState(
                self,
                identity,
                Phase.OUTSIDE,
                false,
                0,
                Optional.empty(),
                Optional.empty(),
                new TreeMap<>(),
                Accord.start(path),
                Optional.empty(),
                0,
                Optional.empty(),
                RoomMachine.ADDS_PER_COMMIT,
                Gathering.NONE,
                new TreeMap<>());
    }

    /** Where in its life a session is. */
    public enum Phase {
        OUTSIDE,
        CONNECTING,
        INSIDE,
        ENDED
    }

    /**
     * The own request for admission.
     *
     * @param sequence of its latest entry; 0 until all that was posted of it is in the log
     * @param rank how many founders come first, should nobody answer
     * @param passedOver commits that could have granted it and did not
     * @param failures Welcomes that could not be used
     * @param last whether nobody answered in time: once all that was posted of it is in the log, unanswered, this client
     *     founds a group
     */
    public record Asking(long sequence, int rank, int passedOver, int failures, boolean last) {
        Asking(long sequence, int rank, int passedOver, int failures) {
            this(sequence, rank, passedOver, failures, false);
        }

        /** Its latest entry is in the log. */
        Asking at(long place) {
            return new Asking(place, rank, passedOver, failures, last);
        }
    }

    /**
     * A pause in which newcomers gather.
     *
     * @param rounds how often it was lengthened
     * @param asked whether somebody has asked to join since it began, or was lengthened
     */
    public record Gathering(int rounds, boolean asked) {
        static final Gathering NONE = new Gathering(0, false);
    }

    /** An own entry that the server has not answered. */
    public sealed interface InFlight {
        /** A new group. */
        record Found() implements InFlight {}

        /**
         * A commit.
         *
         * @param epoch the epoch that it begins
         * @param adds references of the KeyPackages
         * @param removes leaves
         */
        record Commit(GroupId group, long epoch, List<Bytes> adds, List<Integer> removes) implements InFlight {
            public Commit {
                adds = List.copyOf(adds);
                removes = List.copyOf(removes);
            }
        }
    }
}
