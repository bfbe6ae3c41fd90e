package sotto.server.relay;

import java.time.Duration;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/**
 * All nodes, and which room is on which. A room is put on the node with the least rooms and stays there while that node
 * lives. When a client says that its node failed, the node is asked at once: if it is dead the room moves, for all of its
 * people; if it answers, the trouble is the client's own and nothing moves. A client that names a node which the room has
 * left already is sent after the others. So two clients can't send a room back and forth.
 */
final class RelayNodes implements AutoCloseable {
    /** How long a node that a client reports may take to answer, twice. */
    private static final Duration PATIENCE = Duration.ofMillis(300);
    /** How often all nodes are asked, and how long each may take. */
    private static final Duration ROUND = Duration.ofSeconds(1);
    /** Rounds in a row that a node may miss. */
    private static final int MISSES = 3;
    /** How long a client waits for a node that is being restarted, before it is told that there is none. */
    private static final Duration WAIT = Duration.ofSeconds(3);

    /** Where a room is. */
    record Place(RelayNode node, String call) {}

    private final RelayEngine engine;
    private final Supplier<String> names;
    private final RelayMetrics metrics;
    private final Map<String, RelayNode> nodes = new LinkedHashMap<>();
    /** Completed when a node comes up. */
    private final Set<CompletableFuture<Void>> waiting = new HashSet<>();

    private boolean watching;
    private final ScheduledExecutorService thread = Executors.newSingleThreadScheduledExecutor(
            Thread.ofPlatform().name("sotto-relay-nodes").daemon().factory());

    /** @param names random names of calls */
    RelayNodes(RelayEngine engine, Supplier<String> names, RelayMetrics metrics) {
        this.engine = engine;
        this.names = names;
        this.metrics = metrics;
    }

    /** Takes a node in, down until it is known to be up. */
    synchronized void add(RelayNode node) {
        nodes.put(node.id, node);
        if (watching) return;
        watching = true;
        thread.scheduleAtFixedRate(this::round, 0, ROUND.toMillis(), TimeUnit.MILLISECONDS);
    }

    synchronized void remove(RelayNode node) {
        if (nodes.remove(node.id, node)) node.state = RelayNode.State.GONE;
    }

    synchronized Optional<RelayNode> node(String id) {
        return Optional.ofNullable(nodes.get(id));
    }

    synchronized List<RelayNode> all() {
        return List.copyOf(nodes.values());
    }

    synchronized boolean anyUp() {
        return nodes.values().stream().anyMatch(node -> node.state == RelayNode.State.UP);
    }

    /** Completed when a node is up: now, or the next that comes up. */
    synchronized CompletableFuture<Void> upOrNext() {
        CompletableFuture<Void> up = new CompletableFuture<>();
        if (anyUp()) up.complete(null);
        else waiting.add(up);
        return up;
    }

    synchronized int count(RelayNode.State state) {
        return (int) nodes.values().stream().filter(node -> node.state == state).count();
    }

    synchronized int rooms() {
        return nodes.values().stream().mapToInt(node -> node.rooms).sum();
    }

    synchronized int rooms(RelayNode node) {
        return node.rooms;
    }

    void up(RelayNode node) {
        List<CompletableFuture<Void>> told;
        synchronized (this) {
            if (node.state == RelayNode.State.GONE) return;
            node.failures = 0;
            node.state = node.draining ? RelayNode.State.DRAINING : RelayNode.State.UP;
            if (node.draining) return;
            told = List.copyOf(waiting);
            waiting.clear();
        }
        told.forEach(one -> one.complete(null));
    }

    synchronized void down(RelayNode node) {
        if (node.state == RelayNode.State.GONE) return;
        node.state = RelayNode.State.DOWN;
        node.lives++;
    }

    synchronized void drain(RelayNode node) {
        node.draining = true;
        if (node.state == RelayNode.State.UP) node.state = RelayNode.State.DRAINING;
    }

    /** The room has ended: its place is free. */
    synchronized void over(RelayRoom room) {
        leave(room);
        room.over = true;
    }

    /**
     * Where a room is to be.
     *
     * @param failed id of the node that does not answer the client who asks, if any
     * @return completes empty if there is no node, or the room is over; on any thread
     */
    CompletableFuture<Optional<Place>> place(RelayRoom room, Optional<String> failed) {
        RelayNode suspect;
        synchronized (this) {
            suspect = failed.isPresent() && room.node != null && room.node.id.equals(failed.get()) && room.node.serves()
                    ? room.node
                    : null;
        }
        if (suspect == null) return placed(room, System.nanoTime() + WAIT.toNanos());
        return ask(suspect).thenCompose(alive -> {
            if (!alive) down(suspect);
            return placed(room, System.nanoTime() + WAIT.toNanos());
        });
    }

    private CompletableFuture<Optional<Place>> placed(RelayRoom room, long until) {
        CompletableFuture<Void> change;
        synchronized (this) {
            if (room.over) return CompletableFuture.completedFuture(Optional.empty());
            if (room.node == null || !room.node.serves()) choose(room);
            if (room.node != null)
                return CompletableFuture.completedFuture(Optional.of(new Place(room.node, room.call)));
            // A node that is known may be about to come back; without any there is nothing to wait for.
            if (nodes.isEmpty() || System.nanoTime() - until >= 0)
                return CompletableFuture.completedFuture(Optional.empty());
            change = new CompletableFuture<>();
            waiting.add(change);
        }
        return change.completeOnTimeout(null, WAIT.toMillis(), TimeUnit.MILLISECONDS)
                .thenCompose(changed -> {
                    synchronized (this) {
                        waiting.remove(change);
                    }
                    return placed(room, until);
                });
    }

    private void choose(RelayRoom room) {
        boolean moves = room.node != null;
        leave(room);
        nodes.values().stream()
                .filter(node -> node.state == RelayNode.State.UP)
                .min(Comparator.comparingInt(node -> node.rooms))
                .ifPresent(node -> {
                    node.rooms++;
                    room.node = node;
                    room.call = node.id.equals(room.lastNode) ? room.lastCall : names.get();
                    room.lastNode = node.id;
                    room.lastCall = room.call;
                    if (moves) metrics.moved();
                });
    }

    private void leave(RelayRoom room) {
        if (room.node != null) room.node.rooms--;
        room.node = null;
        room.call = null;
    }

    /** A check now, with a second try: one lost packet must not move a room. */
    private CompletableFuture<Boolean> ask(RelayNode node) {
        synchronized (this) {
            if (node.checking != null) return node.checking;
            CompletableFuture<Boolean> check = engine.healthy(node.health, PATIENCE)
                    .thenCompose(alive ->
                            alive ? CompletableFuture.completedFuture(true) : engine.healthy(node.health, PATIENCE));
            node.checking = check;
            check.whenComplete((alive, failed) -> {
                synchronized (this) {
                    node.checking = null;
                }
            });
            return check;
        }
    }

    private void round() {
        for (RelayNode node : all()) {
            int life;
            synchronized (this) {
                life = node.lives;
            }
            engine.healthy(node.health, ROUND).thenAccept(alive -> answered(node, life, alive));
        }
    }

    private void answered(RelayNode node, int life, boolean alive) {
        synchronized (this) {
            // An answer to a question from before it went down tells nothing.
            if (node.lives != life) return;
            if (!alive) {
                if (++node.failures >= MISSES) down(node);
                return;
            }
        }
        up(node);
    }

    /** Runs something again and again on the thread that watches nodes. */
    void every(Duration period, Runnable action) {
        try {
            thread.scheduleAtFixedRate(action, period.toMillis(), period.toMillis(), TimeUnit.MILLISECONDS);
        } catch (RejectedExecutionException closed) {
            // Nothing is watched any more.
        }
    }

    @Override
    public void close() {
        thread.shutdownNow();
    }
}
