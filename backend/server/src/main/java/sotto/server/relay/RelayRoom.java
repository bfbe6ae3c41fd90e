package sotto.server.relay;

/**
 * A room's place on the relays, from its first ticket to its end. A room holds one from the start; it costs nothing until
 * a relay is asked for. What is in it is guarded by the lock of {@link RelayNodes}.
 */
public final class RelayRoom {
    RelayNode node;
    /**
     * The call's name on the node: random, and another one on each node. The same again where the room comes back to a node
     * that was out of reach for a while: whoever noticed nothing is still in the call of that name there.
     */
    String call;
    /** The node that the room was on last, and the call's name there. */
    String lastNode;

    String lastCall;
    /** The policy has given this room a relay. */
    volatile boolean given;

    boolean over;
}
