package sotto.server;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import sotto.rooms.wire.ClientFrame;
import sotto.rooms.wire.ConnectionId;
import sotto.rooms.wire.LogEntry;
import sotto.rooms.wire.LogHead;
import sotto.rooms.wire.Payload;
import sotto.rooms.wire.RoomId;
import sotto.rooms.wire.ServerFrame;
import sotto.rooms.wire.WireCodec;
import sotto.rooms.wire.WireException;
import sotto.rooms.wire.WireLimits;

/** A client as plain as can be, over a real socket. It computes the log's hash chain as clients do. */
final class TestClient implements WebSocket.Listener, AutoCloseable {
    /** How long anything may take before a test gives up; no test passes because of it. */
    static final Duration PATIENCE = Duration.ofSeconds(30);

    private final BlockingQueue<ServerFrame> frames = new LinkedBlockingQueue<>();
    private final CompletableFuture<Integer> closed = new CompletableFuture<>();
    private final StringBuilder text = new StringBuilder();
    private WebSocket socket;
    private RoomId room;
    private ServerFrame.Entered entered;
    private LogHead head;

    static TestClient connect(HttpClient http, SottoServer server) throws Exception {
        return connect(http, URI.create(server.url().replaceFirst("^http", "ws") + WireLimits.PATH));
    }

    static TestClient connect(HttpClient http, URI uri) throws Exception {
        TestClient client = new TestClient();
        client.socket = http.newWebSocketBuilder().buildAsync(uri, client).get(30, TimeUnit.SECONDS);
        return client;
    }

    /** Connects, enters, and takes the own arrival. */
    static TestClient enter(HttpClient http, SottoServer server, RoomId room) throws Exception {
        TestClient client = connect(http, server);
        client.enter(room);
        client.nextEntry();
        return client;
    }

    ServerFrame.Entered enter(RoomId into) throws Exception {
        room = into;
        send(new ClientFrame.Enter(WireLimits.VERSION, into));
        entered = next(ServerFrame.Entered.class);
        head = entered.head();
        return entered;
    }

    ServerFrame.Entered entered() {
        return entered;
    }

    ConnectionId id() {
        return entered.connection();
    }

    RoomId room() {
        return room;
    }

    /** The head by the own computation. */
    LogHead head() {
        return head;
    }

    void send(ClientFrame frame) throws Exception {
        sendText(WireCodec.encode(frame));
    }

    void sendText(String frame) throws Exception {
        socket.sendText(frame, true).get(30, TimeUnit.SECONDS);
    }

    void post(String content) throws Exception {
        send(new ClientFrame.Post(payload(content)));
    }

    WebSocket socket() {
        return socket;
    }

    static Payload payload(String content) {
        return Payload.of(content.getBytes());
    }

    ServerFrame next() throws InterruptedException {
        ServerFrame frame = frames.poll(PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
        if (frame == null) throw new AssertionError("the server said nothing more");
        if (frame instanceof ServerFrame.Entry entry) head = head.next(entry.entry());
        return frame;
    }

    <F extends ServerFrame> F next(Class<F> type) throws InterruptedException {
        ServerFrame frame = next();
        if (!type.isInstance(frame)) throw new AssertionError("expected " + type.getSimpleName() + ", got " + frame);
        return type.cast(frame);
    }

    LogEntry nextEntry() throws InterruptedException {
        return next(ServerFrame.Entry.class).entry();
    }

    <E extends LogEntry> E nextEntry(Class<E> type) throws InterruptedException {
        LogEntry entry = nextEntry();
        if (!type.isInstance(entry)) throw new AssertionError("expected " + type.getSimpleName() + ", got " + entry);
        return type.cast(entry);
    }

    List<LogEntry> nextEntries(int count) throws InterruptedException {
        List<LogEntry> entries = new ArrayList<>();
        while (entries.size() < count) entries.add(nextEntry());
        return entries;
    }

    /** Skips what comes before the next frame of a type. */
    <F extends ServerFrame> F await(Class<F> type) throws InterruptedException {
        while (true) {
            ServerFrame frame = next();
            if (type.isInstance(frame)) return type.cast(frame);
        }
    }

    /** The close status; 1006 stands for a socket that broke off. */
    int closeStatus() throws Exception {
        return closed.get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
    }

    @Override
    public CompletionStage<?> onText(WebSocket from, CharSequence part, boolean last) {
        text.append(part);
        if (last) {
            try {
                frames.add(WireCodec.decodeServer(text.toString()));
            } catch (WireException wrong) {
                throw new AssertionError(wrong);
            }
            text.setLength(0);
        }
        from.request(1);
        return null;
    }

    @Override
    public CompletionStage<?> onClose(WebSocket from, int status, String reason) {
        closed.complete(status);
        return null;
    }

    @Override
    public void onError(WebSocket from, Throwable error) {
        closed.complete(1006);
    }

    /** Breaks the TCP connection off. */
    @Override
    public void close() {
        socket.abort();
    }
}
