package sotto.rooms.session;

import java.net.URI;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.PriorityQueue;
import java.util.Random;
import java.util.Set;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import sotto.rooms.wire.ClientFrame;
import sotto.rooms.wire.ConnectionId;
import sotto.rooms.wire.GroupId;
import sotto.rooms.wire.IceServer;
import sotto.rooms.wire.LogEntry;
import sotto.rooms.wire.LogHead;
import sotto.rooms.wire.LogId;
import sotto.rooms.wire.RoomId;
import sotto.rooms.wire.ServerFrame;
import sotto.rooms.wire.WireCodec;
import sotto.rooms.wire.WireException;

/** A coordination server, timers and an executor on one thread in virtual time, in real frames. */
final class World implements ServerPort, Timers {
    private record Task(long time, long number, Runnable run) {}

    /** One connection at the server. */
    final class Wire implements Connection {
        final Events events;
        final ConnectionId id = ConnectionId.of(random(16));
        boolean open = true;
        boolean entered;

        Wire(Events events) {
            this.events = events;
        }

        @Override
        public void send(String frame) {
            later(() -> {
                if (!open) return;
                try {
                    received(this, WireCodec.decodeClient(frame));
                } catch (WireException bad) {
                    throw new AssertionError(bad);
                }
            });
        }

        void down(ServerFrame frame) {
            raw(WireCodec.encode(frame));
        }

        /** Bytes as a lying server would send them. */
        void raw(String text) {
            later(() -> {
                if (open) events.frame(text);
            });
        }

        @Override
        public void close() {
            later(() -> drop(this));
        }
    }

    private final Random random = new Random(1);
    private final Deque<Runnable> now = new ArrayDeque<>();
    private final PriorityQueue<Task> timers =
            new PriorityQueue<>(Comparator.comparingLong(Task::time).thenComparingLong(Task::number));
    private long time;
    private long numbers;
    boolean up = true;
    private RoomId room;
    LogId log;
    /** The log that the server takes up again when it restarts, though it is over. */
    LogId again;

    private LogHead head;
    private final List<Wire> wires = new ArrayList<>();
    final Map<ConnectionId, Wire> present = new LinkedHashMap<>();
    private final Set<Map.Entry<GroupId, Long>> accepted = new HashSet<>();
    boolean relay;
    /** What the server says to who asks for a relay. */
    Function<ClientFrame.Ticket, Optional<ServerFrame>> relayAnswers = ask -> Optional.empty();

    List<IceServer> turn = List.of();
    /** What the server makes of an entry before it sends it to one connection. */
    UnaryOperator<LogEntry> lie = UnaryOperator.identity();

    ConnectionId liedTo;

    private byte[] random(int length) {
        byte[] bytes = new byte[length];
        random.nextBytes(bytes);
        return bytes;
    }

    void fill(byte[] bytes) {
        random.nextBytes(bytes);
    }

    void later(Runnable task) {
        now.add(task);
    }

    /** Does everything there is to do now, and then what timers bring within that time. */
    void run(long millis) {
        long until = time + millis;
        while (true) {
            while (!now.isEmpty()) now.poll().run();
            if (timers.isEmpty() || timers.peek().time() > until) break;
            Task task = timers.poll();
            time = task.time();
            task.run().run();
        }
        time = until;
    }

    @Override
    public Timer schedule(long delayMillis, Runnable task) {
        Task waiting = new Task(time + delayMillis, ++numbers, task);
        timers.add(waiting);
        return () -> timers.remove(waiting);
    }

    /** Connections that are open, also of those who have not entered. */
    long open() {
        return wires.stream().filter(wire -> wire.open).count();
    }

    @Override
    public Connection connect(URI server, Events events) {
        Wire wire = new Wire(events);
        wires.add(wire);
        later(() -> {
            if (up) events.opened();
            else drop(wire);
        });
        return wire;
    }

    private void received(Wire from, ClientFrame frame) {
        switch (frame) {
            case ClientFrame.Enter enter -> enter(from, enter.room());
            case ClientFrame.Post post -> append(new LogEntry.Message(head.sequence() + 1, from.id, post.payload()));
            case ClientFrame.Commit commit -> {
                if (accepted.add(Map.entry(commit.group(), commit.epoch())))
                    append(new LogEntry.Commit(
                            head.sequence() + 1, from.id, commit.group(), commit.epoch(), commit.payload()));
                else from.down(new ServerFrame.Lost(commit.group(), commit.epoch()));
            }
            case ClientFrame.Send send -> {
                Wire to = present.get(send.to());
                if (to != null) to.down(new ServerFrame.Sent(from.id, send.payload()));
            }
            case ClientFrame.Ticket ticket -> relayAnswers.apply(ticket).ifPresent(from::down);
            case ClientFrame.Ice ice -> from.down(new ServerFrame.Ice(turn));
        }
    }

    private void enter(Wire wire, RoomId id) {
        if (present.isEmpty()) {
            room = id;
            log = again != null ? again : LogId.of(random(16));
            head = LogHead.start(room, log);
            accepted.clear();
        }
        wire.entered = true;
        wire.down(new ServerFrame.Entered(1, wire.id, log, head, List.copyOf(present.keySet()), turn, relay));
        present.put(wire.id, wire);
        append(new LogEntry.Arrived(head.sequence() + 1, wire.id));
    }

    private void append(LogEntry entry) {
        head = head.next(entry);
        for (Wire wire : present.values())
            wire.down(new ServerFrame.Entry(wire.id.equals(liedTo) ? lie.apply(entry) : entry));
    }

    /** The connection breaks. */
    void drop(Wire wire) {
        if (!wire.open) return;
        wire.open = false;
        if (present.remove(wire.id) != null) append(new LogEntry.Gone(head.sequence() + 1, wire.id));
        later(() -> wire.events.closed("gone"));
    }

    /** All connections break and the log is forgotten. */
    void restart() {
        List<Wire> all = new ArrayList<>(present.values());
        present.clear();
        for (Wire wire : all) drop(wire);
    }
}
