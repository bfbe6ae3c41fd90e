package sotto.bridge.gate;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.Deque;

/** At most so many within any stretch of so long. Not thread-safe. */
final class RateLimit {
    private final int most;
    private final Duration within;
    private final InstantSource clock;
    private final Deque<Instant> taken = new ArrayDeque<>();

    RateLimit(int most, Duration within, InstantSource clock) {
        this.most = most;
        this.within = within;
        this.clock = clock;
    }

    /** False if that was one too many. */
    boolean take() {
        Instant now = clock.instant();
        while (!taken.isEmpty() && !taken.peekFirst().isAfter(now.minus(within))) taken.removeFirst();
        if (taken.size() >= most) return false;
        taken.addLast(now);
        return true;
    }
}
