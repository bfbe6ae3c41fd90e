package sotto.server.relay;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.WebSocket;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import sotto.rooms.wire.ClientFrame;
import sotto.rooms.wire.RelayTicket;
import sotto.rooms.wire.RoomId;
import sotto.rooms.wire.ServerFrame;
import sotto.rooms.wire.WireCodec;
import sotto.rooms.wire.WireException;
import sotto.rooms.wire.WireLimits;
import sotto.server.SottoServer;

/** Somebody in a room of their own, who asks for relays. */
final class CallClient implements WebSocket.Listener, AutoCloseable {
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private final HttpClient http;
    private final SottoServer server;
    private final WebSocket socket;
    private final BlockingQueue<ServerFrame> frames = new LinkedBlockingQueue<>();
    private final StringBuilder text = new StringBuilder();

    CallClient(HttpClient http, SottoServer server) throws Exception {
        this.http = http;
        this.server = server;
        socket = http.newWebSocketBuilder()
                .buildAsync(URI.create(server.url().replaceFirst("^http", "ws") + WireLimits.PATH), this)
                .get(30, TimeUnit.SECONDS);
        send(new ClientFrame.Enter(WireLimits.VERSION, RoomId.random(new SecureRandom())));
        await(ServerFrame.Entered.class);
    }

    RelayTicket ticket(Optional<String> failed) throws Exception {
        send(new ClientFrame.Ticket(Optional.empty(), failed));
        return await(ServerFrame.Ticket.class).ticket();
    }

    /** Waits until the server knows so many nodes that take rooms. */
    void awaitNodes(int count) throws Exception {
        long until = System.nanoTime() + PATIENCE.toNanos();
        String line = "sotto_relay_nodes{state=\"up\"} " + count + "\n";
        while (!http.send(
                        HttpRequest.newBuilder(URI.create(server.url() + "/metrics"))
                                .build(),
                        HttpResponse.BodyHandlers.ofString())
                .body()
                .contains(line)) {
            if (System.nanoTime() > until) throw new AssertionError("there are never " + count + " nodes");
            TimeUnit.MILLISECONDS.sleep(50);
        }
    }

    private void send(ClientFrame frame) throws Exception {
        socket.sendText(WireCodec.encode(frame), true).get(30, TimeUnit.SECONDS);
    }

    private <F extends ServerFrame> F await(Class<F> type) throws Exception {
        while (true) {
            ServerFrame frame = frames.poll(PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
            if (frame == null || frame instanceof ServerFrame.Refused)
                throw new AssertionError("expected " + type.getSimpleName() + ", got " + frame);
            if (type.isInstance(frame)) return type.cast(frame);
        }
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
    public void close() {
        socket.abort();
    }
}
