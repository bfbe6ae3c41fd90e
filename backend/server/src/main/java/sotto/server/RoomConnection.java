package sotto.server;

import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicBoolean;
import org.eclipse.jetty.websocket.api.Callback;
import org.eclipse.jetty.websocket.api.Session;
import org.eclipse.jetty.websocket.api.StatusCode;
import sotto.rooms.wire.ClientFrame;
import sotto.rooms.wire.ConnectionId;
import sotto.rooms.wire.RefusalCode;
import sotto.rooms.wire.ServerFrame;
import sotto.rooms.wire.WireCodec;
import sotto.rooms.wire.WireException;
import sotto.rooms.wire.WireLimits;
import sotto.server.relay.Relay;

/**
 * One client's socket: takes its frames apart, keeps it to the limits, and is its {@link Member} in the room.
 *
 * <p>Jetty calls the {@code onWebSocket…} methods one after the other. {@link #enqueue} and {@link #flush} come from
 * other members' threads, {@link #tick} from the presence thread. Public only because Jetty looks its methods up.
 */
public final class RoomConnection implements Session.Listener.AutoDemanding, Member {
    /** Before {@code enter} a connection may only make the server hold this much. */
    private static final int ENTER_CHARS = 1_024;
    /** What a fragment or ping costs at least, so that empty ones are not free. */
    private static final int LEAST_COST = 64;
    /** Pieces in which frames go out and are taken: pings get through between them. */
    private static final int FRAGMENT_BYTES = 16 * 1024;
    /** Refusals that are not fatal, at once and per second, before one is. */
    private static final int PATIENCE = 10;
    /** Questions for tickets and ICE servers at once; one more each second. */
    private static final int QUESTIONS = 20;

    private final Shared shared;
    private final ConnectionId id;
    private final String addressGroup;
    private final StringBuilder text = new StringBuilder();
    private final AtomicBoolean ended = new AtomicBoolean();
    private final AtomicBoolean pinging = new AtomicBoolean();
    private final AtomicBoolean ponging = new AtomicBoolean();
    private final TokenBucket frames;
    private final TokenBucket bytes;
    private final TokenBucket patience;
    private final TokenBucket questions;
    private final long openedAt;

    private volatile Session session;
    private volatile Outbox outbox;
    private volatile Room room;
    private volatile long heardAt;
    private volatile long cutAt;
    private volatile boolean closing;

    /** What all connections of a server use. */
    record Shared(
            ServerSettings settings,
            Rooms rooms,
            Connections connections,
            Offers offers,
            Metrics metrics,
            ServerObserver observer) {}

    RoomConnection(Shared shared, String addressGroup) {
        this.shared = shared;
        this.id = shared.rooms.newConnectionId();
        this.addressGroup = addressGroup;
        this.openedAt = System.nanoTime();
        this.heardAt = openedAt;
        ServerSettings.Rate rate = shared.settings.rate();
        this.frames = new TokenBucket(rate.framesPerSecond(), rate.framesBurst(), openedAt);
        this.bytes = new TokenBucket(rate.bytesPerSecond(), rate.bytesBurst(), openedAt);
        this.patience = new TokenBucket(1, PATIENCE, openedAt);
        this.questions = new TokenBucket(1, QUESTIONS, openedAt);
    }

    @Override
    public ConnectionId id() {
        return id;
    }

    /** See {@link Connections#addressGroup}; for counting only. */
    String addressGroup() {
        return addressGroup;
    }

    @Override
    public void onWebSocketOpen(Session opened) {
        opened.setMaxFrameSize(FRAGMENT_BYTES);
        opened.setAutoFragment(true);
        // Presence is kept by pings; this is the net below them.
        opened.setIdleTimeout(
                Duration.ofMillis(4 * shared.settings.timing().dead().toMillis()));
        session = opened;
        outbox = new Outbox(opened, shared.metrics, shared.settings.capacity().outgoingBytes());
        shared.connections.add(this).ifPresent(code -> refuse(code, fullText(code), true));
    }

    @Override
    public void onWebSocketPartialText(String fragment, boolean last) {
        heard();
        if (ended.get()) return;
        shared.metrics.bytesIn(fragment.length());
        int most = room == null ? ENTER_CHARS : WireLimits.FRAME_BYTES;
        if (text.length() + fragment.length() > most) {
            refuse(RefusalCode.SIZE, "A frame has more than " + most + " bytes.", true);
            return;
        }
        text.append(fragment);
        boolean tooMuch = !bytes.take(Math.max(LEAST_COST, fragment.length()), heardAt);
        if (tooMuch) {
            // The frame is not whole yet, so that it can't be left out alone.
            refuse(RefusalCode.RATE, "Too many bytes per second.", true);
            return;
        }
        if (!last) return;
        String frame = text.toString();
        text.setLength(0);
        if (frames.take(1, heardAt)) handle(frame);
        else refuse(RefusalCode.RATE, "Too many frames per second; this one was left out.", false);
    }

    @Override
    public void onWebSocketPartialBinary(ByteBuffer payload, boolean last, Callback callback) {
        refuse(RefusalCode.MALFORMED, "Frames are text.", true);
        callback.succeed();
    }

    @Override
    public void onWebSocketPing(ByteBuffer payload) {
        heard();
        if (ended.get()) return;
        if (!bytes.take(LEAST_COST, heardAt)) {
            refuse(RefusalCode.RATE, "Too many pings.", true);
            return;
        }
        // RFC 6455 section 5.5.3 lets a pong answer the newest of several pings. So a full socket holds at most one.
        if (ponging.compareAndSet(false, true))
            session.sendPong(payload, Callback.from(() -> ponging.set(false), failed -> ponging.set(false)));
    }

    @Override
    public void onWebSocketPong(ByteBuffer payload) {
        heard();
    }

    /** Jetty reports the closing too, so that nothing is left to do; messages of errors may hold addresses. */
    @Override
    public void onWebSocketError(Throwable cause) {}

    @Override
    public void onWebSocketClose(int status, String reason, Callback callback) {
        leave();
        shared.connections.remove(this);
        callback.succeed();
    }

    private void heard() {
        heardAt = System.nanoTime();
    }

    private void handle(String frame) {
        ClientFrame decoded;
        try {
            decoded = WireCodec.decodeClient(frame);
        } catch (WireException refused) {
            refuse(code(refused), refused.getMessage(), true);
            return;
        }
        if (shared.observer != null) shared.observer.received(frame, decoded);
        Room current = room;
        if (decoded instanceof ClientFrame.Enter enter) {
            if (current == null) enter(enter);
            else refuse(RefusalCode.MALFORMED, "This connection is in a room already.", true);
            return;
        }
        if (current == null) {
            refuse(RefusalCode.MALFORMED, "The first frame must be enter.", true);
            return;
        }
        switch (decoded) {
            case ClientFrame.Enter handledAbove -> throw new AssertionError("handled above");
            case ClientFrame.Post post -> current.post(this, post.payload());
            case ClientFrame.Commit commit -> {
                if (current.commit(this, commit) == Room.Commit.TOO_MANY_GROUPS)
                    refuse(RefusalCode.GROUPS_FULL, "Too many groups were founded in this room.", false);
            }
            case ClientFrame.Send send -> {
                if (!current.send(this, send.to(), send.payload()))
                    refuse(RefusalCode.TO_UNKNOWN, "The addressee is not connected.", false);
            }
            case ClientFrame.Ticket ticket -> ticket(current, ticket);
            case ClientFrame.Ice ice -> {
                if (questions.take(1, heardAt)) answer(new ServerFrame.Ice(shared.offers.iceServers()));
                else refuse(RefusalCode.RATE, "Asked for ICE servers too often.", false);
            }
        }
    }

    private void enter(ClientFrame.Enter enter) {
        switch (shared.rooms.enter(enter.room(), this)) {
            case Rooms.Entering.Done done -> {
                room = done.room();
                // The server may have ended this connection while it entered; whoever comes second takes it out.
                if (ended.get()) shared.rooms.leave(done.room(), this);
            }
            case Rooms.Entering.RoomFull full ->
                refuse(
                        RefusalCode.ROOM_FULL,
                        "The room is full: " + shared.settings.capacity().people() + " people are in it.",
                        true);
            case Rooms.Entering.ServerFull full -> refuse(RefusalCode.SERVER_FULL, "The server is full.", true);
        }
    }

    private void ticket(Room current, ClientFrame.Ticket ask) {
        if (shared.offers.relay().isEmpty()) {
            refuse(RefusalCode.RELAY_NONE, "This server has no relay.", false);
            return;
        }
        boolean often = !questions.take(1, heardAt);
        shared.offers.relay().get().ticket(current.relayRoom(), ask, often, answer -> {
            switch (answer) {
                case Relay.Answer.Given given -> answer(new ServerFrame.Ticket(given.ticket()));
                case Relay.Answer.None none -> refuse(RefusalCode.RELAY_NONE, none.text(), false);
                case Relay.Answer.Pass pass -> refuse(RefusalCode.RELAY_PASS, pass.text(), false);
            }
        });
    }

    private void answer(ServerFrame frame) {
        enqueue(WireCodec.encode(frame));
        flush();
    }

    private static RefusalCode code(WireException refused) {
        return switch (refused.reason()) {
            case OVERSIZE -> RefusalCode.SIZE;
            case VERSION -> RefusalCode.VERSION;
            case NOT_JSON, TRAILING, DUPLICATE_FIELD, UNKNOWN_TYPE, UNKNOWN_FIELD, MISSING_FIELD, BAD_VALUE ->
                RefusalCode.MALFORMED;
        };
    }

    private static String fullText(RefusalCode code) {
        return code == RefusalCode.ADDRESS_FULL
                ? "Too many connections from this network address."
                : "The server is full.";
    }

    /** Tells the client no; a fatal one ends the connection once it is told. */
    void refuse(RefusalCode code, String why, boolean fatal) {
        boolean last = fatal || code == RefusalCode.RATE && !patience.take(1, System.nanoTime());
        if (last ? !ended.compareAndSet(false, true) : ended.get()) return;
        shared.metrics.refused(code);
        String frame = WireCodec.encode(new ServerFrame.Refused(code, why, last));
        if (!last) {
            enqueue(frame);
            flush();
            return;
        }
        leave();
        cutAt = System.nanoTime() + shared.settings.timing().closing().toNanos();
        closing = true;
        int status = code == RefusalCode.STOPPING ? StatusCode.SHUTDOWN : StatusCode.POLICY_VIOLATION;
        outbox.finish(frame, () -> session.close(status, code.text(), Callback.NOOP));
    }

    /** Out of the room, at once and for good; the socket may live a little longer. */
    private void leave() {
        ended.set(true);
        Room left = room;
        if (left != null) shared.rooms.leave(left, this);
    }

    /** Cuts the socket without a word. */
    void abort() {
        leave();
        Outbox out = outbox;
        if (out != null) out.close();
        Session cut = session;
        if (cut != null) cut.disconnect();
        shared.connections.remove(this);
    }

    @Override
    public void enqueue(String frame) {
        if (outbox.offer(frame)) return;
        // The caller holds the room's lock, and leaving needs it.
        shared.connections.later(() -> {
            shared.metrics.slow();
            abort();
        });
    }

    @Override
    public void flush() {
        outbox.flush();
    }

    /** Called regularly by the presence thread. */
    void tick(long now) {
        ServerSettings.Timing timing = shared.settings.timing();
        if (closing) {
            if (now - cutAt > 0) abort();
            return;
        }
        long silence = now - heardAt;
        if (silence > timing.dead().toNanos()) {
            shared.metrics.silent();
            abort();
        } else if (room == null && now - openedAt > timing.enter().toNanos()) {
            refuse(RefusalCode.TIMEOUT, "No enter frame came in time.", true);
        } else if (silence >= timing.ping().toNanos() && pinging.compareAndSet(false, true)) {
            session.sendPing(
                    ByteBuffer.allocate(0), Callback.from(() -> pinging.set(false), failed -> pinging.set(false)));
        }
    }
}
