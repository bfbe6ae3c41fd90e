package sotto.rooms.session;

import java.util.EnumMap;
import java.util.Map;
import java.util.concurrent.Executor;
import java.util.function.Consumer;
import sotto.rooms.machine.RoomTimer;

/**
 * The machine's timers. Those that ask whether something came in time wait while the log is still being read: where the
 * processor or the line is short, what was waited for may have come long ago, and be a few entries further on. On the
 * session's executor, but for the clock.
 */
final class RoomTimers {
    /** A timer that ran out while the log was being read is looked at again after this. */
    private static final int READING_MILLIS = 100;

    /** So often, then it counts all the same: nobody may keep a timer from running out by saying things. */
    private static final int MOST_PUT_OFF = 300;

    private final Timers clock;
    private final Executor executor;
    private final Consumer<RoomTimer> fired;
    private final Map<RoomTimer, Timers.Timer> set = new EnumMap<>(RoomTimer.class);
    private final Map<RoomTimer, Long> generations = new EnumMap<>(RoomTimer.class);
    private boolean reading;

    /** @param fired told which timer has run out */
    RoomTimers(Timers clock, Executor executor, Consumer<RoomTimer> fired) {
        this.clock = clock;
        this.executor = executor;
        this.fired = fired;
    }

    /** Sets a timer, anew if it was set. */
    void set(RoomTimer timer, int millis) {
        cancel(timer);
        set.put(timer, clock.schedule(millis, new Task(timer)));
    }

    void cancel(RoomTimer timer) {
        Timers.Timer before = set.remove(timer);
        if (before != null) before.cancel();
        generations.merge(timer, 1L, Long::sum);
    }

    void cancelAll() {
        for (RoomTimer timer : RoomTimer.values()) cancel(timer);
    }

    /** An entry of the log is being read. */
    void reading() {
        reading = true;
    }

    private static boolean asksTheLog(RoomTimer timer) {
        return switch (timer) {
            case ADMISSION, GRACE -> true;
            case TURN, GATHER, FLIGHT, RECONNECT -> false;
        };
    }

    /** A timer that ran out counts only if it was neither cancelled nor set anew before its turn came. */
    private final class Task implements Runnable {
        private final RoomTimer timer;
        private final long generation;
        private int putOff;

        Task(RoomTimer timer) {
            this.timer = timer;
            generation = generations.getOrDefault(timer, 0L);
        }

        @Override
        public void run() {
            executor.execute(() -> {
                if (generations.getOrDefault(timer, 0L) != generation) return;
                if (asksTheLog(timer) && (putOff == 0 || reading) && putOff < MOST_PUT_OFF) {
                    putOff++;
                    reading = false;
                    set.put(timer, clock.schedule(READING_MILLIS, this));
                    return;
                }
                set.remove(timer);
                fired.accept(timer);
            });
        }
    }
}
