package sotto.demo.attack;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.BiPredicate;
import java.util.function.LongFunction;
import sotto.app.net.ServerConnector;
import sotto.rooms.session.ServerPort;
import sotto.rooms.wire.ClientFrame;
import sotto.rooms.wire.ConnectionId;
import sotto.rooms.wire.LogEntry;
import sotto.rooms.wire.LogHead;
import sotto.rooms.wire.LogId;
import sotto.rooms.wire.RoomId;
import sotto.rooms.wire.ServerFrame;
import sotto.rooms.wire.WireCodec;
import sotto.rooms.wire.WireException;

/**
 * A coordination server that lies: it stands before a real one and passes on what a room's lie leaves as it is. All that
 * happens in a room is done with the room's lock held, one thing at a time.
 */
final class LyingServer implements AutoCloseable {
    private final ServerSocket listening;
    private final ServerConnector connector = new ServerConnector();
    private final URI real;
    private final Map<RoomId, Room> rooms = new ConcurrentHashMap<>();

    LyingServer(URI real) throws IOException {
        this.real = real;
        listening = new ServerSocket(0, 200, InetAddress.getLoopbackAddress());
        Thread.ofVirtual().start(this::listen);
    }

    URI url() {
        return URI.create("http://127.0.0.1:" + listening.getLocalPort());
    }

    Room room(RoomId id) {
        return rooms.computeIfAbsent(id, any -> new Room());
    }

    private void listen() {
        while (true) {
            try {
                Socket socket = listening.accept();
                Thread.ofVirtual().start(() -> serve(socket));
            } catch (IOException closed) {
                return;
            }
        }
    }

    private void serve(Socket socket) {
        try (RawSocket raw = new RawSocket(socket)) {
            String first = raw.text();
            if (first == null || !(WireCodec.decodeClient(first) instanceof ClientFrame.Enter enter)) return;
            serve(raw, room(enter.room()), enter);
        } catch (IOException | WireException never) {
            throw new IllegalStateException("an honest client sent what it must not", never);
        }
    }

    private void serve(RawSocket raw, Room room, ClientFrame.Enter enter) {
        Client client;
        synchronized (room) {
            client = new Client(room, room.clients.size(), raw);
            room.clients.add(client);
            client.upstream = connector.connect(real, client);
        }
        try {
            client.said(enter);
            for (String text = raw.text(); text != null; text = raw.text()) {
                client.said(WireCodec.decodeClient(text));
            }
        } catch (WireException | RuntimeException failed) {
            room.failures.add(failed);
        } finally {
            client.left();
        }
    }

    @Override
    public void close() throws IOException {
        listening.close();
        connector.close();
    }

    /** One room and what the server does with it. */
    static final class Room {
        /** Everybody who ever connected, in order. */
        final List<Client> clients = new ArrayList<>();
        /** Handles a frame of the server to a client, or leaves it to be passed on (false). */
        BiPredicate<Client, ServerFrame> down = (to, frame) -> false;
        /** Handles a frame of a client, or leaves it to be passed on (false). */
        BiPredicate<Client, ClientFrame> up = (from, frame) -> false;
        /** What went wrong in a lie, or what an honest client sent that it must not. */
        final List<Exception> failures = new CopyOnWriteArrayList<>();

        synchronized Client client(int index) {
            return clients.get(index);
        }

        /** From now on the server lies in what it tells. */
        synchronized void lieDown(BiPredicate<Client, ServerFrame> lie) {
            down = lie;
        }

        /** From now on the server lies about what it is told. */
        synchronized void lieUp(BiPredicate<Client, ClientFrame> lie) {
            up = lie;
        }

        /** Does something at one moment. */
        synchronized void now(Runnable what) {
            what.run();
        }

        /** Waits until all who are here were given the log up to the same entry. */
        synchronized void awaitTheSameLog(Duration patience) throws InterruptedException {
            long end = System.nanoTime() + patience.toNanos();
            while (clients.stream()
                            .filter(each -> each.here)
                            .mapToLong(Client::real)
                            .distinct()
                            .count()
                    > 1) {
                long left = Duration.ofNanos(end - System.nanoTime()).toMillis();
                if (left <= 0) throw new AssertionError("waited in vain: the same log");
                wait(left);
            }
        }

        /** An entry that the real server does not know, at one place of all clients' logs. */
        synchronized void insertForAll(LongFunction<LogEntry> entry) {
            long place = clients.stream().mapToLong(Client::real).max().orElseThrow();
            for (Client each : clients) each.insertAfter(place, entry);
        }
    }

    /** One client's connection. */
    static final class Client implements ServerPort.Events {
        private final Room room;
        /** How many connected before. */
        final int number;

        private final RawSocket raw;
        private ServerPort.Connection upstream;
        private final List<String> early = new ArrayList<>();
        private boolean opened;
        private boolean here = true;

        ConnectionId id;
        /** How much further this client's log is than the real one. */
        long shift;
        /** The last sequence that this client was given. */
        long sequence;
        /** All log entries that it was given. */
        final List<LogEntry> given = new ArrayList<>();
        /** What is to be inserted, by the real sequence that it follows. */
        private final NavigableMap<Long, LongFunction<LogEntry>> insertions = new TreeMap<>();

        Client(Room room, int number, RawSocket raw) {
            this.room = room;
            this.number = number;
            this.raw = raw;
        }

        private void said(ClientFrame frame) {
            synchronized (room) {
                if (!room.up.test(this, frame)) forward(frame);
            }
        }

        private void left() {
            upstream.close();
            synchronized (room) {
                here = false;
                room.notifyAll();
            }
        }

        /** Passes a frame to the real server. */
        void forward(ClientFrame frame) {
            String text = WireCodec.encode(frame);
            if (opened) upstream.send(text);
            else early.add(text);
        }

        /** Gives the client a frame; entries are numbered so that it finds no gap. */
        void deliver(ServerFrame frame) {
            ServerFrame out = frame;
            if (frame instanceof ServerFrame.Entered entered) {
                id = entered.connection();
                sequence = entered.head().sequence();
            } else if (frame instanceof ServerFrame.Entry entry) {
                LogEntry numbered = at(entry.entry(), entry.entry().sequence() + shift);
                sequence = numbered.sequence();
                given.add(numbered);
                out = new ServerFrame.Entry(numbered);
            }
            raw(WireCodec.encode(out));
            while (!insertions.isEmpty() && insertions.firstKey() <= real())
                insert(insertions.pollFirstEntry().getValue());
        }

        /** The last sequence of the real log that this client was given. */
        private long real() {
            return sequence - shift;
        }

        private void insertAfter(long place, LongFunction<LogEntry> entry) {
            if (real() >= place) insert(entry);
            else insertions.put(place, entry);
        }

        /** An entry that the real server does not know. */
        void insert(LongFunction<LogEntry> entry) {
            LogEntry made = entry.apply(sequence + 1);
            shift++;
            sequence++;
            given.add(made);
            raw(WireCodec.encode(new ServerFrame.Entry(made)));
        }

        /** The client does not get this entry, and is not to notice by a gap. */
        void skip() {
            shift--;
        }

        void raw(String text) {
            raw.sendText(text);
        }

        void binary(byte[] bytes) {
            raw.sendBinary(bytes);
        }

        /** The connection ends without a word. */
        void cut() {
            raw.close();
        }

        @Override
        public void opened() {
            synchronized (room) {
                opened = true;
                early.forEach(upstream::send);
                early.clear();
            }
        }

        @Override
        public void frame(String text) {
            try {
                ServerFrame frame = WireCodec.decodeServer(text);
                synchronized (room) {
                    if (frame instanceof ServerFrame.Entered entered) id = entered.connection();
                    if (!room.down.test(this, frame)) deliver(frame);
                    room.notifyAll();
                }
            } catch (WireException | RuntimeException failed) {
                room.failures.add(failed);
            }
        }

        @Override
        public void closed(String detail) {
            raw.close();
        }
    }

    /** What the real server answered to {@code enter}, told otherwise. */
    static ServerFrame.Entered entered(
            ServerFrame.Entered real, ConnectionId you, LogId log, LogHead head, List<ConnectionId> present) {
        return new ServerFrame.Entered(real.version(), you, log, head, present, real.iceServers(), real.relay());
    }

    /** The same entry at another place. */
    static LogEntry at(LogEntry entry, long sequence) {
        return switch (entry) {
            case LogEntry.Arrived it -> new LogEntry.Arrived(sequence, it.from());
            case LogEntry.Gone it -> new LogEntry.Gone(sequence, it.from());
            case LogEntry.Message it -> new LogEntry.Message(sequence, it.from(), it.payload());
            case LogEntry.Commit it -> new LogEntry.Commit(sequence, it.from(), it.group(), it.epoch(), it.payload());
        };
    }
}
