package sotto.app.call;

import java.time.Duration;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import sotto.rooms.session.Timers;

/** The one thread on which calls run, and their clock. */
public final class CallThread implements Executor, Timers, AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(CallThread.class);

    private final ScheduledThreadPoolExecutor executor = new ScheduledThreadPoolExecutor(
            1, Thread.ofPlatform().name("sotto-call").factory());

    private volatile Runnable afterFailure = () -> {};

    public CallThread() {
        executor.setRemoveOnCancelPolicy(true);
        executor.setExecuteExistingDelayedTasksAfterShutdownPolicy(false);
    }

    @Override
    public void execute(Runnable task) {
        try {
            executor.execute(guarded(task));
        } catch (RejectedExecutionException closed) {
            LOG.debug("a task came after the end");
        }
    }

    @Override
    public Timer schedule(long delayMillis, Runnable task) {
        try {
            ScheduledFuture<?> future = executor.schedule(guarded(task), delayMillis, TimeUnit.MILLISECONDS);
            return () -> future.cancel(false);
        } catch (RejectedExecutionException closed) {
            return () -> {};
        }
    }

    /** Runs a task on this thread after a while. */
    void later(Duration delay, Runnable task) {
        schedule(delay.toMillis(), task);
    }

    /**
     * Sets what is done, on this thread, after a task has failed: what it was in the middle of is in an unknown state.
     * Set before the first task.
     */
    void onFailure(Runnable then) {
        afterFailure = then;
    }

    /**
     * One task's failure must not end the thread, and an error that a pool would keep to itself must be seen. The
     * message of an exception never holds key bytes.
     */
    private Runnable guarded(Runnable task) {
        return () -> {
            try {
                task.run();
            } catch (Throwable failed) {
                LOG.error("a task of the call failed", failed);
                try {
                    afterFailure.run();
                } catch (Throwable again) {
                    LOG.error("ending the call failed", again);
                }
            }
        };
    }

    /** Runs what is due, waits for it for a second at most, and drops the rest. */
    @Override
    public void close() {
        executor.shutdown();
        try {
            if (!executor.awaitTermination(1, TimeUnit.SECONDS)) executor.shutdownNow();
        } catch (InterruptedException e) {
            executor.shutdownNow();
            Thread.currentThread().interrupt();
        }
    }
}
