package sotto.app.relay;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import io.javalin.Javalin;
import io.javalin.http.HttpResponseException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
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
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
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
    private volatile int refusal;
    private volatile String greeting = "";
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
                    config.routes.wsBeforeUpgrade("/base/rtc/v1", ctx -> {
                        if (refusal != 0) throw new HttpResponseException(refusal, "no");
                    });
                    config.routes.ws("/base/rtc/v1", socket -> {
                        socket.onConnect(ctx -> {
                            if (greeting.equals("text")) ctx.session.sendText("{}", Callback.NOOP);
                            if (greeting.equals("binary"))
                                ctx.session.sendBinary(ByteBuffer.wrap(new byte[] {0x12, 0}), Callback.NOOP);
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
                            else ctx.session.sendBinary(ByteBuffer.wrap(joined(2 * length)), Callback.NOOP);
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

    /** A message that begins as LiveKit's first. */
    private static byte[] joined(int length) {
        byte[] message = new byte[length];
        message[0] = 0x0a;
        return message;
    }

    private RelayTicket ticket(int port) {
        return new RelayTicket(
                "node-1", URI.create("ws://127.0.0.1:" + port + "/base"), TOKEN, Instant.parse("2026-11-01T00:01:00Z"));
    }

    private String issue(int port) {
        return tunnels.issue(ticket(port), (name, why) -> pageHeard.add("failed: " + why));
    }

    private Tunnel redeem() {
        return tunnels.redeem(issue(relay.port())).orElseThrow();
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
        tunnel.message(new byte[3]);
        tunnel.message(new byte[2]);
        tunnel.message(new byte[4]);
        assertThat(next(pageHeard)).isEqualTo("message of 6");
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
        tunnels.redeem(issue(port)).orElseThrow().opened(page, "x");
        assertThat(next(pageHeard)).isEqualTo("failed: UNREACHABLE");
        assertThat(next(pageHeard)).isEqualTo("closed");
    }

    @ParameterizedTest
    @CsvSource({"401, TICKET", "403, TICKET", "404, VERSION", "200, VERSION", "302, VERSION", "503, UNREACHABLE"})
    void whatANodeAnswersInPlaceOfATunnelIsTold(int status, TunnelFailure why) throws Exception {
        refusal = status;
        redeem().opened(page, "x");
        assertThat(next(pageHeard)).isEqualTo("failed: " + why);
        assertThat(next(pageHeard)).isEqualTo("closed");
    }

    @Test
    void aNodeWithACertificateOfNobodysIsSentNothing() throws Exception {
        try (ServerSocket plain = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            // Its answer is no TLS at all, as little as one with a certificate that nobody signed.
            Thread.ofVirtual().start(() -> {
                try (Socket client = plain.accept()) {
                    client.getOutputStream().write("HTTP/1.1 101 Switching Protocols\r\n\r\n".getBytes(US_ASCII));
                    relayHeard.add(new String(client.getInputStream().readAllBytes(), ISO_8859_1));
                } catch (IOException gone) {
                    relayHeard.add("gone");
                }
            });
            RelayTicket ticket = new RelayTicket(
                    "node-1", URI.create("wss://127.0.0.1:" + plain.getLocalPort()), TOKEN, now.plusSeconds(60));
            tunnels.redeem(tunnels.issue(ticket, (name, why) -> pageHeard.add("failed: " + why)))
                    .orElseThrow()
                    .opened(page, "x");
            assertThat(next(pageHeard)).isEqualTo("failed: CERTIFICATE");
            assertThat(next(relayHeard)).doesNotContain(TOKEN);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"text", "binary"})
    void whatSpeaksAnotherProtocolIsNotPassedOn(String how) throws Exception {
        greeting = how;
        redeem().opened(page, "x");
        assertThat(next(pageHeard)).isEqualTo("failed: VERSION");
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
        String name = issue(1);
        assertThat(tunnels.redeem("A".repeat(43))).isEmpty();
        assertThat(tunnels.redeem(name)).isPresent();
        assertThat(tunnels.redeem(name)).isEmpty();
        String late = issue(1);
        now = now.plus(Duration.ofSeconds(10));
        assertThat(tunnels.redeem(late)).isEmpty();
        String ended = issue(1);
        tunnels.closeAll();
        assertThat(tunnels.redeem(ended)).isEmpty();
    }
}
