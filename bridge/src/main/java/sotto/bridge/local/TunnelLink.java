package sotto.bridge.local;

import java.util.concurrent.CompletableFuture;

/** The page's end of a tunnel to a relay. Thread-safe. */
public interface TunnelLink {

    /** Messages in either direction are no longer than this. A session description has a tenth of it. */
    int MOST_BYTES = 256 * 1024;

    /**
     * Sends one binary message. One at a time: the next after the last is written.
     *
     * @return done when it is written; failed if it can't be
     */
    CompletableFuture<Void> send(byte[] message);

    /** Closes the page's socket; does nothing if it is closed. */
    void close();
}
