package sotto.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.PortUnreachableException;
import java.net.SocketTimeoutException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import sotto.rooms.wire.ClientFrame;
import sotto.rooms.wire.IceServer;
import sotto.rooms.wire.RefusalCode;
import sotto.rooms.wire.ServerFrame;

/** Short-lived TURN credentials: their form, who gets them, and that a real TURN server takes them. */
class TurnServerTest extends ServerTest {
    private static final String SECRET = "the-secret-of-the-turn-server";

    @TempDir
    Path folder;

    @Override
    ServerSettings settings() {
        return super.settings().withTurn(new TurnServer(List.of("turn:turn.example:3478"), SECRET, TurnServer.LIFE));
    }

    /** The password was computed with OpenSSL: {@code printf 1700003600:… | openssl dgst -sha1 -hmac … -binary | base64}. */
    @Test
    void thePasswordIsTheUserNamesHmac() throws Exception {
        IceServer made = new TurnServer(List.of("turn:a"), SECRET, TurnServer.LIFE)
                .credentials(Instant.ofEpochSecond(1_700_000_000));
        String name = made.username().orElseThrow();
        assertThat(name).matches("1700003600:[0-9a-f]{24}");
        Process openssl = new ProcessBuilder(
                        "sh",
                        "-c",
                        "printf %s \"$1\" | openssl dgst -sha1 -hmac \"$2\" -binary | base64",
                        "-",
                        name,
                        SECRET)
                .start();
        assertThat(new String(openssl.getInputStream().readAllBytes()).strip())
                .isEqualTo(made.credential().orElseThrow());
    }

    @Test
    void eachConnectionGetsCredentialsOfItsOwnAndFreshOnesWhenItAsks() throws Exception {
        TestClient first = enter();
        TestClient second = enter();
        first.send(new ClientFrame.Ice());
        ServerFrame.Ice again = first.await(ServerFrame.Ice.class);
        assertThat(Stream.of(first.entered().iceServers(), second.entered().iceServers(), again.iceServers())
                        .map(List::getLast)
                        .map(IceServer::username)
                        .distinct())
                .hasSize(3);
        assertThat(second.entered().relay()).isFalse();
        for (int n = 0; n < 30; n++) second.send(new ClientFrame.Ice());
        assertThat(second.await(ServerFrame.Refused.class).code()).isEqualTo(RefusalCode.RATE);
    }

    @Test
    void whatIsNoTurnServerIsRefused() {
        for (String url : List.of("stun:turn.example", "https://turn.example", "turn:"))
            assertThatThrownBy(() -> new TurnServer(List.of(url), SECRET, TurnServer.LIFE))
                    .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new TurnServer(List.of(), SECRET, TurnServer.LIFE))
                .isInstanceOf(IllegalArgumentException.class);
        assertThat(new TurnServer(List.of("turn:a"), SECRET, TurnServer.LIFE).toString())
                .doesNotContain(SECRET);
    }

    @Test
    void aRealTurnServerTakesThemUntilTheyExpire() throws Exception {
        Optional<Path> program = onPath("turnserver");
        Optional<Path> client = onPath("turnutils_uclient");
        assumeThat(program.isPresent() && client.isPresent())
                .as("coturn is not installed: apt-get install coturn")
                .isTrue();
        int port = freeUdpPort();
        Process turn = turnServer(program.get(), port);
        try {
            awaitListening(turn, port);
            TurnServer now = new TurnServer(List.of("turn:127.0.0.1:" + port), SECRET, TurnServer.LIFE);
            assertThat(allocates(client.get(), port, now.credentials(Instant.now())))
                    .isTrue();
            assertThat(allocates(
                            client.get(), port, now.credentials(Instant.now().minus(Duration.ofHours(2)))))
                    .as("expired")
                    .isFalse();
            TurnServer another = new TurnServer(List.of("turn:127.0.0.1:" + port), SECRET + "x", TurnServer.LIFE);
            assertThat(allocates(client.get(), port, another.credentials(Instant.now())))
                    .as("another secret")
                    .isFalse();
        } finally {
            turn.destroyForcibly();
        }
    }

    private Process turnServer(Path program, int port) throws Exception {
        Path config = Files.writeString(
                folder.resolve("turn.conf"),
                String.join(
                        "\n",
                        "listening-ip=127.0.0.1",
                        "relay-ip=127.0.0.1",
                        "listening-port=" + port,
                        "use-auth-secret",
                        "static-auth-secret=" + SECRET,
                        "realm=sotto.example",
                        "allow-loopback-peers",
                        "cli-password=unused-but-wanted",
                        "no-cli",
                        "no-tls",
                        "no-dtls",
                        "userdb=" + folder.resolve("turn.db"),
                        "pidfile=" + folder.resolve("turn.pid"),
                        "log-file=stdout",
                        ""));
        return new ProcessBuilder(program.toString(), "-c", config.toString())
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start();
    }

    /** Sends STUN binding requests (RFC 8489) until one is answered. */
    private static void awaitListening(Process turn, int port) throws Exception {
        byte[] request = ByteBuffer.allocate(20)
                .putShort((short) 1)
                .putShort((short) 0)
                .putInt(0x2112A442)
                .array();
        try (DatagramSocket socket = new DatagramSocket()) {
            socket.connect(InetAddress.getLoopbackAddress(), port);
            socket.setSoTimeout(100);
            while (turn.isAlive()) {
                try {
                    socket.send(new DatagramPacket(request, request.length));
                    socket.receive(new DatagramPacket(new byte[1_500], 1_500));
                    return;
                } catch (SocketTimeoutException | PortUnreachableException notYet) {
                    // Asks again.
                }
            }
        }
        throw new AssertionError("turnserver ended before it listened");
    }

    private static boolean allocates(Path client, int port, IceServer server) throws Exception {
        Process run = new ProcessBuilder(
                        client.toString(),
                        "-y",
                        "-c",
                        "-n",
                        "1",
                        "-m",
                        "1",
                        "-u",
                        server.username().orElseThrow(),
                        "-w",
                        server.credential().orElseThrow(),
                        "-p",
                        String.valueOf(port),
                        "127.0.0.1")
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start();
        try {
            return run.waitFor(30, TimeUnit.SECONDS) && run.exitValue() == 0;
        } finally {
            run.destroyForcibly();
        }
    }

    private static int freeUdpPort() throws Exception {
        try (DatagramSocket socket = new DatagramSocket(0, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }

    private static Optional<Path> onPath(String name) {
        return Stream.of((System.getenv("PATH") + ":/usr/sbin").split(":"))
                .map(folder -> Path.of(folder, name))
                .filter(Files::isExecutable)
                .findFirst();
    }
}
