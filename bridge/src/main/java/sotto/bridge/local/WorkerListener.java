package sotto.bridge.local;

import sotto.bridge.messages.WorkerToBackend;

/** Hears of the frame worker. All calls come on the bridge's one thread and must not block it. */
public interface WorkerListener {

    /** A worker has shown its key, and the sealed channel to it is open. It is new: no key was ever sent to it. */
    void connected(WorkerLink worker);

    /** A {@code Switched} or {@code Forgot}. {@code Hello} and {@code Done} are the bridge's own business. */
    void message(WorkerLink worker, WorkerToBackend message);

    /** The worker is gone, and every key in it. What was sent and not acknowledged has failed. */
    void closed(WorkerLink worker);
}
