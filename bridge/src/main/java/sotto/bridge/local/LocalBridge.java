package sotto.bridge.local;

import io.javalin.Javalin;
import io.javalin.config.JavalinConfig;
import io.javalin.http.Context;
import io.javalin.http.ForbiddenResponse;
import io.javalin.http.HttpStatus;
import io.javalin.util.JavalinBindException;
import io.javalin.websocket.WsConfig;
import io.javalin.websocket.WsContext;
import java.io.IOException;
import java.net.URI;
import java.nio.channels.ClosedChannelException;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import org.eclipse.jetty.io.EofException;
import org.eclipse.jetty.util.thread.QueuedThreadPool;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import sotto.bridge.gate.Gate;
import sotto.bridge.gate.Reason;
import sotto.bridge.gate.RefusedException;
import sotto.bridge.gate.SocketId;
import sotto.bridge.messages.BridgeCodec;
import sotto.bridge.messages.BridgeException;
import sotto.bridge.messages.Limits;
import sotto.bridge.messages.Protocol;

/**
 * The local backend's endpoint on 127.0.0.1. From {@link #start} on it serves whoever passes the gate; {@link
 * #newOneTimeUrl} lets one browser in.
 */
public final class LocalBridge implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(LocalBridge.class);
    private static final String HOST = "127.0.0.1";
    private static final String OWNER = "sotto.owner";
    private static final int USER_AGENT_CHARS = 200;
    private static final int REQUEST_HEADER_BYTES = 32 * 1024;
    /** Three times the pings' interval; multipliedBy would make the tables of BigDecimal at each start. */
    private static final Duration IDLE = Reception.PING.plus(Reception.PING).plus(Reception.PING);

    private final BridgeSettings settings;
    private final StaticFiles files;
    private final FrontDoor door = new FrontDoor();
    private final SecureRandom random = new SecureRandom();
    private final AtomicLong sockets = new AtomicLong();
    private final Map<String, PageSocket> pages = new ConcurrentHashMap<>();
    private final Map<String, WorkerSocket> workers = new ConcurrentHashMap<>();
    private final TunnelSockets tunnels;
    private final Javalin javalin;

    /** Set before the door opens, so before any request is handled. */
    private volatile Gate gate;

    private volatile Reception reception;

    private LocalBridge(BridgeSettings settings, TunnelListener tunnelListener) {
        this.settings = settings;
        this.tunnels = new TunnelSockets(tunnelListener);
        this.files = new StaticFiles(settings.resources());
        this.javalin = Javalin.create(this::configure);
    }

    /**
     * Binds the port and serves.
     *
     * @throws PortInUseException if the settings name a port that another program listens on
     */
    public static LocalBridge start(
            BridgeSettings settings,
            PageListener pageListener,
            WorkerListener workerListener,
            TunnelListener tunnelListener)
            throws PortInUseException {
        LocalBridge bridge = new LocalBridge(settings, tunnelListener);
        try {
            bridge.javalin.start(HOST, settings.port());
        } catch (JavalinBindException e) {
            bridge.javalin.stop();
            throw new PortInUseException(settings.port(), e);
        }
        int port = bridge.javalin.port();
        bridge.gate = new Gate(port, settings.clock(), bridge.random, settings.times());
        bridge.reception = new Reception(bridge.gate, bridge.random, pageListener, workerListener);
        bridge.door.open(bridge.gate, new SecurityHeaders(port));
        return bridge;
    }

    public int port() {
        return javalin.port();
    }

    /** An address that lets one browser in, once, for a minute by default. Only for the user's own eyes. */
    public URI newOneTimeUrl() {
        return URI.create("http://" + HOST + ":" + port() + "/open/" + gate.newLaunchSecret());
    }

    /** Closes every socket, tells the listeners, and frees the port. */
    @Override
    public void close() {
        reception.close();
        javalin.stop();
    }

    private void configure(JavalinConfig config) {
        config.startup.showJavalinBanner = false;
        config.startup.startupWatcherEnabled = false;
        config.http.defaultContentType = "text/plain; charset=utf-8";
        config.http.maxRequestSize = 0;
        config.jetty.threadPool = new QueuedThreadPool(32, 4);
        config.jetty.modifyServer(server -> {
            server.setHandler(door);
            server.setErrorHandler(door.errors());
        });
        config.jetty.modifyHttpConfiguration(http -> {
            http.setSendServerVersion(false);
            http.setSendDateHeader(false);
            // A relay client's first request carries a session description.
            http.setRequestHeaderSize(REQUEST_HEADER_BYTES);
        });
        config.jetty.modifyWebSocketServletFactory(factory -> {
            factory.setMaxTextMessageSize(Limits.MESSAGE_BYTES);
            factory.setMaxBinaryMessageSize(1024);
            factory.setMaxFrameSize(Limits.MESSAGE_BYTES);
            factory.setIdleTimeout(IDLE);
        });

        config.routes.get("/open/{secret}", this::launch);
        config.routes.get("/", ctx -> serve(ctx, ""));
        // What LiveKit's client asks when its socket was refused: the answer has it give up at once.
        config.routes.get("/relay/<rest>", ctx -> ctx.status(403).result("Forbidden\n"));
        config.routes.get("/<file>", ctx -> serve(ctx, ctx.path().substring(1)));
        config.routes.wsBeforeUpgrade(Protocol.PAGE_PATH, LocalBridge::subprotocols);
        config.routes.wsBeforeUpgrade(Protocol.WORKER_PATH, this::redeemTicket);
        config.routes.wsBeforeUpgrade(TunnelSockets.PATH, tunnels::redeem);
        config.routes.ws(Protocol.PAGE_PATH, this::page);
        config.routes.ws(Protocol.WORKER_PATH, this::worker);
        config.routes.ws(TunnelSockets.PATH, tunnels::serve);
        config.routes.error(404, ctx -> ctx.result("Not found\n"));
        config.routes.exception(Exception.class, (e, ctx) -> {
            if (hasGone(e)) LOG.debug("the asker has gone", e);
            else LOG.error("a request failed", e);
            ctx.status(500).result("Error 500\n");
        });
    }

    /** Whether a request failed only because its browser closed the connection: that happens whenever a page ends. */
    private static boolean hasGone(Throwable failure) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause())
            if (cause instanceof EofException || cause instanceof ClosedChannelException) return true;
        return false;
    }

    // HTTP

    private void launch(Context ctx) {
        try {
            String token = gate.launch(ctx.pathParam("secret"));
            ctx.header(
                    "Set-Cookie", gate.cookieName() + "=" + gate.cookieValue() + "; Path=/; HttpOnly; SameSite=Strict");
            ctx.header("Location", "/#" + token);
            ctx.status(HttpStatus.SEE_OTHER);
        } catch (RefusedException e) {
            ctx.status(e.reason() == Reason.TOO_MANY_TRIES ? HttpStatus.TOO_MANY_REQUESTS : HttpStatus.FORBIDDEN);
            ctx.contentType("text/html; charset=utf-8").result(HintPage.html(e.reason()));
        }
    }

    private void serve(Context ctx, String path) throws IOException {
        Optional<StaticFiles.StaticFile> file = files.find(path);
        if (file.isEmpty()) ctx.status(HttpStatus.NOT_FOUND);
        else ctx.contentType(file.get().contentType()).result(file.get().content());
    }

    // Sockets

    private static String subprotocols(Context ctx) {
        return Subprotocols.parse(ctx.header("Sec-WebSocket-Protocol"))
                .orElseThrow(() -> new ForbiddenResponse(Reason.WRONG_PROTOCOL.text()))
                .token();
    }

    private void redeemTicket(Context ctx) {
        try {
            ctx.attribute(OWNER, gate.redeemTicket(subprotocols(ctx)));
        } catch (RefusedException e) {
            throw new ForbiddenResponse(e.reason().text());
        }
    }

    private void page(WsConfig socket) {
        socket.onConnect(ctx -> {
            PageSocket page = new PageSocket(newId(), ctx.session, userAgent(ctx));
            pages.put(ctx.sessionId(), page);
            reception.pageOpened(page, token(ctx));
        });
        socket.onMessage(ctx -> with(pages, ctx, page -> {
            try {
                reception.pageSaid(page, BridgeCodec.PAGE_TO_BACKEND.decode(ctx.message()));
            } catch (BridgeException e) {
                reception.pageFaulted(page, e.getMessage());
            }
        }));
        socket.onBinaryMessage(ctx -> with(pages, ctx, page -> reception.pageFaulted(page, "a binary frame")));
        socket.onClose(ctx -> {
            PageSocket page = pages.remove(ctx.sessionId());
            if (page != null) reception.pageClosed(page);
        });
    }

    private void worker(WsConfig socket) {
        socket.onConnect(ctx -> {
            WorkerSocket worker = new WorkerSocket(newId(), ctx.session);
            workers.put(ctx.sessionId(), worker);
            SocketId owner = ctx.attribute(OWNER);
            reception.workerOpened(worker, owner);
        });
        socket.onMessage(ctx -> with(workers, ctx, worker -> {
            try {
                reception.workerSaid(worker, BridgeCodec.WORKER_TO_BACKEND.decode(ctx.message()));
            } catch (BridgeException e) {
                reception.workerFaulted(worker, e.getMessage());
            }
        }));
        socket.onBinaryMessage(ctx -> with(workers, ctx, worker -> reception.workerFaulted(worker, "a binary frame")));
        socket.onClose(ctx -> {
            WorkerSocket worker = workers.remove(ctx.sessionId());
            if (worker != null) reception.workerClosed(worker);
        });
    }

    private static <T> void with(Map<String, T> sockets, WsContext ctx, Consumer<T> work) {
        T socket = sockets.get(ctx.sessionId());
        if (socket != null) work.accept(socket);
    }

    private static String token(WsContext ctx) {
        return Subprotocols.parse(ctx.header("Sec-WebSocket-Protocol"))
                .map(Subprotocols::token)
                .orElse("");
    }

    private static String userAgent(WsContext ctx) {
        String name = ctx.header("User-Agent");
        if (name == null) return "";
        String printable = name.replaceAll("[^\\x20-\\x7E]", "");
        return printable.substring(0, Math.min(printable.length(), USER_AGENT_CHARS));
    }

    private SocketId newId() {
        return new SocketId(sockets.incrementAndGet());
    }
}
