package sotto.rooms.explore;

/** What may still go wrong in a run: how often each kind, and how often any fault at all. */
public enum Budget {
    LEAVE,
    REKEY,
    CRASH,
    DROP,
    RESTART,
    HANG,
    ROGUE,
    TIMER,
    /** What hosts do, and who comes back meanwhile: no faults. */
    HOST,
    TOTAL;

    private static final int BITS = 4;
    private static final long MASK = (1 << BITS) - 1;

    long left(long budgets) {
        return budgets >> ordinal() * BITS & MASK;
    }

    long one() {
        return 1L << ordinal() * BITS;
    }

    long of(int times) {
        if (times < 0 || times > MASK) throw new IllegalArgumentException("a budget is out of range: " + times);
        return (long) times << ordinal() * BITS;
    }

    boolean has(long budgets) {
        return left(budgets) > 0 && (apart() || TOTAL.left(budgets) > 0);
    }

    long spend(long budgets) {
        return budgets - one() - (apart() ? 0 : TOTAL.one());
    }

    /** Whether it is counted apart from all else. */
    private boolean apart() {
        return this == TIMER || this == HOST;
    }
}
