package sotto.demo.crowd;

import java.util.ArrayDeque;
import java.util.Queue;
import java.util.concurrent.Executor;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import sotto.rooms.session.Timers;

/**
 * What one headless member does, one task after the other and in order, and its clock. The members of a process take
 * turns, a task each, and with what carries their connections: with a thread for each, dozens that are busy would keep
 * the network of all waiting, which nobody with a computer of their own has to.
 */
final class MemberThread implements Executor, Timers, AutoCloseable {
    private static final Executor TURNS =
            Executors.newThreadPerTaskExecutor(Thread.ofVirtual().name("member").factory());

    private static final ScheduledExecutorService CLOCK = Executors.newSingleThreadScheduledExecutor(
            Thread.ofPlatform().name("members' clock").daemon().factory());

    private final Queue<Runnable> waiting = new ArrayDeque<>();
    private boolean running;
    private boolean holding;
    private boolean held;
    private boolean closed;

    @Override
    public synchronized void execute(Runnable task) {
        if (closed) return;
        waiting.add(task);
        proceed();
    }

    @Override
    public Timer schedule(long delayMillis, Runnable task) {
        ScheduledFuture<?> future = CLOCK.schedule(() -> execute(task), delayMillis, TimeUnit.MILLISECONDS);
        return () -> future.cancel(false);
    }

    /** Does what waits already, then nothing more until {@link #release}; all that comes meanwhile is kept. */
    synchronized void hold() {
        if (holding) return;
        holding = true;
        execute(this::holdNow);
    }

    private synchronized void holdNow() {
        held = holding;
    }

    /** Goes on after {@link #hold}. */
    synchronized void release() {
        holding = false;
        held = false;
        proceed();
    }

    /** Does what waits, whatever held it up, and takes nothing more. */
    @Override
    public synchronized void close() {
        closed = true;
        release();
    }

    private synchronized void proceed() {
        if (running || held || waiting.isEmpty()) return;
        running = true;
        Runnable task = waiting.poll();
        TURNS.execute(() -> {
            try {
                task.run();
            } finally {
                synchronized (this) {
                    running = false;
                    proceed();
                }
            }
        });
    }
}
