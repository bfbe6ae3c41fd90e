package sotto.rooms.explore;

/**
 * The whole state of a run in a few numbers: each names a value in a {@link Universe}. Two worlds of one universe are
 * equal exactly if their cells are.
 */
final class World {
    static final int SERVER = 0;
    static final int HISTORY = 1;
    static final int OLD = 2;
    private static final int BUDGETS = 3;
    private static final int BUDGETS_HIGH = 4;
    private static final int ENTERED = 5;
    private static final int DEAD = 6;
    private static final int HUNG = 7;
    private static final int ROGUE = 8;
    private static final int PEOPLE = 9;
    private static final int EACH = 4;

    /** How a client's connection is. */
    enum Link {
        NONE,
        OPEN,
        /** Closed by the server; the client has not read that yet. */
        CLOSED
    }

    private final int[] cells;

    World(int people) {
        cells = new int[PEOPLE + EACH * people];
    }

    private World(int[] cells) {
        this.cells = cells;
    }

    World copy() {
        return new World(cells.clone());
    }

    int people() {
        return (cells.length - PEOPLE) / EACH;
    }

    int get(int cell) {
        return cells[cell];
    }

    void set(int cell, int value) {
        cells[cell] = value;
    }

    int client(int who) {
        return cells[PEOPLE + EACH * who];
    }

    void client(int who, int value) {
        cells[PEOPLE + EACH * who] = value;
    }

    Link link(int who) {
        return LINKS[cells[PEOPLE + EACH * who + 1]];
    }

    private static final Link[] LINKS = Link.values();

    void link(int who, Link link) {
        cells[PEOPLE + EACH * who + 1] = link.ordinal();
    }

    /** What is under way to the server. */
    int up(int who) {
        return cells[PEOPLE + EACH * who + 2];
    }

    void up(int who, int queue) {
        cells[PEOPLE + EACH * who + 2] = queue;
    }

    /** What is under way to the client. */
    int down(int who) {
        return cells[PEOPLE + EACH * who + 3];
    }

    void down(int who, int queue) {
        cells[PEOPLE + EACH * who + 3] = queue;
    }

    boolean entered(int who) {
        return (cells[ENTERED] >> who & 1) != 0;
    }

    boolean dead(int who) {
        return (cells[DEAD] >> who & 1) != 0;
    }

    boolean hung(int who) {
        return (cells[HUNG] >> who & 1) != 0;
    }

    boolean rogue(int who) {
        return (cells[ROGUE] >> who & 1) != 0;
    }

    boolean anyRogue() {
        return cells[ROGUE] != 0;
    }

    /** Takes part: entered, alive, not stopped. */
    boolean acts(int who) {
        return (cells[ENTERED] & ~cells[DEAD] & ~cells[HUNG] & ~cells[ROGUE]) >> who << 31 != 0;
    }

    void enters(int who) {
        cells[ENTERED] |= 1 << who;
    }

    void dies(int who) {
        cells[DEAD] |= 1 << who;
    }

    void returns(int who) {
        cells[DEAD] &= ~(1 << who);
    }

    void hangs(int who) {
        cells[HUNG] |= 1 << who;
    }

    void wakes(int who) {
        cells[HUNG] &= ~(1 << who);
    }

    void turnsRogue(int who) {
        cells[ROGUE] |= 1 << who;
    }

    long budgets() {
        return (long) cells[BUDGETS_HIGH] << 32 | cells[BUDGETS] & 0xffff_ffffL;
    }

    void budgets(long budgets) {
        cells[BUDGETS] = (int) budgets;
        cells[BUDGETS_HIGH] = (int) (budgets >> 32);
    }

    /** 64 bits of the content: worlds with equal ones are taken for equal. */
    long fingerprint() {
        return mix(SERVER, 0);
    }

    /** Without what no more changes once faults are over. */
    long calmFingerprint(long seed) {
        long hash = seed;
        for (int i = 0; i < cells.length; i++)
            if (i != HISTORY && i != BUDGETS && i != BUDGETS_HIGH) hash = mix(hash, cells[i]);
        return hash;
    }

    private long mix(int from, long seed) {
        long hash = seed;
        for (int i = from; i < cells.length; i++) hash = mix(hash, cells[i]);
        return hash;
    }

    /** SplitMix64's finalizer. */
    static long mix(long hash, long value) {
        long z = (hash ^ value) + 0x9e3779b97f4a7c15L;
        z = (z ^ z >>> 30) * 0xbf58476d1ce4e5b9L;
        z = (z ^ z >>> 27) * 0x94d049bb133111ebL;
        return z ^ z >>> 31;
    }
}
