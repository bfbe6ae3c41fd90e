package sotto.rooms.wire;

import java.util.Objects;
import java.util.Optional;

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

    /**
     * Asks for a way into the room's call on a relay. Answered by {@link ServerFrame.Ticket}, or refused with
     * {@link RefusalCode#RELAY_NONE} or {@link RefusalCode#RELAY_PASS}.
     *
     * @param pass what the operator wants to see before a relay is given, if anything
     * @param failed id of the node that no longer answers this client: the server looks at it before it names one
     */
    record Ticket(Optional<String> pass, Optional<String> failed) implements ClientFrame {
        public Ticket {
            pass.ifPresent(WireLimits::pass);
            failed.ifPresent(RelayTicket::checkNode);
        }

        /** Tells no pass. */
        @Override
        public String toString() {
            return "Ticket[pass " + (pass.isPresent() ? "given" : "none") + ", failed " + failed + "]";
        }
    }

    /** Asks for the ICE servers anew: their credentials are short-lived. Answered by {@link ServerFrame.Ice}. */
    record Ice() implements ClientFrame {}
}
