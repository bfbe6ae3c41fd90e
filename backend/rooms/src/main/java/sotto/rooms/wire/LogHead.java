package sotto.rooms.wire;

import java.util.Objects;

/**
 * Where a log stands: the sequence of its last entry (0 before the first) and the hash up to it.
 *
 * @param sequence number of entries so far
 * @param hash h(sequence)
 */
public record LogHead(long sequence, LogHash hash) {
    public LogHead {
        WireLimits.number("sequence", sequence);
        Objects.requireNonNull(hash, "hash");
    }

    /** The head of a log without entries. */
    public static LogHead start(RoomId room, LogId log) {
        return new LogHead(0, LogHash.start(room, log));
    }

    /**
     * The head after one more entry.
     *
     * @throws IllegalArgumentException unless the entry's sequence is the next one
     */
    public LogHead next(LogEntry entry) {
        if (entry.sequence() != sequence + 1)
            throw new IllegalArgumentException(
                    "log entry has sequence " + entry.sequence() + " where " + (sequence + 1) + " is next");
        return new LogHead(entry.sequence(), hash.next(entry));
    }
}
