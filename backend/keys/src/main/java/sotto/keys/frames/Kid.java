package sotto.keys.frames;

/**
 * SFrame key id: {@code leaf << 8 | track << 6 | (epoch mod 64)} (protocol §6). It names sender, track and epoch, so a
 * relay that swaps people or tracks is seen.
 *
 * @param leaf MLS leaf index of the sender, 0 to {@link #MAX_LEAF}
 * @param track 0 microphone, 1 camera, 2 screen, 3 screen audio
 * @param epochMod epoch modulo 64
 */
public record Kid(int leaf, int track, int epochMod) {
    /** Highest leaf index; far above any room, and low enough for a JavaScript number. */
    public static final int MAX_LEAF = (1 << 23) - 1;

    /** Number of tracks. */
    public static final int TRACKS = 4;

    public Kid {
        if (leaf < 0 || leaf > MAX_LEAF) {
            throw new IllegalArgumentException("leaf " + leaf);
        }
        if (track < 0 || track >= TRACKS) {
            throw new IllegalArgumentException("track " + track);
        }
        if (epochMod < 0 || epochMod > 63) {
            throw new IllegalArgumentException("epoch mod 64 is " + epochMod);
        }
    }

    /** The KID of a sender's track in an epoch (unsigned). */
    public static Kid of(int leaf, int track, long epoch) {
        return new Kid(leaf, track, (int) (epoch & 63));
    }

    /** The inverse of {@link #value()}. @throws IllegalArgumentException if it names a leaf above {@link #MAX_LEAF} */
    public static Kid parse(long value) {
        if (value < 0 || value >>> 8 > MAX_LEAF) {
            throw new IllegalArgumentException("KID " + Long.toUnsignedString(value));
        }
        return new Kid((int) (value >>> 8), (int) (value >>> 6 & 3), (int) (value & 63));
    }

    /** The number on the wire. */
    public long value() {
        return (long) leaf << 8 | (long) track << 6 | epochMod;
    }
}
