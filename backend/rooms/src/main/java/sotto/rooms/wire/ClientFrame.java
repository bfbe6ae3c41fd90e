package sotto.rooms.wire;

import java.util.Objects;

/** What a client says to the coordination server (docs/protocol.md §2). */
public sealed interface ClientFrame {

    /**
     * First frame of a connection.
     *
     * @param version {@link WireLimits#VERSION} for this build
     */
    record Enter(int version, RoomId room) implements ClientFrame {
        public Enter {
            if (version < 1) throw new IllegalArgumentException("version is out of range: " + version);
            Objects.requireNonNull(room, "room");
        }
    }

    /** Appends a message to the room's log. */
    record Post(Payload payload) implements ClientFrame {
        public Post {
            Objects.requireNonNull(payload, "payload");
        }
    }

    /** Appends a commit if it is the first for this group and epoch; answered by {@link ServerFrame.Lost} if not. */
    record Commit(GroupId group, long epoch, Payload payload) implements ClientFrame {
        public Commit {
            Objects.requireNonNull(group, "group");
            WireLimits.number("epoch", epoch);
            Objects.requireNonNull(payload, "payload");
        }
    }

    /** Passes a payload to one connection in the room, outside of the log. */
    record Send(ConnectionId to, Payload payload) implements ClientFrame {
        public Send {
            Objects.requireNonNull(to, "to");
            Objects.requireNonNull(payload, "payload");
        }
    }
}
