package sotto.rooms.storm;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import sotto.rooms.session.ServerPort;
import sotto.rooms.wire.ClientFrame;
import sotto.rooms.wire.ConnectionId;
import sotto.rooms.wire.GroupId;
import sotto.rooms.wire.LogEntry;
import sotto.rooms.wire.LogHead;
import sotto.rooms.wire.LogId;
import sotto.rooms.wire.Payload;
import sotto.rooms.wire.ServerFrame;
import sotto.rooms.wire.WireCodec;
import sotto.rooms.wire.WireException;

/** The coordination server of one room with the network around it; what it does as a liar is in {@link Lies}. */
final class Server {
    /** One log, as those on this side are shown it. */
    final class Side {
        final LogId log;
        LogHead head;
        /** The name of the history so far: two are equal exactly if all entries were. */
        long history;

        final Map<ConnectionId, Optional<Wire>> present = new LinkedHashMap<>();
        final Map<GroupId, Long> highest = new HashMap<>();
        final List<LogEntry> entries = new ArrayList<>();

        Side() {
            log = LogId.of(random(16));
            head = LogHead.start(storm.link.room(), log);
            history = log.hashCode();
        }

        Side(Side other) {
            log = other.log;
            head = other.head;
            history = other.history;
            present.putAll(other.present);
            highest.putAll(other.highest);
            entries.addAll(other.entries);
        }

        long next() {
            return head.sequence() + 1;
        }

        void append(LogEntry entry) {
            head = head.next(entry);
            history = named(history, entry);
            entries.add(entry);
            for (Optional<Wire> wire : List.copyOf(present.values()))
                wire.filter(to -> to.side == this).ifPresent(to -> to.down(new ServerFrame.Entry(entry)));
        }

        void commit(Wire from, ClientFrame.Commit commit) {
            if (commit.epoch() <= highest.getOrDefault(commit.group(), -1L)) {
                from.down(new ServerFrame.Lost(commit.group(), commit.epoch()));
                return;
            }
            highest.put(commit.group(), commit.epoch());
            append(new LogEntry.Commit(next(), from.id, commit.group(), commit.epoch(), commit.payload()));
        }
    }

    /** A connection, both ends. */
    final class Wire implements ServerPort.Connection {
        final Guest guest;
        final ConnectionId id = ConnectionId.of(random(16));
        private final ServerPort.Events events;
        boolean clientOpen = true;
        boolean serverOpen;
        Side side;
        private long upFree;
        private long downFree;

        Wire(Guest guest, ServerPort.Events events) {
            this.guest = guest;
            this.events = events;
        }

        @Override
        public void send(String text) {
            ClientFrame frame;
            try {
                frame = WireCodec.decodeClient(text);
            } catch (WireException bad) {
                throw new Storm.Broken("NoStepFails", guest.name + " sends what is no frame: " + bad);
            }
            noteSaid(guest, frame);
            upFree = Math.max(upFree, storm.now + storm.delay());
            storm.at(upFree, () -> {
                if (serverOpen || frame instanceof ClientFrame.Enter && clientOpen) received(this, frame);
            });
        }

        void down(ServerFrame frame) {
            downFree = Math.max(downFree, storm.now + storm.delay());
            storm.at(downFree, guest, () -> clientOpen, () -> deliver(this, frame));
        }

        @Override
        public void close() {
            dropByClient(this, 1);
        }
    }

    /**
     * What a sealed payload's sender saw and had when it sent it.
     *
     * @param sequence up to where it says that it has seen the log; -1 if it tells of a connection before
     * @param history what it was shown up to there
     */
    record Said(
            Guest by, Optional<Guest.Place> at, Optional<LogId> log, long sequence, long history, boolean alarmed) {}

    final Storm storm;
    private final Lies lies;
    /** One, or two while it keeps two logs. */
    final List<Side> sides = new ArrayList<>();

    boolean honest;
    private final Map<Payload, Said> said = new HashMap<>();

    Server(Storm storm) {
        this.storm = storm;
        honest = !storm.lies;
        lies = new Lies(this);
    }

    void lie() {
        lies.lie();
    }

    byte[] random(int length) {
        byte[] bytes = new byte[length];
        storm.fill(bytes);
        return bytes;
    }

    private static long named(long history, LogEntry entry) {
        return 31 * (31 * history + entry.hashCode()) + entry.toString().hashCode();
    }

    ServerPort.Connection connect(Guest guest, ServerPort.Events events) {
        Wire wire = new Wire(guest, events);
        guest.wire = wire;
        storm.at(storm.now + storm.delay(), guest, () -> wire.clientOpen, events::opened);
        return wire;
    }

    private void received(Wire from, ClientFrame frame) {
        if (frame instanceof ClientFrame.Enter) {
            enter(from);
            return;
        }
        for (Side side : honest ? List.of(from.side) : lies.takers(from, frame)) {
            switch (frame) {
                case ClientFrame.Post post -> side.append(new LogEntry.Message(side.next(), from.id, post.payload()));
                case ClientFrame.Commit commit -> side.commit(from, commit);
                case ClientFrame.Send send ->
                    side.present
                            .getOrDefault(send.to(), Optional.empty())
                            .ifPresent(to -> to.down(new ServerFrame.Sent(from.id, send.payload())));
                default -> {}
            }
        }
    }

    private void enter(Wire wire) {
        Side side = side(wire);
        wire.side = side;
        wire.serverOpen = true;
        wire.down(new ServerFrame.Entered(
                1, wire.id, side.log, side.head, List.copyOf(side.present.keySet()), List.of(), false));
        long history = side.history;
        long sequence = side.head.sequence();
        histories.put(wire.id, Map.entry(sequence, history));
        side.present.put(wire.id, Optional.of(wire));
        side.append(new LogEntry.Arrived(side.next(), wire.id));
    }

    /** What somebody was told when it entered: how long the log is, and the name of its history. */
    private final Map<ConnectionId, Map.Entry<Long, Long>> histories = new HashMap<>();

    private Side side(Wire wire) {
        sides.removeIf(side -> side.present.isEmpty());
        if (sides.isEmpty()) sides.add(new Side());
        return sides.get(sides.size() == 1 ? 0 : storm.random.nextInt(2));
    }

    // The network

    /** The client's end is over, the server's a while later. What was sent may still get there. */
    void dropByClient(Wire wire, long noticedAfter) {
        if (!wire.clientOpen) return;
        wire.clientOpen = false;
        storm.at(Math.max(storm.now + noticedAfter, wire.upFree), () -> closeAtServer(wire));
        storm.at(storm.now, wire.guest, () -> true, () -> wire.events.closed("gone"));
    }

    void dropByServer(Wire wire) {
        if (!wire.serverOpen) return;
        closeAtServer(wire);
        closed(wire);
    }

    private void closeAtServer(Wire wire) {
        if (!wire.serverOpen) return;
        wire.serverOpen = false;
        for (Side side : List.copyOf(sides))
            if ((honest || side == wire.side) && side.present.remove(wire.id) != null)
                side.append(new LogEntry.Gone(side.next(), wire.id));
    }

    /** The client hears of it after what is under way. */
    private void closed(Wire wire) {
        wire.downFree = Math.max(wire.downFree, storm.now + storm.delay());
        storm.at(wire.downFree, wire.guest, () -> wire.clientOpen, () -> {
            wire.clientOpen = false;
            wire.events.closed("gone");
        });
    }

    /** All connections break and all is forgotten. */
    void restart() {
        storm.tell(() -> "the server is RESTARTED");
        sides.clear();
        for (Guest guest : storm.guests) {
            Wire wire = guest.wire;
            if (wire == null || !wire.serverOpen) continue;
            wire.serverOpen = false;
            closed(wire);
        }
    }

    // What crosses

    private static Optional<Payload> payload(ClientFrame frame) {
        return switch (frame) {
            case ClientFrame.Post post -> Optional.of(post.payload());
            case ClientFrame.Commit commit -> Optional.of(commit.payload());
            case ClientFrame.Send send -> Optional.of(send.payload());
            default -> Optional.empty();
        };
    }

    private static Optional<Payload> payload(ServerFrame frame) {
        return switch (frame) {
            case ServerFrame.Sent sent -> Optional.of(sent.payload());
            case ServerFrame.Entry entry ->
                switch (entry.entry()) {
                    case LogEntry.Message message -> Optional.of(message.payload());
                    case LogEntry.Commit commit -> Optional.of(commit.payload());
                    default -> Optional.empty();
                };
            default -> Optional.empty();
        };
    }

    private void noteSaid(Guest by, ClientFrame frame) {
        Optional<Payload> payload = payload(frame);
        if (payload.isEmpty()) return;
        boolean before = by.back && frame instanceof ClientFrame.Post;
        by.back = by.back && !before;
        said.put(
                payload.get(),
                new Said(
                        by,
                        by.place,
                        by.log,
                        before ? -1 : by.head,
                        by.shown.getOrDefault(by.head, 0L),
                        !by.alarms.isEmpty()));
    }

    private void deliver(Wire wire, ServerFrame frame) {
        Guest guest = wire.guest;
        Optional<Said> crossing = payload(frame).map(said::get).filter(what -> what.by() != guest);
        boolean mustAlarm = crossing.filter(what -> misleads(guest, what) || forked(guest, what))
                .isPresent();
        note(wire, frame);
        wire.events.frame(WireCodec.encode(frame));
        if (mustAlarm && guest.there())
            storm.must(
                    "ForkRaisesAlarm",
                    !guest.alarms.isEmpty() || crossing.get().alarmed(),
                    () -> guest.name + " has read something of "
                            + crossing.get().by().name + ", who was shown another log, and is not alarmed");
    }

    /** Somebody with another secret for the same epoch. */
    private static boolean misleads(Guest guest, Said what) {
        if (guest.place.isEmpty() || what.at().isEmpty()) return false;
        Guest.Place mine = guest.place.get();
        Guest.Place other = what.at().get();
        return mine.group().equals(other.group()) && mine.epoch() == other.epoch() && !mine.equals(other);
    }

    /** Somebody who was shown another log up to a place that this one knows, or more than it. */
    private static boolean forked(Guest guest, Said what) {
        if (guest.log.isEmpty() || !guest.log.equals(what.log()) || what.sequence() < 0) return false;
        if (what.sequence() > guest.head) return true;
        Long mine = guest.shown.get(what.sequence());
        return mine != null && mine != what.history();
    }

    private void note(Wire wire, ServerFrame frame) {
        Guest guest = wire.guest;
        if (frame instanceof ServerFrame.Entered entered) {
            var told = histories.get(wire.id);
            guest.back = guest.log.filter(entered.log()::equals).isPresent();
            if (!guest.back) guest.shown.clear();
            guest.log = Optional.of(entered.log());
            guest.head = told.getKey();
            guest.shown.put(told.getKey(), told.getValue());
        } else if (frame instanceof ServerFrame.Entry entry && entry.entry().sequence() == guest.head + 1) {
            long history = named(guest.shown.getOrDefault(guest.head, 0L), entry.entry());
            guest.head++;
            guest.shown.put(guest.head, history);
        }
    }
}
