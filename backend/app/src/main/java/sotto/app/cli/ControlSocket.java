package sotto.app.cli;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.net.SocketException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import sotto.app.RunningApp;

/**
 * Lets {@code sotto keys} ask the app that runs on the same profile. A Unix domain socket inside the profile's folder,
 * which only its owner can enter. It takes no input: whoever connects gets the fingerprint and the journal as text, and
 * the end. So nothing about calls has to be written to disk for it.
 */
final class ControlSocket implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(ControlSocket.class);
    private static final String NAME = "control";
    private static final ControlSocket NONE = new ControlSocket(null, null);

    private final ServerSocketChannel server;
    private final Path file;

    private ControlSocket(ServerSocketChannel server, Path file) {
        this.server = server;
        this.file = file;
    }

    /** Serves {@code app} until closed. A system without such sockets, or too long a path, is no reason not to run. */
    static ControlSocket serve(Path profile, RunningApp app) {
        Path file = profile.resolve(NAME);
        try {
            Files.deleteIfExists(file); // of a run that was killed: the profile's lock is ours
            ServerSocketChannel server = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
            try {
                server.bind(UnixDomainSocketAddress.of(file));
            } catch (IOException | RuntimeException failure) {
                server.close();
                throw failure;
            }
            ControlSocket socket = new ControlSocket(server, file);
            Thread.ofPlatform().daemon().name("control").start(() -> socket.answer(app));
            return socket;
        } catch (IOException | UnsupportedOperationException unavailable) {
            LOG.warn("`sotto keys` will not see this run: {}", unavailable.getMessage());
            return NONE;
        }
    }

    private void answer(RunningApp app) {
        while (server.isOpen()) {
            try (SocketChannel client = server.accept()) {
                String text = String.join("\n", JournalText.of(app.fingerprint(), app.journal())) + "\n";
                ByteBuffer bytes = ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8));
                while (bytes.hasRemaining()) client.write(bytes);
            } catch (IOException gone) {
                LOG.debug("control connection: {}", gone.getMessage());
            }
        }
    }

    /** What the app that runs on {@code profile} says; empty if none does. */
    static Optional<List<String>> ask(Path profile) throws IOException {
        Path file = profile.resolve(NAME);
        if (!Files.exists(file)) return Optional.empty();
        try (SocketChannel channel = SocketChannel.open(UnixDomainSocketAddress.of(file));
                BufferedReader in = new BufferedReader(
                        new InputStreamReader(Channels.newInputStream(channel), StandardCharsets.UTF_8))) {
            return Optional.of(in.lines().toList());
        } catch (SocketException nobody) {
            return Optional.empty(); // left behind by a run that was killed
        } catch (UncheckedIOException broken) {
            throw broken.getCause();
        }
    }

    @Override
    public void close() {
        if (server == null) return;
        try {
            server.close();
            Files.deleteIfExists(file);
        } catch (IOException failure) {
            LOG.debug("closing the control socket: {}", failure.getMessage());
        }
    }
}
