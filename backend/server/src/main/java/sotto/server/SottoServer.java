package sotto.server;

import io.javalin.Javalin;
import io.javalin.config.JavalinConfig;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.security.KeyStore;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import org.eclipse.jetty.ee10.websocket.server.JettyServerUpgradeRequest;
import org.eclipse.jetty.ee10.websocket.server.JettyServerUpgradeResponse;
import org.eclipse.jetty.http.UriCompliance;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.server.HttpConnectionFactory;
import org.eclipse.jetty.server.SecureRequestCustomizer;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.server.SslConnectionFactory;
import org.eclipse.jetty.util.ssl.SslContextFactory;
import org.eclipse.jetty.util.thread.QueuedThreadPool;
import sotto.rooms.wire.RefusalCode;
import sotto.rooms.wire.WireLimits;
import sotto.server.relay.Relay;
import sotto.server.relay.livekit.LiveKit;

/**
 * A running coordination server. Any number of them may live in one process; none touches the disk (but to read TLS
 * files) or ends the process.
 */
public final class SottoServer implements AutoCloseable {
    /** HTTP requests are small; who takes longer for one is holding the socket open. */
    private static final long HTTP_IDLE_MS = 10_000;

    private static final int THREADS = 64;

    private final ServerSettings settings;
    private final Metrics metrics = new Metrics();
    private final Rooms rooms;
    private final Connections connections;
    private final Offers offers;
    private final RoomConnection.Shared shared;
    private final Javalin javalin;
    private volatile int port;
    private volatile boolean stopping;

    private SottoServer(ServerSettings settings, ServerObserver observer, Consumer<String> progress)
            throws IOException {
        this.settings = settings;
        Optional<KeyStore> identity = settings.listen().tls().isPresent()
                ? Optional.of(PemKeyStore.load(settings.listen().tls().get()))
                : Optional.empty();
        this.offers = new Offers(settings, relay(settings, progress), Clock.systemUTC());
        this.rooms = new Rooms(settings, offers, metrics);
        this.connections = new Connections(settings);
        this.shared = new RoomConnection.Shared(settings, rooms, connections, offers, metrics, observer);
        this.javalin = Javalin.create(config -> configure(config, identity));
    }

    /**
     * Starts a server and returns once it accepts connections.
     *
     * @throws IOException if the address can't be bound, or TLS files can't be read; the message says which
     */
    public static SottoServer start(ServerSettings settings) throws IOException {
        return start(settings, null);
    }

    /**
     * As {@link #start(ServerSettings)}, for tests and the demo.
     *
     * @param observer sees all that the server sees, or null
     */
    public static SottoServer start(ServerSettings settings, ServerObserver observer) throws IOException {
        return start(settings, observer, said -> {});
    }

    /**
     * As {@link #start(ServerSettings)}. A relay of the server's own starts beside it, and may take minutes the first time.
     *
     * @param observer sees all that the server sees, or null
     * @param progress told what getting and running a relay comes to; on any thread
     */
    public static SottoServer start(ServerSettings settings, ServerObserver observer, Consumer<String> progress)
            throws IOException {
        SottoServer server = new SottoServer(settings, observer, progress);
        try {
            server.javalin.start();
        } catch (RuntimeException failed) {
            server.connections.close();
            server.offers.relay().ifPresent(Relay::close);
            throw new IOException(
                    "can't listen on " + settings.listen().host() + " port "
                            + settings.listen().port() + ": " + rootMessage(failed),
                    failed);
        }
        server.port = server.javalin.port();
        server.connections.start();
        server.offers.relay().ifPresent(Relay::start);
        return server;
    }

    /** In a method of its own, so that a server without relays loads nothing of them. */
    private static Optional<Relay> relay(ServerSettings settings, Consumer<String> progress) {
        return settings.relay().any()
                ? Optional.of(new Relay(
                        settings.relay(), new LiveKit(), settings.capacity().people(), progress, Clock.systemUTC()))
                : Optional.empty();
    }

    /**
     * Waits until a relay is up.
     *
     * @throws IOException if there is none, or not in time
     */
    public void awaitRelay(Duration patience) throws IOException {
        if (offers.relay().isEmpty()) throw new IOException("this server has no relay");
        offers.relay().get().awaitReady(patience);
    }

    private static String rootMessage(Throwable failed) {
        Throwable root = failed;
        while (root.getCause() != null) root = root.getCause();
        return root.getMessage();
    }

    /** The TCP port, also when {@code 0} was asked for; still known after {@link #close}. */
    public int port() {
        return port;
    }

    /** Scheme, host and port: what links begin with. */
    public String url() {
        String host = settings.listen().host();
        return (settings.listen().tls().isPresent() ? "https" : "http") + "://"
                + (host.contains(":") ? "[" + host + "]" : host) + ":" + port();
    }

    /** Tells everyone that the server stops, waits a moment for them to hear it, and frees the port. */
    @Override
    public void close() {
        if (stopping) return;
        stopping = true;
        rooms.stop();
        for (RoomConnection connection : connections.all())
            connection.refuse(RefusalCode.STOPPING, "The server is shutting down.", true);
        long until = System.nanoTime() + settings.timing().closing().toNanos();
        while (connections.count() > 0 && System.nanoTime() < until)
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(10));
        connections.all().forEach(RoomConnection::abort);
        connections.close();
        offers.relay().ifPresent(Relay::close);
        javalin.stop();
    }

    private void configure(JavalinConfig config, Optional<KeyStore> identity) {
        config.startup.showJavalinBanner = false;
        config.startup.showOldJavalinVersionWarning = false;
        config.startup.startupWatcherEnabled = false;
        config.http.maxRequestSize = 1_024;
        QueuedThreadPool threads = new QueuedThreadPool(THREADS, 4);
        threads.setName("sotto-server");
        config.jetty.threadPool = threads;
        config.jetty.modifyHttpConfiguration(SottoServer::harden);
        config.jetty.addConnector((server, http) -> connector(server, http, identity));
        config.jetty.modifyWebSocketServletFactory(sockets -> sockets.addMapping(WireLimits.PATH, this::accept));
        // Javalin refuses sockets on paths it does not know. Its own endpoint has no pongs, which presence needs.
        config.routes.ws(WireLimits.PATH, unused -> {});
        new Pages(identity.isPresent()).addTo(config.routes, settings, rooms, connections, offers, metrics);
    }

    private static void harden(HttpConfiguration http) {
        http.setUriCompliance(UriCompliance.DEFAULT);
        http.setSendServerVersion(false);
        http.setSendXPoweredBy(false);
    }

    private ServerConnector connector(Server server, HttpConfiguration http, Optional<KeyStore> identity) {
        HttpConnectionFactory plain = new HttpConnectionFactory(http);
        ServerConnector connector;
        if (identity.isPresent()) {
            SslContextFactory.Server tls = new SslContextFactory.Server();
            tls.setKeyStore(identity.get());
            tls.setKeyStorePassword("");
            tls.setIncludeProtocols("TLSv1.3", "TLSv1.2");
            http.addCustomizer(new SecureRequestCustomizer(false));
            connector = new ServerConnector(server, 1, 1, new SslConnectionFactory(tls, plain.getProtocol()), plain);
        } else {
            connector = new ServerConnector(server, 1, 1, plain);
        }
        connector.setHost(settings.listen().host());
        connector.setPort(settings.listen().port());
        connector.setIdleTimeout(HTTP_IDLE_MS);
        return connector;
    }

    /** The WebSocket handshake. Clients are apps; a web page shows itself by its Origin and is refused. */
    private Object accept(JettyServerUpgradeRequest request, JettyServerUpgradeResponse response) throws IOException {
        if (request.getHeader("Origin") != null) {
            metrics.pageRefused();
            response.sendForbidden("Web pages may not connect.");
            return null;
        }
        if (stopping || connections.flooded()) {
            response.sendError(503, "The server is full.");
            return null;
        }
        // No compression: it would tell something about sealed content by its size, and can be a bomb.
        response.setExtensions(List.of());
        return new RoomConnection(shared, addressGroup(request));
    }

    private String addressGroup(JettyServerUpgradeRequest request) {
        InetAddress peer = request.getRemoteSocketAddress() instanceof InetSocketAddress address
                ? address.getAddress()
                : InetAddress.getLoopbackAddress();
        if (!settings.listen().behindProxy()) return Connections.addressGroup(peer);
        List<String> forwarded = request.getHeaders("X-Forwarded-For");
        if (forwarded == null || forwarded.isEmpty()) return Connections.addressGroup(peer);
        String last = forwarded.getLast();
        try {
            return Connections.addressGroup(InetAddress.ofLiteral(
                    last.substring(last.lastIndexOf(',') + 1).strip()));
        } catch (IllegalArgumentException notAnAddress) {
            return Connections.addressGroup(peer);
        }
    }
}
