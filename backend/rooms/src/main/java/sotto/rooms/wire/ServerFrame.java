package sotto.rooms.wire;

import java.util.HashSet;
import java.util.List;
import java.util.Objects;

/**
 * What the coordination server says to a client (docs/protocol.md §2). A connection gets {@link Entered} (or {@link
 * Refused}), then the log's entries in order without a gap, its own arrival first, mixed with {@link Sent}, {@link Lost},
 * {@link Ticket}, {@link Ice} and {@link Refused}.
 */
public sealed interface ServerFrame {

    /**
     * Answer to {@link ClientFrame.Enter}.
     *
     * @param connection the client's own connection id
     * @param log the life of the log; a new one begins when a room was empty or the server restarted
     * @param head the log before the client's own arrival
     * @param present who was connected at that point, in order of arrival, without the client itself
     * @param relay whether the server has a relay node now
     */
    record Entered(
            int version,
            ConnectionId connection,
            LogId log,
            LogHead head,
            List<ConnectionId> present,
            List<IceServer> iceServers,
            boolean relay)
            implements ServerFrame {
        public Entered {
            if (version < 1) throw new IllegalArgumentException("version is out of range: " + version);
            Objects.requireNonNull(connection, "connection");
            Objects.requireNonNull(log, "log");
            Objects.requireNonNull(head, "head");
            present = List.copyOf(present);
            if (present.size() > WireLimits.PRESENT)
                throw new IllegalArgumentException("too many connections present: " + present.size());
            if (present.contains(connection)) throw new IllegalArgumentException("the own connection is among present");
            if (new HashSet<>(present).size() != present.size())
                throw new IllegalArgumentException("a connection is present twice");
            iceServers = checkIceServers(iceServers);
        }
    }

    /** The next entry of the log; its sender gets it too. */
    record Entry(LogEntry entry) implements ServerFrame {
        public Entry {
            Objects.requireNonNull(entry, "entry");
        }
    }

    /** A payload that {@code from} passed to this connection alone. Keeps its place among the log's entries. */
    record Sent(ConnectionId from, Payload payload) implements ServerFrame {
        public Sent {
            Objects.requireNonNull(from, "from");
            Objects.requireNonNull(payload, "payload");
        }
    }

    /** The client's own commit was not the first for this group and epoch; the winner's entry came before this. */
    record Lost(GroupId group, long epoch) implements ServerFrame {
        public Lost {
            Objects.requireNonNull(group, "group");
            WireLimits.number("epoch", epoch);
        }
    }

    /** Answer to {@link ClientFrame.Ticket}. */
    record Ticket(RelayTicket ticket) implements ServerFrame {
        public Ticket {
            Objects.requireNonNull(ticket, "ticket");
        }
    }

    /** Answer to {@link ClientFrame.Ice}. */
    record Ice(List<IceServer> iceServers) implements ServerFrame {
        public Ice {
            iceServers = checkIceServers(iceServers);
        }
    }

    private static List<IceServer> checkIceServers(List<IceServer> servers) {
        if (servers.size() > WireLimits.ICE_SERVERS)
            throw new IllegalArgumentException("too many ICE servers: " + servers.size());
        return List.copyOf(servers);
    }

    /**
     * A frame or the connection is refused.
     *
     * @param text for a person to read, in English
     * @param fatal the server closes the connection after this frame
     */
    record Refused(RefusalCode code, String text, boolean fatal) implements ServerFrame {
        public Refused {
            Objects.requireNonNull(code, "code");
            WireLimits.text("text", text);
        }
    }
}
