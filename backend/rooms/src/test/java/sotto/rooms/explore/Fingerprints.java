package sotto.rooms.explore;

/** A set of 64-bit numbers, 0 excepted, in little memory. */
final class Fingerprints {
    private long[] slots = new long[1 << 16];
    private int size;

    /** Whether it was not there yet. */
    boolean add(long print) {
        if (print == 0) print = 1;
        if (size * 2L > slots.length) grow();
        if (!insert(slots, print)) return false;
        size++;
        return true;
    }

    boolean contains(long print) {
        if (print == 0) print = 1;
        int at = (int) (print >>> 20) & slots.length - 1;
        while (slots[at] != 0) {
            if (slots[at] == print) return true;
            at = at + 1 & slots.length - 1;
        }
        return false;
    }

    private void grow() {
        long[] more = new long[slots.length * 2];
        for (long print : slots) if (print != 0) insert(more, print);
        slots = more;
    }

    private static boolean insert(long[] slots, long print) {
        int at = (int) (print >>> 20) & slots.length - 1;
        while (slots[at] != 0) {
            if (slots[at] == print) return false;
            at = at + 1 & slots.length - 1;
        }
        slots[at] = print;
        return true;
    }
}
