package sotto.app.call;

import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.function.LongSupplier;
import sotto.rooms.group.ParticipantId;

/**
 * How much each participant may say to this person's page. Media between two people takes some dozens of signals when it
 * begins or changes its way; who sends many more would fill the page's socket, and could end the call for whoever uses it.
 * On the call's thread.
 */
final class SignalLimit {
    /** Signals and states of one participant at once. */
    static final int BURST = 256;
    /** And in each second from then on. */
    static final int PER_SECOND = 32;

    private static final long NANOS_EACH = 1_000_000_000L / PER_SECOND;

    private final LongSupplier nanos;
    /** When all of a participant's burst is there again. */
    private final Map<ParticipantId, Long> full = new HashMap<>();

    /** @param nanos the time, as {@link System#nanoTime} tells it */
    SignalLimit(LongSupplier nanos) {
        this.nanos = nanos;
    }

    /** Whether one more of this participant may pass; counts it if so. */
    boolean pass(ParticipantId from) {
        long now = nanos.getAsLong();
        long ahead = Math.max(0, full.getOrDefault(from, now) - now) + NANOS_EACH;
        if (ahead > BURST * NANOS_EACH) return false;
        full.put(from, now + ahead);
        return true;
    }

    /** Forgets who is not there any more. */
    void keep(Set<ParticipantId> present) {
        full.keySet().retainAll(present);
    }
}
