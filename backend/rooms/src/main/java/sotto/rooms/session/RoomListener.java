package sotto.rooms.session;

import java.util.List;
import java.util.Objects;
import java.util.Set;
import sotto.rooms.group.GroupView;
import sotto.rooms.group.Member;
import sotto.rooms.group.ParticipantId;
import sotto.rooms.wire.IceServer;

/** Told by a session what happens in its room. Called on the session's executor. */
public interface RoomListener {

    /** A step on the way into the room; told until the first {@link #rosterChanged}. */
    void stage(Stage stage);

    /** Addresses of STUN and TURN servers, told at each connection. */
    void iceServers(List<IceServer> servers);

    /**
     * The group has a new epoch, was replaced by another group, or somebody's connection came or went. The
     * {@link GroupPort} has adopted this epoch already: frame keys can be derived.
     */
    void rosterChanged(Roster roster);

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

    /** The steps into a room, in order. */
    enum Stage {
        CONNECTING,
        ASKING_TO_JOIN,
        AGREEING_KEYS
    }

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

    /** What threatens the room; the {@link #code} is stable. */
    enum Alarm {
        /** Two members were shown different logs: the server forked, reordered or rolled back. */
        LOG_FORKED("log.forked"),
        /** Somebody saw entries that were kept from this member. */
        LOG_WITHHELD("log.withheld"),
        /** The log has a gap, a repetition or an impossible entry. */
        LOG_BROKEN("log.broken"),
        /** A payload that was not sealed with this room's link, or was changed, replayed or moved. */
        ENVELOPE_INVALID("envelope.invalid"),
        /** A message whose signature is not that of the member it claims to be from. */
        SIGNATURE_INVALID("signature.invalid"),
        /** A join request with an invalid KeyPackage, or in somebody else's place. */
        JOIN_INVALID("join.invalid"),
        /** A commit added somebody whom nobody in the room saw asking: refused. */
        GHOST_ADDED("group.ghost"),
        /** A commit removed somebody who was there and had not left: refused. */
        WRONGLY_REMOVED("group.removed"),
        /** A commit was invalid in another way: refused. */
        COMMIT_INVALID("group.commit.invalid");

        private final String code;

        Alarm(String code) {
            this.code = code;
        }

        public String code() {
            return code;
        }
    }

    /** Why a session ended; the {@link #code} is stable. */
    enum End {
        /** The own {@code leave()}. */
        LEFT("left"),
        /** The server could not be reached when entering. */
        SERVER_AWAY("server.away"),
        /** The server speaks another version. */
        SERVER_VERSION("server.version"),
        /** The server broke the protocol: what it sent makes no sense. */
        SERVER_MALFORMED("server.malformed"),
        /** The room is full. */
        ROOM_FULL("room.full"),
        /** The server has no place for another room or connection. */
        SERVER_FULL("server.full"),
        /** The group is there and does not let this person in. */
        NOT_ADMITTED("join.refused"),
        /** The server was caught showing people different logs: going on would be unsafe. */
        LOG_FORKED("log.forked"),
        /** MLS failed in a way that joining again did not mend. */
        GROUP_FAILED("group.failed");

        private final String code;

        End(String code) {
            this.code = code;
        }

        public String code() {
            return code;
        }
    }
}
