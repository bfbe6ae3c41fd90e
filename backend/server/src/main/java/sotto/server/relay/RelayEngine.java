package sotto.server.relay;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;

/** A kind of relay: how its nodes are asked, opened and run. Safe for use from any thread. */
public interface RelayEngine {

    /** What lets one client into one call on a node, until the seat expires. */
    String token(RelayKey key, Seat seat);

    /**
     * Asks a node whether it can take calls. Completes with false, never exceptionally, when it can't or does not answer
     * in time.
     *
     * @param url as clients reach it, or on the same machine
     */
    CompletableFuture<Boolean> healthy(URI url, Duration patience);

    /**
     * Finds the engine's program, or gets it; that may take minutes, and is then told.
     *
     * @throws IOException if there is no way to it here; the message says what was tried and what helps
     */
    Path program(Consumer<String> progress) throws IOException;

    /** How to start a node on this machine. */
    Launch launch(Path program, RelayKey key, Binding binding);

    /**
     * A place in a call.
     *
     * @param call the call's name on the node
     * @param identity the client's name in the call
     */
    record Seat(String call, String identity, Instant from, Instant expires) {
        public Seat {
            Objects.requireNonNull(call, "call");
            Objects.requireNonNull(identity, "identity");
            if (!expires.isAfter(from)) throw new IllegalArgumentException("a seat expires before it is valid");
        }
    }

    /**
     * Where a node on this machine listens; all ports are known by now.
     *
     * @param host address for signalling
     * @param port TCP, signalling over HTTP and WebSocket
     * @param mediaTcpPort for media of clients whose network drops UDP
     * @param mediaUdpPort for media
     * @param mediaAddress address that clients are to send media to; empty lets the engine look for it
     * @param loopbackAlone media too is for this machine alone
     * @param people participants in one call
     */
    record Binding(
            String host,
            int port,
            int mediaTcpPort,
            int mediaUdpPort,
            Optional<String> mediaAddress,
            boolean loopbackAlone,
            int people) {}

    /**
     * @param environment set for the program alone; holds secrets, which a command line must not
     * @param health where {@link #healthy} finds it
     */
    record Launch(List<String> command, Map<String, String> environment, URI health) {
        public Launch {
            command = List.copyOf(command);
            environment = Map.copyOf(environment);
            Objects.requireNonNull(health, "health");
        }

        /** Tells nothing of the environment. */
        @Override
        public String toString() {
            return "Launch" + command;
        }
    }
}
