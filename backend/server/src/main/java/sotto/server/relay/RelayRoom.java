package sotto.server.relay;

/**
 * A room's place on the relays, from its first ticket to its end. A room holds one from the start; it costs nothing until
 * a relay is asked for. What is in it is guarded by the lock of {@link RelayNodes}.
 */
public final class RelayRoom {
    RelayNode node;
    /** The call's name on the node: random, and another one on each node. */
    String call;
    /** The policy has given this room a relay. */
    volatile boolean given;

    boolean over;
}
