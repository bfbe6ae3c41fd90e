package sotto.rooms.machine;

import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import sotto.rooms.group.Bytes;
import sotto.rooms.rules.Agreed;
import sotto.rooms.rules.RoomRules;
import sotto.rooms.wire.ConnectionId;
import sotto.rooms.wire.GroupId;

/** What the shell has to do, in the order given. */
public sealed interface RoomEffect {

    /** Connect to the server and enter the room; answered by {@code Entered} or {@code Disconnected}. */
    record Connect() implements RoomEffect {}

    /** Close the connection. {@code Disconnected} follows unless the session has ended. */
    record Disconnect() implements RoomEffect {}

    /** Post a join request, with a fresh KeyPackage or with the last one again. */
    record PostJoin(boolean fresh) implements RoomEffect {}

    /** Post that this member is back. */
    record PostAttach(GroupId group, long epoch, int leaf, long since, Agreed agreed) implements RoomEffect {}

    /** Tell one connection where this member is attached. */
    record SendAttach(ConnectionId to, GroupId group, long epoch, int leaf, long since, Agreed agreed)
            implements RoomEffect {}

    /** Post the path and the rules: one of them is new, or others may not know it. */
    record PostAgreed(Agreed agreed) implements RoomEffect {}

    /**
     * Tell one connection, which asked to come in, that it has to wait for a host.
     *
     * @param host whether one is there
     */
    record SendWait(ConnectionId to, boolean host, RoomRules rules) implements RoomEffect {}

    /**
     * Post that this member leaves.
     *
     * @param asking signed with the KeyPackage it asks with, whose leaf may be in the group by now; else with its leaf
     */
    record PostLeave(boolean asking) implements RoomEffect {}

    /** Post that this member wants a new epoch. */
    record PostRekey() implements RoomEffect {}

    /** Post one's own tracks. */
    record PostState() implements RoomEffect {}

    /** Send one's own tracks to one connection. */
    record SendState(ConnectionId to) implements RoomEffect {}

    /** Make a new group with a fresh KeyPackage and send it as a commit of epoch 0. Not adopted yet. */
    record MakeGroup(RoomRules rules) implements RoomEffect {}

    /**
     * Make a commit and send it. Not adopted yet.
     *
     * @param epoch the epoch that it begins
     * @param adds who is admitted
     * @param removes leaves
     * @param seats,banned,handed for those admitted, see {@link RoomEvent.Change.Commit}; empty if nobody is
     */
    record MakeCommit(
            GroupId group,
            long epoch,
            long since,
            List<LogState.Join> adds,
            List<Integer> removes,
            SortedMap<Integer, ConnectionId> seats,
            SortedSet<Bytes> banned,
            Optional<RoomEvent.Handed> handed)
            implements RoomEffect {
        public MakeCommit {
            adds = List.copyOf(adds);
            removes = List.copyOf(removes);
            seats = Collections.unmodifiableSortedMap(new TreeMap<>(seats));
            banned = Collections.unmodifiableSortedSet(new TreeSet<>(banned));
        }
    }

    /** Adopt the group or commit that is in flight: the server accepted it. */
    record AdoptOwn() implements RoomEffect {}

    /** Adopt what the entry being processed offers: a staged commit or a Welcome. Otherwise the shell discards it. */
    record AdoptEntry() implements RoomEffect {}

    /** Discard the group or commit that is in flight. */
    record DiscardOwn() implements RoomEffect {}

    record SetTimer(RoomTimer timer, int millis) implements RoomEffect {}

    record CancelTimer(RoomTimer timer) implements RoomEffect {}

    /** Tell the listener about {@link RoomMachine#roster}. */
    record ReportRoster() implements RoomEffect {}

    /** Tell the listener that path or rules have changed. */
    record ReportAgreed() implements RoomEffect {}

    /** Tell the listener about {@link RoomMachine#waiting}. */
    record ReportWaiting() implements RoomEffect {}

    record ReportStage(Stage stage) implements RoomEffect {}

    record ReportServer(boolean connected) implements RoomEffect {}

    record ReportAlarm(Alarm alarm, String detail) implements RoomEffect {}

    /** The session is over. */
    record ReportEnd(End end, String detail) implements RoomEffect {}
}
