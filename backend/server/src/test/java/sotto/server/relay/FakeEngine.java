package sotto.server.relay;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;

/** Nodes that are alive or dead as a test says. */
final class FakeEngine implements RelayEngine {
    private final Set<URI> dead = ConcurrentHashMap.newKeySet();
    final AtomicInteger questions = new AtomicInteger();

    void kill(RelayNode node) {
        dead.add(node.health);
    }

    void revive(RelayNode node) {
        dead.remove(node.health);
    }

    @Override
    public String token(RelayKey key, Seat seat) {
        return key.name() + "." + seat.call() + "." + seat.identity();
    }

    @Override
    public CompletableFuture<Boolean> healthy(URI url, Duration patience) {
        questions.incrementAndGet();
        return CompletableFuture.completedFuture(!dead.contains(url));
    }

    @Override
    public Path program(Consumer<String> progress) throws IOException {
        throw new IOException("there is no program");
    }

    @Override
    public Launch launch(Path program, RelayKey key, Binding binding) {
        throw new AssertionError("nothing is launched");
    }
}
