package sotto.app.call;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Objects;
import java.util.random.RandomGenerator;

/**
 * When the own leaf in a group needs renewal. A leaf that came from a KeyPackage is good for two days (protocol §4): after
 * that newcomers refuse the whole group. A commit by its owner takes the limit away.
 *
 * @param clock the same that KeyPackages are dated and judged by
 * @param before how long before its end a leaf is renewed
 * @param interval how often it is looked at, twice that at most
 * @param random spreads members who joined at the same time
 */
public record LeafWatch(InstantSource clock, Duration before, Duration interval, RandomGenerator random) {
    public LeafWatch {
        Objects.requireNonNull(clock, "clock");
        Objects.requireNonNull(before, "before");
        Objects.requireNonNull(interval, "interval");
        Objects.requireNonNull(random, "random");
    }

    /** Renewed twelve hours after it was made, looked at every ten to twenty minutes: some forty attempts before the end
     * comes near for a newcomer whose clock is a day ahead. */
    public static LeafWatch inLongCalls(InstantSource clock, RandomGenerator random) {
        return new LeafWatch(clock, Duration.ofHours(36), Duration.ofMinutes(10), random);
    }

    /** Until the next look. */
    Duration every() {
        return interval.plusMillis(random.nextLong(interval.toMillis() + 1));
    }

    /** Whether a leaf that ends then is to be renewed now. */
    boolean soon(Instant end) {
        return !clock.instant().isBefore(end.minus(before));
    }
}
