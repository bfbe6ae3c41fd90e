package sotto.bridge.local;

import java.time.Instant;
import java.time.InstantSource;

/** A clock for durations: starts with the time of day, and goes on evenly when somebody sets the computer's clock. */
final class SteadySource implements InstantSource {
    private final Instant start = Instant.now();
    private final long nanos = System.nanoTime();

    @Override
    public Instant instant() {
        return start.plusNanos(System.nanoTime() - nanos);
    }
}
