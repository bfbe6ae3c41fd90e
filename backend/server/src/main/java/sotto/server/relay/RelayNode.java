package sotto.server.relay;

import java.net.URI;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;

/** One relay, as {@link RelayNodes} knows it. What changes is guarded by the lock of {@link RelayNodes}. */
final class RelayNode {
    /** Whether it can be sent clients. */
    enum State {
        UP,
        /** Takes no rooms that it does not have already: it is going to stop. */
        DRAINING,
        DOWN,
        /** Not one of the nodes any more. */
        GONE
    }

    final String id;
    /** Where clients go. */
    final URI url;
    /** Where this server asks how it is. */
    final URI health;

    final RelayKey key;

    State state = State.DOWN;
    /** Asked to take no more rooms; outlives a bad health check. */
    boolean draining;
    /** Rooms that are on it. */
    int rooms;
    /** How often it went down. */
    int lives;
    /** Health checks in a row that failed. */
    int failures;
    /** A check that is under way, shared by all who want one. */
    CompletableFuture<Boolean> checking;

    RelayNode(String id, URI url, URI health, RelayKey key) {
        this.id = Objects.requireNonNull(id, "id");
        this.url = Objects.requireNonNull(url, "url");
        this.health = Objects.requireNonNull(health, "health");
        this.key = Objects.requireNonNull(key, "key");
    }

    boolean serves() {
        return state == State.UP || state == State.DRAINING;
    }
}
