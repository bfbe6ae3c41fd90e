package sotto.rooms.session;

import java.util.List;
import java.util.Objects;
import java.util.Set;
import sotto.rooms.group.GroupView;
import sotto.rooms.group.KeyPackageInfo;
import sotto.rooms.group.Member;
import sotto.rooms.group.ParticipantId;
import sotto.rooms.machine.Alarm;
import sotto.rooms.machine.End;
import sotto.rooms.machine.Stage;
import sotto.rooms.rules.Agreed;
import sotto.rooms.wire.IceServer;
import sotto.rooms.wire.RelayTicket;

/** Told by a session what happens in its room. Called on the session's executor. */
public interface RoomListener {

    /** A step on the way into the room; told until the first {@link #rosterChanged}. */
    void stage(Stage stage);

    /** STUN and TURN servers with their short-lived credentials, told at each connection and when asked for. */
    void iceServers(List<IceServer> servers);

    /** Whether the coordination server has a relay now, told at each connection. */
    void relayOffered(boolean offered);

    /** A way into the room's call on a relay, as asked for. */
    void relayTicket(RelayTicket ticket);

    /**
     * There is no relay ticket, though one was asked for.
     *
     * @param text why, in the server's words or this session's
     */
    void relayRefused(RelayRefusal refusal, String text);

    /**
     * The group has a new epoch, was replaced by another group, or somebody's connection came or went. The
     * {@link GroupPort} has adopted this epoch already: frame keys can be derived.
     */
    void rosterChanged(Roster roster);

    /**
     * The path or the rules have changed. What holds when the first roster is told was told before, unless it is what
     * the link says and no rules.
     */
    void agreed(Agreed agreed);

    /** Who waits for a host to be let in; told to every member, for hosts to answer. */
    void waiting(List<KeyPackageInfo> people);

    /** An authenticated signal for the own page. */
    void signal(ParticipantId from, String session, String data);

    /** What a participant sends now. */
    void state(ParticipantId from, Tracks tracks);

    /** Something that a person must see; the room stays open unless {@link #ended} follows. */
    void alarm(Alarm alarm, String detail);

    /** Whether the coordination server is reachable. The group and its keys stay usable without it. */
    void serverState(boolean connected);

    /** The session is over; nothing is told after this. */
    void ended(End reason, String detail);

    /**
     * Who is in the group now.
     *
     * @param view group, epoch, own leaf, members by rising leaf index
     * @param connected of the members, those whose connection to the server stands; oneself included while it does
     */
    record Roster(GroupView view, Set<ParticipantId> connected) {
        public Roster {
            Objects.requireNonNull(view, "view");
            connected = Set.copyOf(connected);
        }

        /** Whether the server has this member's connection. */
        public boolean connected(Member member) {
            return connected.contains(member.participant());
        }
    }
}
