package sotto.bridge.local;

import java.util.concurrent.CompletableFuture;
import sotto.bridge.seal.WorkerCommands;

/** The connected frame worker, with an open sealed channel. Thread-safe. */
public interface WorkerLink {

    /**
     * Seals the commands before it returns, and sends them in the order of the calls. The commands stay the caller's, to
     * be closed by it at once if it has no more use for their keys.
     *
     * @return done when the worker has carried them out; failed with {@link WorkerGoneException} if it goes before. Its
     *     dependent stages run on the bridge's thread
     */
    CompletableFuture<Void> send(WorkerCommands commands);

    /** Ends the worker's socket; the worker then forgets every key. */
    void close();
}
