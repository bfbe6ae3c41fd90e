package sotto.app.net;

import java.net.URI;
import java.net.URISyntaxException;
import java.net.http.HttpClient;
import java.time.Duration;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLContext;
import sotto.rooms.session.ServerPort;
import sotto.rooms.wire.WireLimits;

/**
 * Opens WebSockets to coordination servers. One for the whole app: connections share an HTTP client and a timer thread.
 * Safe for use from any thread.
 */
public final class ServerConnector implements ServerPort, AutoCloseable {

    /**
     * @param connect for TCP, TLS and the WebSocket handshake together
     * @param again after which another attempt to connect is begun beside those that have not got through
     * @param ping silence of the server after which it is pinged
     * @param dead silence after which the connection counts as lost, though TCP still believes in it
     * @param closing time for the server to answer a close
     */
    record Timing(Duration connect, Duration again, Duration ping, Duration dead, Duration closing) {
        static final Timing DEFAULT = new Timing(
                Duration.ofSeconds(3),
                Duration.ofMillis(1_500),
                Duration.ofSeconds(1),
                Duration.ofSeconds(4),
                Duration.ofSeconds(2));
    }

    private static final Duration AFTER_THE_START = Duration.ofSeconds(2);

    private final Timing timing;
    /** Holds no thread while nothing runs, so that it is not closed: the last {@code closed} still goes through it. */
    private final Executor threads = Executors.newThreadPerTaskExecutor(
            Thread.ofVirtual().name("sotto-server-connection-", 0).factory());

    private final ScheduledExecutorService timer = Executors.newSingleThreadScheduledExecutor(
            Thread.ofPlatform().name("sotto-server-timer").daemon().factory());
    private final LateHttpClient http;
    private final Set<ServerConnection> open = ConcurrentHashMap.newKeySet();

    /** Trusts the certificates that this Java trusts. */
    public ServerConnector() {
        this(Timing.DEFAULT, null);
    }

    /** @param dead silence of a server after which the connection to it counts as lost */
    public ServerConnector(Duration dead) {
        this(
                new Timing(
                        Timing.DEFAULT.connect(),
                        Timing.DEFAULT.again(),
                        Timing.DEFAULT.ping(),
                        dead,
                        Timing.DEFAULT.closing()),
                null);
    }

    /** @param tls whom to trust, or null for those that this Java trusts */
    ServerConnector(Timing timing, SSLContext tls) {
        this.timing = timing;
        this.http = new LateHttpClient(() -> {
            HttpClient.Builder builder = HttpClient.newBuilder()
                    .version(HttpClient.Version.HTTP_1_1)
                    .followRedirects(HttpClient.Redirect.NEVER)
                    .connectTimeout(timing.connect())
                    .executor(threads);
            if (tls != null) builder.sslContext(tls);
            return builder.build();
        });
        // While the lobby is looked at: so the first call does not wait for it either.
        timer.schedule(http::get, AFTER_THE_START.toMillis(), TimeUnit.MILLISECONDS);
    }

    /**
     * {@inheritDoc}
     *
     * <p>{@code events} are told one after the other, on changing threads; while one is being told, nothing more is read
     * from the server.
     *
     * @throws IllegalArgumentException unless the server is an {@code http} or {@code https} URL
     */
    @Override
    public Connection connect(URI server, Events events) {
        URI socket = socketAddress(server);
        Objects.requireNonNull(events, "events");
        ServerConnection connection = new ServerConnection(timing, events, threads, timer, open::remove);
        open.add(connection);
        connection.start(() -> http.get().newWebSocketBuilder().connectTimeout(timing.connect()), socket);
        return connection;
    }

    static URI socketAddress(URI server) {
        String scheme = switch (String.valueOf(server.getScheme())) {
            case "https" -> "wss";
            case "http" -> "ws";
            default -> throw new IllegalArgumentException("a server's address begins with https or http");
        };
        try {
            return new URI(scheme, null, server.getHost(), server.getPort(), WireLimits.PATH, null, null);
        } catch (URISyntaxException bad) {
            throw new IllegalArgumentException("not a server's address");
        }
    }

    /**
     * Breaks off one connection without a goodbye, as a failing network does; its listener is told. The product never does
     * this: it is for whoever plays such a network.
     */
    public void cut(Connection connection) {
        if (connection instanceof ServerConnection it) it.finish("cut");
    }

    /** Breaks off every connection; each is told. Attempts to connect fail afterwards. */
    @Override
    public void close() {
        open.forEach(connection -> connection.finish("the app is closing"));
        timer.shutdownNow();
        http.close();
    }
}
