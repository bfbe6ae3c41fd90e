package sotto.app.net;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import sotto.rooms.session.ServerPort;
import sotto.rooms.wire.ClientFrame;
import sotto.rooms.wire.LogEntry;
import sotto.rooms.wire.Payload;
import sotto.rooms.wire.RefusalCode;
import sotto.rooms.wire.RoomId;
import sotto.rooms.wire.ServerFrame;
import sotto.rooms.wire.WireCodec;
import sotto.rooms.wire.WireLimits;
import sotto.server.Main;
import sotto.server.ServerSettings;
import sotto.server.SottoServer;

class ServerConnectorTest {
    private final RoomId room = RoomId.random(new SecureRandom());
    private final List<AutoCloseable> toClose = new ArrayList<>();

    @AfterEach
    void close() throws Exception {
        for (AutoCloseable one : toClose.reversed()) one.close();
    }

    @Test
    void framesGoBothWaysInOrderAndLargeOnesToo() throws Exception {
        SottoServer server = server();
        Recorder told = new Recorder();
        ServerPort.Connection connection = connector().connect(URI.create(server.url()), told);
        told.awaitOpened();
        enter(connection, told);
        List<Payload> sent = new ArrayList<>();
        for (int n = 0; n < 300; n++) sent.add(Payload.of(("message " + n).getBytes()));
        for (int n = 0; n < 5; n++) sent.add(Payload.of(new byte[WireLimits.PAYLOAD_BYTES - n]));
        sent.add(Payload.of("last".getBytes()));
        for (Payload payload : sent) connection.send(WireCodec.encode(new ClientFrame.Post(payload)));
        for (Payload payload : sent) assertThat(message(told).payload()).isEqualTo(payload);
    }

    @Test
    void whatIsSentBeforeACloseStillArrives() throws Exception {
        SottoServer server = server();
        Recorder witness = new Recorder();
        ServerPort.Connection stays = connector().connect(URI.create(server.url()), witness);
        witness.awaitOpened();
        enter(stays, witness);
        Recorder told = new Recorder();
        ServerPort.Connection connection = connector().connect(URI.create(server.url()), told);
        told.awaitOpened();
        enter(connection, told);
        for (int n = 0; n < 50; n++) connection.send(WireCodec.encode(post("message " + n)));
        connection.close();
        connection.close();
        connection.send(WireCodec.encode(post("too late")));
        assertThat(told.awaitClosed()).isEqualTo("closed");
        assertThat(witness.nextFrame(ServerFrame.Entry.class).entry()).isInstanceOf(LogEntry.Arrived.class);
        for (int n = 0; n < 50; n++)
            assertThat(message(witness).payload())
                    .isEqualTo(post("message " + n).payload());
        assertThat(witness.nextFrame(ServerFrame.Entry.class).entry()).isInstanceOf(LogEntry.Gone.class);
        assertThat(told.silent()).isTrue();
    }

    @Test
    void aRefusalReachesTheSessionBeforeTheEnd() throws Exception {
        SottoServer server = server();
        Recorder told = new Recorder();
        ServerPort.Connection connection = connector().connect(URI.create(server.url()), told);
        told.awaitOpened();
        connection.send("{\"type\":\"enter\",\"version\":2}");
        assertThat(told.nextFrame(ServerFrame.Refused.class).code()).isEqualTo(RefusalCode.VERSION);
        assertThat(told.awaitClosed()).contains("the server closed the connection", "1008", "version");
    }

    @Test
    void aServerThatStopsAndComesBackOnItsPortIsReachedAgain() throws Exception {
        SottoServer first = server();
        ServerConnector connector = connector();
        Recorder told = new Recorder();
        ServerPort.Connection connection = connector.connect(URI.create(first.url()), told);
        told.awaitOpened();
        ServerFrame.Entered before = enter(connection, told);
        first.close();
        assertThat(told.nextFrame(ServerFrame.Refused.class).code()).isEqualTo(RefusalCode.STOPPING);
        assertThat(told.awaitClosed()).contains("the server closed the connection");
        Recorder meanwhile = new Recorder();
        connector.connect(URI.create(first.url()), meanwhile);
        assertThat(meanwhile.awaitClosed()).startsWith("unreachable");

        SottoServer second = opened(SottoServer.start(ServerSettings.defaults().withPort(first.port())));
        Recorder again = new Recorder();
        ServerPort.Connection back = connector.connect(URI.create(second.url()), again);
        again.awaitOpened();
        assertThat(enter(back, again).log()).isNotEqualTo(before.log());
    }

    @Test
    void aKilledServerIsNoticedAndItsSuccessorOnThePortIsReached() throws Exception {
        Process process = serverProcess(0);
        int port = port(process);
        URI url = URI.create("http://127.0.0.1:" + port);
        ServerConnector connector = connector();
        Recorder told = new Recorder();
        ServerPort.Connection connection = connector.connect(url, told);
        told.awaitOpened();
        enter(connection, told);
        process.destroyForcibly().waitFor();
        assertThat(told.awaitClosed()).isNotBlank();

        Process successor = serverProcess(port);
        assertThat(port(successor)).isEqualTo(port);
        Recorder again = new Recorder();
        ServerPort.Connection back = connector.connect(url, again);
        again.awaitOpened();
        enter(back, again);
    }

    @Test
    void aConnectionOverWhichNothingComesAnyMoreIsLostAndAQuietOneIsNot() throws Exception {
        SottoServer server = server();
        StallingProxy proxy = opened(new StallingProxy(server.port()));
        ServerConnector connector = opened(new ServerConnector(
                new ServerConnector.Timing(
                        Duration.ofSeconds(10),
                        Duration.ofSeconds(10),
                        Duration.ofMillis(100),
                        Duration.ofSeconds(2),
                        Duration.ofMillis(500)),
                null));
        Recorder quiet = new Recorder();
        ServerPort.Connection direct = connector.connect(URI.create(server.url()), quiet);
        quiet.awaitOpened();
        enter(direct, quiet);
        Recorder told = new Recorder();
        ServerPort.Connection connection = connector.connect(proxy.url(), told);
        told.awaitOpened();
        enter(connection, told);
        quiet.nextFrame(ServerFrame.Entry.class);
        proxy.stall();
        assertThat(told.awaitClosed()).startsWith("nothing was heard from the server");
        // Silent all that time too, but its pings were answered.
        direct.send(WireCodec.encode(post("still here")));
        while (!(quiet.nextFrame(ServerFrame.Entry.class).entry() instanceof LogEntry.Message)) {
            // The other's going may come first.
        }
    }

    @Test
    void slowHandlingOfAFrameIsNotTakenForSilenceOfTheServer() throws Exception {
        SottoServer server = server();
        ServerConnector connector = opened(new ServerConnector(
                new ServerConnector.Timing(
                        Duration.ofSeconds(10),
                        Duration.ofSeconds(10),
                        Duration.ofMillis(20),
                        Duration.ofMillis(500),
                        Duration.ofMillis(500)),
                null));
        CountDownLatch go = new CountDownLatch(1);
        Recorder told = new Recorder();
        ServerPort.Events slow = new ServerPort.Events() {
            @Override
            public void opened() {
                told.opened();
            }

            @Override
            public void frame(String text) {
                try {
                    go.await();
                } catch (InterruptedException interrupted) {
                    Thread.currentThread().interrupt();
                }
                told.frame(text);
            }

            @Override
            public void closed(String detail) {
                told.closed(detail);
            }
        };
        ServerPort.Connection connection = connector.connect(URI.create(server.url()), slow);
        told.awaitOpened();
        connection.send(WireCodec.encode(new ClientFrame.Enter(WireLimits.VERSION, room)));
        // Another connection of the same kind falls silent later and is given up: the limit has passed for both.
        StallingProxy proxy = opened(new StallingProxy(server.port()));
        Recorder other = new Recorder();
        connector.connect(proxy.url(), other);
        other.awaitOpened();
        proxy.stall();
        assertThat(other.awaitClosed()).startsWith("nothing was heard");
        go.countDown();
        assertThat(told.nextFrame()).isInstanceOf(ServerFrame.Entered.class);
        assertThat(told.nextFrame()).isInstanceOf(ServerFrame.Entry.class);
    }

    @Test
    void anAttemptThatGetsNoAnswerKeepsNoOtherFromGettingThrough() throws Exception {
        FakeServer server = opened(FakeServer.afterSecondHandshake(out -> {
            FakeServer.frame(out, FakeServer.TEXT, true, "x");
            new CountDownLatch(1).await();
        }));
        Recorder told = new Recorder();
        ServerPort.Connection connection = opened(new ServerConnector(
                        new ServerConnector.Timing(
                                Duration.ofSeconds(60),
                                Duration.ofMillis(20),
                                Duration.ofSeconds(60),
                                Duration.ofSeconds(120),
                                Duration.ofMillis(500)),
                        null))
                .connect(server.url(), told);
        told.awaitOpened();
        connection.send("hello");
        assertThat(told.next()).isEqualTo(new Recorder.Told.Frame("x"));
        server.dropFirst();
        // Ends by this side's own wish, after half a second without an answer, and not because an attempt failed
        // before.
        connection.close();
        assertThat(told.next()).isEqualTo(new Recorder.Told.Closed("closed"));
    }

    @Test
    void aFrameAboveTheLimitEndsTheConnectionHoweverItIsCut() throws Exception {
        FakeServer whole = opened(FakeServer.afterHandshake(
                out -> FakeServer.frame(out, FakeServer.TEXT, true, "x".repeat(WireLimits.FRAME_BYTES + 1))));
        FakeServer endless = opened(FakeServer.afterHandshake(out -> {
            FakeServer.frame(out, FakeServer.TEXT, false, "x");
            while (true) FakeServer.frame(out, FakeServer.CONTINUATION, false, "x".repeat(1_000));
        }));
        for (FakeServer server : List.of(whole, endless)) {
            Recorder told = new Recorder();
            ServerPort.Connection connection = connector().connect(server.url(), told);
            told.awaitOpened();
            connection.send("hello");
            assertThat(told.next())
                    .isEqualTo(new Recorder.Told.Closed(
                            "the server sent a frame above " + WireLimits.FRAME_BYTES + " bytes"));
        }
    }

    @Test
    void aFrameOfTheLargestSizeInManyPiecesIsOneFrame() throws Exception {
        int pieces = WireLimits.FRAME_BYTES / 1_024;
        FakeServer server = opened(FakeServer.afterHandshake(out -> {
            for (int n = 0; n < pieces; n++)
                FakeServer.frame(
                        out, n == 0 ? FakeServer.TEXT : FakeServer.CONTINUATION, n == pieces - 1, "x".repeat(1_024));
        }));
        Recorder told = new Recorder();
        ServerPort.Connection connection = connector().connect(server.url(), told);
        told.awaitOpened();
        connection.send("hello");
        assertThat(told.next()).isEqualTo(new Recorder.Told.Frame("x".repeat(WireLimits.FRAME_BYTES)));
    }

    @Test
    void aBinaryFrameEndsTheConnection() throws Exception {
        FakeServer server =
                opened(FakeServer.afterHandshake(out -> FakeServer.frame(out, FakeServer.BINARY, true, "x")));
        Recorder told = new Recorder();
        ServerPort.Connection connection = connector().connect(server.url(), told);
        told.awaitOpened();
        connection.send("hello");
        assertThat(told.awaitClosed()).contains("binary");
    }

    @Test
    void aServerThatTakesNothingMoreEndsTheConnectionBeforeMemoryDoes() throws Exception {
        FakeServer server = opened(FakeServer.afterHandshake(out -> new CountDownLatch(1).await()));
        Recorder told = new Recorder();
        ServerPort.Connection connection = opened(new ServerConnector(
                        new ServerConnector.Timing(
                                Duration.ofSeconds(10),
                                Duration.ofSeconds(10),
                                Duration.ofSeconds(60),
                                Duration.ofSeconds(120),
                                Duration.ofMillis(500)),
                        null))
                .connect(server.url(), told);
        told.awaitOpened();
        String frame = "x".repeat(WireLimits.FRAME_BYTES);
        // More than the queue and the sockets' buffers hold.
        for (int n = 0; n < 4 * ServerConnection.MOST_WAITING / frame.length(); n++) connection.send(frame);
        assertThat(told.awaitClosed()).isEqualTo("the server does not take what is sent to it");
    }

    @ParameterizedTest
    @CsvSource({
        "404 Not Found, not a server",
        "200 OK, not a server",
        "302 Found, not a server",
        "403 Forbidden, not a server",
        "503 Service Unavailable, full"
    })
    void whatAnswersButIsNoServerIsToldApart(String status, String expected) throws Exception {
        FakeServer server = opened(FakeServer.insteadOfHandshake(out -> {
            out.writeBytes("HTTP/1.1 " + status + "\r\nLocation: /elsewhere\r\nContent-Length: 0\r\n\r\n");
            new CountDownLatch(1).await();
        }));
        Recorder told = new Recorder();
        connector().connect(server.url(), told);
        assertThat(told.next())
                .isInstanceOfSatisfying(
                        Recorder.Told.Closed.class,
                        closed -> assertThat(closed.detail()).startsWith(expected));
    }

    @Test
    void failuresToConnectNameTheirKind() throws Exception {
        int free;
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getByName("127.0.0.1"))) {
            free = socket.getLocalPort();
        }
        assertThat(failure(URI.create("http://127.0.0.1:" + free))).startsWith("unreachable");
        assertThat(failure(URI.create("http://no-such-host.invalid"))).startsWith("unknown host");
        assertThat(failure(URI.create("https://127.0.0.1:" + server().port()))).startsWith("tls");
    }

    @Test
    void aServerThatNeverAnswersTheHandshakeTimesOut() throws Exception {
        FakeServer server = opened(FakeServer.insteadOfHandshake(out -> new CountDownLatch(1).await()));
        ServerConnector connector = opened(new ServerConnector(
                new ServerConnector.Timing(
                        Duration.ofMillis(300),
                        Duration.ofMillis(100),
                        Duration.ofSeconds(1),
                        Duration.ofSeconds(4),
                        Duration.ofSeconds(1)),
                null));
        Recorder told = new Recorder();
        connector.connect(server.url(), told);
        assertThat(told.awaitClosed()).startsWith("timeout");
    }

    @Test
    void closingWhileConnectingEndsTheAttempt() throws Exception {
        FakeServer server = opened(FakeServer.insteadOfHandshake(out -> new CountDownLatch(1).await()));
        Recorder told = new Recorder();
        ServerPort.Connection connection = connector().connect(server.url(), told);
        connection.close();
        assertThat(told.next()).isEqualTo(new Recorder.Told.Closed("closed before it was open"));
    }

    @Test
    void closingTheConnectorEndsEveryConnection() throws Exception {
        SottoServer server = server();
        ServerConnector connector = connector();
        Recorder told = new Recorder();
        connector.connect(URI.create(server.url()), told);
        told.awaitOpened();
        connector.close();
        assertThat(told.awaitClosed()).isEqualTo("the app is closing");
        Recorder late = new Recorder();
        connector.connect(URI.create(server.url()), late);
        assertThat(late.awaitClosed()).isNotBlank();
    }

    @Test
    void anythingButAServersAddressIsRefused() {
        assertThat(ServerConnector.socketAddress(URI.create("https://example.org:8443/j/x?y#z")))
                .isEqualTo(URI.create("wss://example.org:8443/v1/room"));
        for (String wrong : List.of("ftp://example.org", "example.org", "file:///etc/passwd"))
            assertThatThrownBy(() -> connector().connect(URI.create(wrong), new Recorder()))
                    .isInstanceOf(IllegalArgumentException.class);
    }

    private String failure(URI url) throws InterruptedException {
        Recorder told = new Recorder();
        connector().connect(url, told);
        return told.awaitClosed();
    }

    private ServerFrame.Entered enter(ServerPort.Connection connection, Recorder told) throws Exception {
        connection.send(WireCodec.encode(new ClientFrame.Enter(WireLimits.VERSION, room)));
        ServerFrame.Entered entered = told.nextFrame(ServerFrame.Entered.class);
        assertThat(told.nextFrame(ServerFrame.Entry.class).entry().from()).isEqualTo(entered.connection());
        return entered;
    }

    private static LogEntry.Message message(Recorder told) throws Exception {
        return (LogEntry.Message) told.nextFrame(ServerFrame.Entry.class).entry();
    }

    private static ClientFrame.Post post(String content) {
        return new ClientFrame.Post(Payload.of(content.getBytes()));
    }

    private <C extends AutoCloseable> C opened(C one) {
        toClose.add(one);
        return one;
    }

    private ServerConnector connector() {
        return opened(new ServerConnector());
    }

    private SottoServer server() throws Exception {
        return opened(SottoServer.start(ServerSettings.defaults().withPort(0)));
    }

    private Process serverProcess(int port) throws Exception {
        Process process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-XX:TieredStopAtLevel=1",
                        "-cp",
                        System.getProperty("java.class.path"),
                        Main.class.getName(),
                        "--port",
                        String.valueOf(port))
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        toClose.add(process::destroyForcibly);
        return process;
    }

    private static int port(Process process) throws Exception {
        BufferedReader out = new BufferedReader(new InputStreamReader(process.getInputStream()));
        String line = out.readLine();
        return Integer.parseInt(line.substring(line.lastIndexOf(':') + 1));
    }
}
