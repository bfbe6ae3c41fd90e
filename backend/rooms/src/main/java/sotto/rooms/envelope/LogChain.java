package sotto.rooms.envelope;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import sotto.rooms.wire.LogEntry;
import sotto.rooms.wire.LogHash;
import sotto.rooms.wire.LogHead;

/**
 * This client's view of the log's hash chain: the head and the last {@link #WINDOW} hashes, to compare with what the
 * senders of envelopes have seen.
 */
public final class LogChain {
    /** Hashes remembered. */
    public static final int WINDOW = 4096;

    /** How a sender's view relates to this client's. */
    public enum View {
        /** The same log up to there. */
        SAME,
        /** Before this client's time, or too long ago to tell. */
        UNKNOWN,
        /** Another log: the server showed the two of them different things. */
        FORKED,
        /** The sender has seen entries that this client was not given, though they came earlier. */
        AHEAD
    }

    private LogHead head;
    private final Map<Long, LogHash> hashes = new HashMap<>();
    private final Deque<Long> order = new ArrayDeque<>();

    /** @param head the log before the own arrival, as the server says */
    public LogChain(LogHead head) {
        enter(head);
    }

    /** Goes on at another head of the same log, after a gap. */
    public void enter(LogHead head) {
        this.head = Objects.requireNonNull(head, "head");
        remember(head);
    }

    private void remember(LogHead at) {
        if (hashes.put(at.sequence(), at.hash()) == null) order.add(at.sequence());
        if (order.size() > WINDOW) hashes.remove(order.poll());
    }

    /** The last entry's sequence and hash. */
    public LogHead head() {
        return head;
    }

    /** @throws IllegalArgumentException unless the entry is the next one */
    public void append(LogEntry entry) {
        head = head.next(entry);
        remember(head);
    }

    /** Compares a sender's view with this one. */
    public View compare(long sequence, LogHash hash) {
        if (sequence > head.sequence()) return View.AHEAD;
        LogHash own = hashes.get(sequence);
        if (own == null) return View.UNKNOWN;
        return own.equals(hash) ? View.SAME : View.FORKED;
    }
}
