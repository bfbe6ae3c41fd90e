package sotto.server.relay;

import java.net.URI;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.util.Base64;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;

/** A machine that is a relay node of a coordination server elsewhere: runs one relay and registers it. */
public final class RelayHost implements AutoCloseable {
    private static final int ID_BYTES = 16;

    private final RelayProcess process;
    private final NodeReporter reporter;
    private final CompletableFuture<String> impossible = new CompletableFuture<>();

    /**
     * @param server scheme, host and port of the coordination server
     * @param own with a public URL
     * @param people participants in one call
     * @param progress told what takes long, what goes wrong, and when registering works
     */
    public RelayHost(
            RelayEngine engine,
            URI server,
            NodeSecret secret,
            RelaySettings.Own own,
            int people,
            Consumer<String> progress) {
        URI url = own.publicUrl().orElseThrow(() -> new IllegalArgumentException("a relay node needs a public URL"));
        // Made anew at each start: rooms of an earlier life are not on this node.
        byte[] id = new byte[ID_BYTES];
        new SecureRandom().nextBytes(id);
        String node = Base64.getUrlEncoder().withoutPadding().encodeToString(id);
        reporter = new NodeReporter(server, secret, node, url, progress, Clock.systemUTC());
        process = new RelayProcess(engine, secret.relayKey(node), own, people, progress, new RelayProcess.Listener() {
            @Override
            public void up(URI reachable, URI health) {
                progress.accept("the relay is up");
                reporter.state(NodeBeat.State.UP);
            }

            @Override
            public void down() {
                reporter.state(NodeBeat.State.DOWN);
            }

            @Override
            public void impossible(String why) {
                impossible.complete(why);
            }
        });
    }

    public void start() {
        process.start();
        reporter.start();
    }

    /** Completed with the reason when no relay can be run here. */
    public CompletableFuture<String> impossible() {
        return impossible;
    }

    /** The relay's process, while it runs: for tests that kill it. */
    Optional<ProcessHandle> running() {
        return process.running();
    }

    /**
     * Takes no new rooms, and returns when the last one is over, or after that time.
     *
     * @return rooms that are left; negative if the server did not tell
     */
    public int drain(Duration longest) {
        reporter.state(NodeBeat.State.DRAINING);
        long until = System.nanoTime() + longest.toNanos();
        while (reporter.rooms() != 0 && System.nanoTime() < until)
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(200));
        return reporter.rooms();
    }

    /** Says goodbye to the coordination server first, so that clients are sent elsewhere when they lose this node. */
    @Override
    public void close() {
        reporter.close();
        process.close();
    }
}
