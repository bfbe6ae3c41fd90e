package sotto.bridge.local;

import io.javalin.http.Context;
import io.javalin.http.ForbiddenResponse;
import io.javalin.websocket.WsBinaryMessageContext;
import io.javalin.websocket.WsConfig;
import io.javalin.websocket.WsConnectContext;
import io.javalin.websocket.WsContext;
import java.nio.ByteBuffer;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Pattern;
import org.eclipse.jetty.websocket.api.Callback;
import org.eclipse.jetty.websocket.api.Session;
import sotto.bridge.gate.Reason;

/**
 * The sockets of tunnels to relays, {@code /relay/<tunnel>/rtc/v1}. Host, Origin and cookie were checked at the front
 * door, as for every socket; the tunnel's name is good once. Nothing of the request goes on but the client's join request.
 */
final class TunnelSockets {
    static final String PATH = "/relay/{tunnel}/rtc/v1";

    private static final String REDEEMED = "sotto.tunnel";
    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9_-]{43}");
    /** With a session description in it, compressed, it has some 4,000 characters. */
    private static final Pattern JOIN_REQUEST = Pattern.compile("[A-Za-z0-9_=-]{0,24576}");
    /** A page has one, and a second one for the moment in which it moves. */
    private static final int MOST_OPEN = 4;

    private final TunnelListener listener;
    private final Map<String, TunnelListener.Tunnel> open = new ConcurrentHashMap<>();

    TunnelSockets(TunnelListener listener) {
        this.listener = listener;
    }

    /** Runs before the socket is accepted. */
    void redeem(Context ctx) {
        String name = ctx.pathParam("tunnel");
        String joinRequest = joinRequest(ctx);
        if (!NAME.matcher(name).matches() || !JOIN_REQUEST.matcher(joinRequest).matches() || open.size() >= MOST_OPEN)
            throw new ForbiddenResponse(Reason.BAD_TICKET.text());
        Optional<TunnelListener.Tunnel> tunnel = listener.redeem(name);
        if (tunnel.isEmpty()) throw new ForbiddenResponse(Reason.BAD_TICKET.text());
        ctx.attribute(REDEEMED, tunnel.get());
    }

    void serve(WsConfig socket) {
        socket.onConnect(this::opened);
        socket.onBinaryMessage(this::message);
        // LiveKit's client speaks in binary alone.
        socket.onMessage(ctx -> ctx.session.disconnect());
        socket.onClose(this::closed);
    }

    private void opened(WsConnectContext ctx) {
        TunnelListener.Tunnel tunnel = ctx.attribute(REDEEMED);
        if (tunnel == null) {
            ctx.session.disconnect();
            return;
        }
        ctx.session.setMaxBinaryMessageSize(TunnelLink.MOST_BYTES);
        open.put(ctx.sessionId(), tunnel);
        tunnel.opened(new Link(ctx.session), joinRequest(ctx));
    }

    private void message(WsBinaryMessageContext ctx) {
        TunnelListener.Tunnel tunnel = open.get(ctx.sessionId());
        if (tunnel == null) return;
        byte[] message = new byte[ctx.data().remaining()];
        ctx.data().get(message);
        tunnel.message(message);
    }

    private void closed(WsContext ctx) {
        TunnelListener.Tunnel tunnel = open.remove(ctx.sessionId());
        if (tunnel != null) tunnel.closed();
    }

    private static String joinRequest(Context ctx) {
        String value = ctx.queryParam("join_request");
        return value == null ? "" : value;
    }

    private static String joinRequest(WsContext ctx) {
        String value = ctx.queryParam("join_request");
        return value == null ? "" : value;
    }

    private record Link(Session session) implements TunnelLink {
        @Override
        public CompletableFuture<Void> send(byte[] message) {
            CompletableFuture<Void> written = new CompletableFuture<>();
            session.sendBinary(
                    ByteBuffer.wrap(message),
                    Callback.from(() -> written.complete(null), written::completeExceptionally));
            return written;
        }

        @Override
        public void close() {
            session.close(Close.DONE, "", Callback.NOOP);
        }
    }
}
