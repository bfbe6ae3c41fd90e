package sotto.server;

/** Holds up to {@code burst} tokens and refills by {@code perSecond}. Starts full. Used by one thread at a time. */
final class TokenBucket {
    private static final double NANOS = 1e9;

    private final double perNano;
    private final double burst;
    private double tokens;
    private long at;

    TokenBucket(double perSecond, double burst, long now) {
        this.perNano = perSecond / NANOS;
        this.burst = burst;
        this.tokens = burst;
        this.at = now;
    }

    /**
     * Takes tokens if there are enough.
     *
     * @param now {@link System#nanoTime}
     */
    boolean take(double wanted, long now) {
        tokens = Math.min(burst, tokens + (now - at) * perNano);
        at = now;
        if (tokens < wanted) return false;
        tokens -= wanted;
        return true;
    }
}
