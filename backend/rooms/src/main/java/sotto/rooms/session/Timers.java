package sotto.rooms.session;

/** The only clock of a session. */
public interface Timers {
    /** Runs a task once after a delay, on any thread. */
    Timer schedule(long delayMillis, Runnable task);

    /** A task that waits. */
    interface Timer {
        /** The task won't be started any more; does nothing if it was. */
        void cancel();
    }
}
