package sotto.app.relay;

import static org.assertj.core.api.Assertions.assertThat;

import io.javalin.Javalin;
import java.net.URI;
import java.nio.ByteBuffer;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.eclipse.jetty.websocket.api.Callback;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import sotto.bridge.local.TunnelLink;
import sotto.bridge.local.TunnelListener.Tunnel;
import sotto.rooms.wire.RelayTicket;

/** What a relay is told through a tunnel, how long names are good, and how tunnels end. */
class RelayTunnelsTest {
    private static final String TOKEN = "header.claims.signature";

    /** What the relay heard: one line for each thing. */
    private final BlockingQueue<String> relayHeard = new LinkedBlockingQueue<>();

    private final BlockingQueue<String> pageHeard = new LinkedBlockingQueue<>();
    private volatile Instant now = Instant.parse("2026-11-01T00:00:00Z");
    private final RelayTunnels tunnels = new RelayTunnels(new SecureRandom(), () -> now);
    private Javalin relay;

    private final TunnelLink page = new TunnelLink() {
        @Override
        public CompletableFuture<Void> send(byte[] message) {
            pageHeard.add("message of " + message.length);
            return CompletableFuture.completedFuture(null);
        }

        @Override
        public void close() {
            pageHeard.add("closed");
        }
    };

    @BeforeEach
    void start() {
        relay = Javalin.create(config -> {
                    config.startup.showJavalinBanner = false;
                    config.routes.ws("/base/rtc/v1", socket -> {
                        socket.onConnect(ctx -> {
                            for (Map.Entry<String, String> header :
                                    ctx.headerMap().entrySet())
                                relayHeard.add(
                                        header.getKey().toLowerCase(java.util.Locale.ROOT) + ": " + header.getValue());
                            relayHeard.add("query: " + ctx.queryString());
                            relayHeard.add("open");
                        });
                        socket.onBinaryMessage(ctx -> {
                            int length = ctx.data().remaining();
                            relayHeard.add("message of " + length);
                            if (length == 1) ctx.session.disconnect();
                            else if (length == 2)
                                ctx.session.sendBinary(
                                        ByteBuffer.wrap(new byte[] {(byte) 0x82, 1, 1, 'x'}), Callback.NOOP);
                            else ctx.session.sendBinary(ByteBuffer.wrap(new byte[2 * length]), Callback.NOOP);
                        });
                        socket.onClose(ctx -> relayHeard.add("closed"));
                    });
                })
                .start("127.0.0.1", 0);
    }

    @AfterEach
    void stop() {
        tunnels.close();
        relay.stop();
    }

    private RelayTicket ticket(int port) {
        return new RelayTicket(
                "node-1", URI.create("ws://127.0.0.1:" + port + "/base"), TOKEN, Instant.parse("2026-11-01T00:01:00Z"));
    }

    private Tunnel redeem() {
        return tunnels.redeem(tunnels.issue(ticket(relay.port()))).orElseThrow();
    }

    private static String next(BlockingQueue<String> heard) throws InterruptedException {
        return String.valueOf(heard.poll(10, TimeUnit.SECONDS));
    }

    private String lines() throws InterruptedException {
        StringBuilder all = new StringBuilder();
        for (String line = next(relayHeard); !line.equals("open"); line = next(relayHeard))
            all.append(line).append('\n');
        return all.toString();
    }

    @Test
    void theTokenGoesInAHeaderAndNothingTellsOfBrowserOrSystem() throws Exception {
        redeem().opened(page, "join-request_==");
        String told = lines();
        assertThat(told)
                .contains("authorization: Bearer " + TOKEN + "\n")
                .contains("user-agent: Sotto\n")
                .contains("query: join_request=join-request_%3D%3D\n")
                .doesNotContainIgnoringCase("origin")
                .doesNotContainIgnoringCase("cookie")
                .doesNotContainIgnoringCase("java")
                .doesNotContainIgnoringCase("linux");
    }

    @Test
    void messagesGoBothWaysAlsoThoseSaidBeforeTheRelayIsThere() throws Exception {
        Tunnel tunnel = redeem();
        tunnel.opened(page, "x");
        tunnel.message(new byte[3]);
        tunnel.message(new byte[30_000]);
        lines();
        assertThat(next(relayHeard)).isEqualTo("message of 3");
        assertThat(next(relayHeard)).isEqualTo("message of 30000");
        assertThat(next(pageHeard)).isEqualTo("message of 6");
        assertThat(next(pageHeard)).isEqualTo("message of 60000");
    }

    @Test
    void aTokenThatTheRelaySendsDoesNotReachThePage() throws Exception {
        Tunnel tunnel = redeem();
        tunnel.opened(page, "x");
        tunnel.message(new byte[2]);
        tunnel.message(new byte[4]);
        assertThat(next(pageHeard)).isEqualTo("message of 8");
    }

    @Test
    void whenOneEndClosesSoDoesTheOther() throws Exception {
        Tunnel first = redeem();
        first.opened(page, "x");
        lines();
        first.closed();
        assertThat(next(relayHeard)).isEqualTo("closed");
        assertThat(next(pageHeard)).isEqualTo("closed");
        Tunnel second = redeem();
        second.opened(page, "x");
        second.message(new byte[1]);
        assertThat(next(pageHeard)).isEqualTo("closed");
    }

    @Test
    void aNodeThatIsNotThereEndsTheTunnel() throws Exception {
        int port = relay.port();
        relay.stop();
        tunnels.redeem(tunnels.issue(ticket(port))).orElseThrow().opened(page, "x");
        assertThat(next(pageHeard)).isEqualTo("closed");
    }

    @Test
    void aFloodEndsTheTunnel() throws Exception {
        Tunnel tunnel = redeem();
        for (int i = 0; i < 1000; i++) tunnel.message(new byte[10]);
        tunnel.opened(page, "x");
        assertThat(next(pageHeard)).isEqualTo("closed");
    }

    @Test
    void aNameIsGoodOnceForTenSecondsAndUntilTheCallEnds() {
        String name = tunnels.issue(ticket(1));
        assertThat(tunnels.redeem("A".repeat(43))).isEmpty();
        assertThat(tunnels.redeem(name)).isPresent();
        assertThat(tunnels.redeem(name)).isEmpty();
        String late = tunnels.issue(ticket(1));
        now = now.plus(Duration.ofSeconds(10));
        assertThat(tunnels.redeem(late)).isEmpty();
        String ended = tunnels.issue(ticket(1));
        tunnels.closeAll();
        assertThat(tunnels.redeem(ended)).isEmpty();
    }
}
