package sotto.demo.crowd;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Predicate;

/**
 * One headless person. What it is told to do is done on its own thread, soon; what came of it shows in {@link #seen}. May
 * be used from any thread.
 */
public abstract class CrowdMember implements AutoCloseable {
    private final String name;
    private final List<Consumer<Seen>> listeners = new ArrayList<>();
    private Seen seen = Seen.NOTHING;

    CrowdMember(String name) {
        this.name = name;
    }

    public final String name() {
        return name;
    }

    /** Enters a room. After a stay has ended, or crashed, a new one can begin. */
    public abstract void enter(String link);

    /** Says goodbye and goes. */
    public abstract void leave();

    /** The program dies: its connection is cut without a goodbye, and nothing comes from it any more. */
    public abstract void crash();

    /** The connection breaks; the program lives and connects again. */
    public abstract void cut();

    /** The program hangs: it does nothing, and its connection stands. */
    public abstract void freeze();

    /** Goes on after {@link #freeze}, with all that came meanwhile. */
    public abstract void thaw();

    /** Asks for a new epoch, as a replaced worker does. */
    public abstract void rekey();

    /** Ends everything of this member at once, without a goodbye. */
    @Override
    public abstract void close();

    /** What it knows now. */
    public final synchronized Seen seen() {
        return seen;
    }

    /** Calls a listener with each change from now on, on the member's thread, in order; it must be quick. */
    public final synchronized void listen(Consumer<Seen> listener) {
        listeners.add(listener);
    }

    final void tell(Seen now) {
        List<Consumer<Seen>> to;
        synchronized (this) {
            seen = now;
            to = List.copyOf(listeners);
            notifyAll();
        }
        to.forEach(listener -> listener.accept(now));
    }

    /**
     * Waits until it knows something.
     *
     * @throws AssertionError if that does not come in time; says what was seen instead
     */
    public final synchronized Seen await(String what, Duration patience, Predicate<Seen> fits)
            throws InterruptedException {
        long end = System.nanoTime() + patience.toNanos();
        while (!fits.test(seen)) {
            long left = end - System.nanoTime();
            if (left <= 0) throw new AssertionError(name + " waited in vain: " + what + "; it sees " + seen);
            TimeUnit.NANOSECONDS.timedWait(this, left);
        }
        return seen;
    }

    @Override
    public final String toString() {
        return name;
    }
}
