package sotto.server.relay;

import java.io.IOException;
import java.net.URI;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import sotto.rooms.wire.ClientFrame;
import sotto.rooms.wire.RelayTicket;

/**
 * The relays of a coordination server: gives tickets, and knows the nodes. Safe for use from any thread; no method
 * blocks but {@link #awaitReady} and {@link #close}.
 */
public final class Relay implements AutoCloseable {
    /** Where nodes on other machines report. */
    public static final String BEAT_PATH = NodeBeat.PATH;

    private static final int ID_BYTES = 16;

    /** What is said to a client that asked for a ticket. */
    public sealed interface Answer {
        record Given(RelayTicket ticket) implements Answer {}

        /** No relay here, or none left. */
        record None(String text) implements Answer {}

        /** Not without a pass, or not with this one. */
        record Pass(String text) implements Answer {}
    }

    private final RelaySettings settings;
    private final RelayEngine engine;
    private final Clock clock;
    private final SecureRandom random = new SecureRandom();
    private final RelayMetrics metrics = new RelayMetrics();
    private final RelayNodes nodes;
    private final Optional<RelayProcess> process;
    private final Optional<NodeRegistry> registry;
    /** Completed with the reason when the own relay can't be run here. */
    private final CompletableFuture<String> impossible = new CompletableFuture<>();

    /**
     * @param people participants in one call
     * @param progress told what takes long and what goes wrong with the own relay, in words for the operator
     */
    public Relay(RelaySettings settings, RelayEngine engine, int people, Consumer<String> progress, Clock clock) {
        this.settings = settings;
        this.engine = engine;
        this.clock = clock;
        this.nodes = new RelayNodes(engine, this::randomId, metrics);
        this.registry = settings.nodeSecret().map(secret -> new NodeRegistry(secret, nodes, clock));
        this.process = settings.own().map(own -> {
            RelayKey key = new RelayKey(randomId(), randomId() + randomId());
            return new RelayProcess(engine, key, own, people, progress, new OwnNode(key));
        });
    }

    /** Starts the own relay and looks at the others; returns at once. */
    public void start() {
        for (RelaySettings.Other other : settings.others())
            nodes.add(new RelayNode(randomId(), other.url(), other.url(), other.key()));
        process.ifPresent(RelayProcess::start);
    }

    /**
     * Waits until a node is up.
     *
     * @throws IOException if none is in time, or the own one can't be run here
     */
    public void awaitReady(Duration patience) throws IOException {
        try {
            CompletableFuture.anyOf(nodes.upOrNext(), impossible).get(patience.toNanos(), TimeUnit.NANOSECONDS);
        } catch (TimeoutException | ExecutionException late) {
            throw new IOException("no relay is up after " + patience.toSeconds() + " s");
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted while waiting for a relay");
        }
        if (impossible.isDone() && !nodes.anyUp()) throw new IOException("no relay: " + impossible.join());
    }

    /** Whether a client that comes now can be told that there is a relay. */
    public boolean offered() {
        return settings.policy().mayGive() && nodes.anyUp();
    }

    /**
     * Answers a client.
     *
     * @param room of the room that the client is in
     * @param often the client asks more often than it may
     * @param answer called once, perhaps later and on another thread
     */
    public void ticket(RelayRoom room, ClientFrame.Ticket ask, boolean often, Consumer<Answer> answer) {
        if (often) {
            metrics.askedTooOften();
            answer.accept(new Answer.None("Asked for a relay too often; try again in a few seconds."));
            return;
        }
        if (!room.given) {
            Optional<Answer> refusal = refusal(settings.policy().judge(ask.pass()));
            if (refusal.isPresent()) {
                answer.accept(refusal.get());
                return;
            }
            room.given = true;
        }
        nodes.place(room, ask.failed()).thenAccept(place -> {
            if (place.isPresent()) {
                metrics.ticket();
                answer.accept(new Answer.Given(ticket(place.get())));
            } else {
                metrics.without();
                answer.accept(new Answer.None("No relay of this server is working now."));
            }
        });
    }

    private Optional<Answer> refusal(RelayPolicy.Verdict verdict) {
        switch (verdict) {
            case GIVEN -> {
                return Optional.empty();
            }
            case CLOSED -> metrics.without();
            case PASS_NEEDED, PASS_NOT_TAKEN -> metrics.passRefused();
        }
        return Optional.of(
                switch (verdict) {
                    case GIVEN -> throw new AssertionError("handled above");
                    case CLOSED -> new Answer.None("This server gives no relays at the moment.");
                    case PASS_NEEDED -> new Answer.Pass("This server gives relays against a pass only.");
                    case PASS_NOT_TAKEN -> new Answer.Pass("This server does not take this relay pass.");
                });
    }

    private RelayTicket ticket(RelayNodes.Place place) {
        Instant now = Instant.ofEpochMilli(clock.millis());
        Instant expires = now.plus(settings.ticketLife());
        // Nothing of room, connection or person: the relay must not be able to link two calls.
        RelayEngine.Seat seat = new RelayEngine.Seat(place.call(), randomId(), now, expires);
        return new RelayTicket(place.node().id, place.node().url, engine.token(place.node().key, seat), expires);
    }

    /** A room has ended. */
    public void over(RelayRoom room) {
        nodes.over(room);
    }

    /** Whether other machines may register. */
    public boolean takesNodes() {
        return registry.isPresent();
    }

    /** What is answered to a node's sign of life: an HTTP status and a text. */
    public record BeatAnswer(int status, String text) {}

    /**
     * A node's sign of life.
     *
     * @param authorization the header of that name, or null
     */
    public BeatAnswer beat(String authorization, byte[] body) {
        if (registry.isEmpty()) return new BeatAnswer(404, "no relay nodes are taken here");
        NodeRegistry.Answer answer = registry.get().beat(authorization, body);
        metrics.beat(answer.status() == 200);
        return new BeatAnswer(answer.status(), answer.text());
    }

    /** Prometheus text format 0.0.4. */
    public String prometheus() {
        return metrics.prometheus(nodes);
    }

    /** The own relay's process, while it runs: for tests that kill it. */
    Optional<ProcessHandle> running() {
        return process.flatMap(RelayProcess::running);
    }

    private String randomId() {
        byte[] bytes = new byte[ID_BYTES];
        random.nextBytes(bytes);
        return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    }

    /** The node on this machine; it keeps its id over restarts, since its address and its key stay. */
    private final class OwnNode implements RelayProcess.Listener {
        private final RelayKey key;
        private final String id = randomId();
        private RelayNode node;

        OwnNode(RelayKey key) {
            this.key = key;
        }

        @Override
        public void up(URI url, URI health) {
            if (node == null || !node.url.equals(url) || !node.health.equals(health)) {
                if (node != null) nodes.remove(node);
                node = new RelayNode(id, url, health, key);
                nodes.add(node);
            }
            metrics.started();
            nodes.up(node);
        }

        @Override
        public void down() {
            nodes.down(node);
        }

        @Override
        public void impossible(String why) {
            impossible.complete(why);
        }
    }

    @Override
    public void close() {
        nodes.close();
        process.ifPresent(RelayProcess::close);
    }
}
