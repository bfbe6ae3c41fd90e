package sotto.bridge.local;

import sotto.bridge.messages.BackendToPage;
import sotto.bridge.messages.Problem;

/** The connected page. Thread-safe. */
public interface PageLink {

    /**
     * Sends in the order of the calls. Does nothing once the page is gone. A page that is too slow to take what waits for
     * it is disconnected.
     *
     * @throws sotto.bridge.messages.BridgeException if the message is incomplete or too large
     */
    void send(BackendToPage message);

    /** Tells the page why, and closes its socket. */
    void close(Problem problem);

    /** What the page's browser calls itself, at most 200 characters; empty if it does not say. */
    String userAgent();
}
