package sotto.rooms.wire;

import java.util.Objects;

/**
 * One entry of a room's log, the same for everyone in the room. The server gives the {@code sequence}, which starts at
 * 1 and has no gaps, and {@code from}, the connection that the entry comes from or is about.
 */
public sealed interface LogEntry {
    /** Place in the log, from 1 on. */
    long sequence();

    /** The connection that made the entry, or whose coming or going it tells. */
    ConnectionId from();

    /** A connection entered the room; made by the server. */
    record Arrived(long sequence, ConnectionId from) implements LogEntry {
        public Arrived {
            WireLimits.sequence(sequence);
            Objects.requireNonNull(from, "from");
        }
    }

    /** A connection ended, for whatever reason; made by the server. */
    record Gone(long sequence, ConnectionId from) implements LogEntry {
        public Gone {
            WireLimits.sequence(sequence);
            Objects.requireNonNull(from, "from");
        }
    }

    /** A sealed message ({@link ClientFrame.Post}). */
    record Message(long sequence, ConnectionId from, Payload payload) implements LogEntry {
        public Message {
            WireLimits.sequence(sequence);
            Objects.requireNonNull(from, "from");
            Objects.requireNonNull(payload, "payload");
        }
    }

    /** The one accepted commit of a group's epoch ({@link ClientFrame.Commit}). */
    record Commit(long sequence, ConnectionId from, GroupId group, long epoch, Payload payload) implements LogEntry {
        public Commit {
            WireLimits.sequence(sequence);
            Objects.requireNonNull(from, "from");
            Objects.requireNonNull(group, "group");
            WireLimits.number("epoch", epoch);
            Objects.requireNonNull(payload, "payload");
        }
    }
}
