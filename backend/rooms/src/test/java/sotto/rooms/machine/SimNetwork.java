package sotto.rooms.machine;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.Random;
import java.util.function.Supplier;
import sotto.rooms.wire.ConnectionId;
import sotto.rooms.wire.GroupId;
import sotto.rooms.wire.LogId;

/**
 * A coordination server and the network around it, in virtual time: keeps order per connection, accepts the first commit
 * per group and epoch, forgets everything when it is restarted or its room is empty.
 */
final class SimNetwork {
    /** What a client sends; {@code group} is null for a message, {@code to} is null for what goes to the log. */
    record Up(GroupId group, long epoch, ConnectionId to, Object payload) {}

    /** What the server sends. */
    sealed interface Down {
        record Entered(ConnectionId me, LogId log, long sequence, List<ConnectionId> present) implements Down {}

        record Entry(long sequence, int kind, ConnectionId from, GroupId group, long epoch, Object payload)
                implements Down {}

        record Sent(ConnectionId from, Object payload) implements Down {}

        record Lost(GroupId group, long epoch) implements Down {}

        record Closed() implements Down {}
    }

    static final int ARRIVED = 1;
    static final int GONE = 2;
    static final int MESSAGE = 3;
    static final int COMMIT = 4;

    /** One connection as both ends see it. */
    final class Link {
        final ConnectionId id;
        final SimMember client;
        boolean serverOpen;
        boolean clientOpen = true;
        private long upFree;
        private long downFree;

        Link(SimMember client) {
            this.client = client;
            id = new ConnectionId(5, ++connections);
        }

        /** A frame from the client; lost if the server's side is gone when it gets there. */
        void send(Up up) {
            upFree = Math.max(upFree, now + latency());
            at(upFree, () -> {
                if (!serverOpen) return;
                if (trace != null) trace.connection("arrives", this);
                received(this, up);
            });
        }

        private void down(Down down) {
            downFree = Math.max(downFree, now + latency());
            at(downFree, () -> {
                if (clientOpen) client.received(this, down);
            });
        }

        /** The client reads nothing for so long, and then all that came meanwhile. */
        void readLate(long millis) {
            downFree = Math.max(downFree, now + millis);
        }

        /** The client's end closes or dies; the server notices after a while. What was sent may still get there. */
        void dropByClient(long noticedAfter) {
            clientOpen = false;
            if (trace != null) trace.connection("drop", this);
            long when = Math.max(now + noticedAfter, upFree);
            at(when, () -> closeAtServer(this));
        }
    }

    private record Task(long time, long number, Runnable run) {}

    final Random random;
    private final PriorityQueue<Task> tasks =
            new PriorityQueue<>(Comparator.comparingLong(Task::time).thenComparingLong(Task::number));
    private final List<String> story;
    long now;
    long steps;
    int worstLatency = 30;
    private long taskNumber;
    private long connections;
    private long logs;
    boolean up = true;
    /** Writes down what happens, if set. */
    TraceRecorder trace;

    // the room
    private LogId log;
    private long sequence;
    private final Map<ConnectionId, Link> present = new LinkedHashMap<>();
    private final Map<GroupId, Long> highest = new HashMap<>();
    /** Over all logs: nothing may be accepted twice. */
    final Map<Map.Entry<GroupId, Long>, Long> everAccepted = new HashMap<>();

    SimNetwork(Random random, List<String> story) {
        this.random = random;
        this.story = story;
    }

    void tell(Supplier<String> line) {
        if (story != null) story.add(String.format("%7d ms  %s", now, line.get().replaceAll("A{9,}([^A])A{9}", "$1")));
    }

    private long latency() {
        return 1 + random.nextInt(worstLatency);
    }

    void at(long time, Runnable run) {
        tasks.add(new Task(time, ++taskNumber, run));
    }

    void runUntil(long time) {
        while (!tasks.isEmpty() && tasks.peek().time() <= time) {
            Task task = tasks.poll();
            now = Math.max(now, task.time());
            steps++;
            task.run().run();
        }
        now = time;
    }

    /** A client connects; fails after a moment while the server is down. */
    void connect(SimMember client) {
        Link link = new Link(client);
        client.link = link;
        at(now + latency(), () -> {
            if (!link.clientOpen) return;
            if (!up) {
                link.down(new Down.Closed());
                return;
            }
            if (present.isEmpty()) {
                log = new LogId(3, ++logs);
                sequence = 0;
                highest.clear();
            }
            link.serverOpen = true;
            if (trace != null) trace.accepted(link);
            link.down(new Down.Entered(link.id, log, sequence, List.copyOf(present.keySet())));
            present.put(link.id, link);
            append(ARRIVED, link.id, null, 0, null);
        });
    }

    private void append(int kind, ConnectionId from, GroupId group, long epoch, Object payload) {
        sequence++;
        long place = sequence;
        for (Link link : present.values()) link.down(new Down.Entry(place, kind, from, group, epoch, payload));
    }

    private void received(Link link, Up up) {
        if (up.to() != null) {
            Link to = present.get(up.to());
            if (to != null) to.down(new Down.Sent(link.id, up.payload()));
        } else if (up.group() == null) {
            append(MESSAGE, link.id, null, 0, up.payload());
        } else if (up.epoch() > highest.getOrDefault(up.group(), -1L)) {
            highest.put(up.group(), up.epoch());
            Long before = everAccepted.put(Map.entry(up.group(), up.epoch()), logs);
            if (before != null)
                throw new AssertionError("two commits for one epoch, in logs " + before + " and " + logs);
            append(COMMIT, link.id, up.group(), up.epoch(), up.payload());
        } else {
            link.down(new Down.Lost(up.group(), up.epoch()));
        }
    }

    private void closeAtServer(Link link) {
        if (!link.serverOpen) return;
        link.serverOpen = false;
        if (trace != null) trace.connection("gone", link);
        present.remove(link.id);
        append(GONE, link.id, null, 0, null);
    }

    /** The server's end of one connection breaks. */
    void dropByServer(Link link) {
        if (!link.serverOpen) return;
        closeAtServer(link);
        link.down(new Down.Closed());
    }

    void stop() {
        tell(() -> "SERVER stops");
        if (trace != null) trace.server("stop");
        up = false;
        for (Link link : new ArrayList<>(present.values())) {
            link.serverOpen = false;
            link.down(new Down.Closed());
        }
        present.clear();
    }

    void start() {
        tell(() -> "SERVER starts with an empty log");
        up = true;
    }
}
