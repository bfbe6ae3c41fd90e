package sotto.server;

import sotto.rooms.wire.ClientFrame;

/**
 * Sees what the server sees. For tests and for the demo's report on what the server could learn; a product's server has
 * none.
 */
@FunctionalInterface
public interface ServerObserver {
    /**
     * A frame was taken from a client, before it is handled. Called on network threads, several at once.
     *
     * @param text as it came over the socket
     */
    void received(String text, ClientFrame frame);
}
