package sotto.demo.relay;

import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.PortUnreachableException;
import java.net.SocketTimeoutException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import sotto.server.TurnServer;

/** A real TURN server that shares a secret with the coordination server. */
final class Coturn implements AutoCloseable {
    private static final String SECRET = "the-secret-of-the-turn-server";

    private final String address;
    private final int port;
    private final Path log;
    private final Process process;

    /** @param address that it listens on, and whose ports it lends */
    Coturn(Path folder, String address) throws IOException {
        this.address = address;
        port = freePort(address);
        log = folder.resolve("turn.log");
        Path config = Files.writeString(
                folder.resolve("turn.conf"),
                String.join(
                        "\n",
                        "listening-ip=" + address,
                        "relay-ip=" + address,
                        "listening-port=" + port,
                        "use-auth-secret",
                        "static-auth-secret=" + SECRET,
                        "realm=sotto.example",
                        "allow-loopback-peers",
                        "cli-password=unused-but-wanted",
                        "no-cli",
                        "no-tls",
                        "no-dtls",
                        "verbose",
                        "simple-log",
                        "userdb=" + folder.resolve("turn.db"),
                        "pidfile=" + folder.resolve("turn.pid"),
                        "log-file=stdout",
                        ""));
        process = new ProcessBuilder(program().orElseThrow().toString(), "-c", config.toString())
                .redirectErrorStream(true)
                .redirectOutput(log.toFile())
                .start();
        awaitListening();
    }

    static Optional<Path> program() {
        return Stream.of((System.getenv("PATH") + ":/usr/sbin").split(":"))
                .map(folder -> Path.of(folder, "turnserver"))
                .filter(Files::isExecutable)
                .findFirst();
    }

    /** What the coordination server has to know of it. */
    TurnServer with(Duration life) {
        return new TurnServer(List.of("turn:" + address + ":" + port), SECRET, life);
    }

    /** What it has said. */
    String said() throws IOException {
        return Files.readString(log);
    }

    private static int freePort(String address) throws IOException {
        try (DatagramSocket socket = new DatagramSocket(0, InetAddress.getByName(address))) {
            return socket.getLocalPort();
        }
    }

    /** Sends STUN binding requests (RFC 8489) until one is answered. */
    private void awaitListening() throws IOException {
        byte[] request = ByteBuffer.allocate(20)
                .putShort((short) 1)
                .putShort((short) 0)
                .putInt(0x2112A442)
                .array();
        try (DatagramSocket socket = new DatagramSocket()) {
            socket.connect(InetAddress.getByName(address), port);
            socket.setSoTimeout(100);
            while (process.isAlive()) {
                try {
                    socket.send(new DatagramPacket(request, request.length));
                    socket.receive(new DatagramPacket(new byte[1_500], 1_500));
                    return;
                } catch (SocketTimeoutException | PortUnreachableException notYet) {
                    // Asks again.
                }
            }
        }
        throw new IOException("turnserver ended before it listened: " + said());
    }

    @Override
    public void close() {
        process.destroyForcibly();
        process.onExit().join();
    }
}
