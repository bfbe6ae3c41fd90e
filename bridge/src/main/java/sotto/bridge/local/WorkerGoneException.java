package sotto.bridge.local;

/** The frame worker went away before it had acknowledged what was sent. */
public final class WorkerGoneException extends Exception {
    WorkerGoneException() {
        super("the frame worker is gone");
    }
}
