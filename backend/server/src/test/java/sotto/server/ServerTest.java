package sotto.server;

import java.net.http.HttpClient;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import sotto.rooms.wire.RoomId;

/** A server of its own on a free port for each test, and clients that are gone afterwards. */
abstract class ServerTest {
    final HttpClient http = HttpClient.newHttpClient();
    final List<AutoCloseable> toClose = new ArrayList<>();
    final RoomId room = RoomId.random(new SecureRandom());
    SottoServer server;

    @BeforeEach
    void startServer() throws Exception {
        server = SottoServer.start(settings());
    }

    /** Limits that no ordinary test meets. */
    ServerSettings settings() {
        ServerSettings defaults = ServerSettings.defaults().withPort(0);
        ServerSettings.Timing timing = defaults.timing();
        return defaults.withTiming(new ServerSettings.Timing(
                timing.enter(), timing.ping(), Duration.ofSeconds(60), Duration.ofMillis(500)));
    }

    void restartWith(ServerSettings settings) throws Exception {
        server.close();
        server = SottoServer.start(settings);
    }

    @AfterEach
    void stopServer() throws Exception {
        for (AutoCloseable client : toClose) client.close();
        server.close();
        http.shutdownNow();
    }

    TestClient connect() throws Exception {
        return closed(TestClient.connect(http, server));
    }

    TestClient enter() throws Exception {
        return closed(TestClient.enter(http, server, room));
    }

    RawClient raw() throws Exception {
        return closed(new RawClient(server));
    }

    private <C extends AutoCloseable> C closed(C client) {
        toClose.add(client);
        return client;
    }
}
