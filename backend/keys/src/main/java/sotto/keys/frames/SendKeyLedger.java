package sotto.keys.frames;

import java.util.HashMap;
import java.util.Map;
import sotto.keys.groups.GroupId;

/**
 * Makes sure that a send key leaves the backend once (protocol §6). The worker counts frames from 0 under each key, so
 * a second worker with the same key would repeat (key, counter) pairs. One ledger serves the whole process, across page
 * reloads, worker restarts and groups. It need not outlive the process: leaf keys and epochs do not either.
 * Thread-safe.
 */
public final class SendKeyLedger {
    private record Sender(GroupId group, int leaf, int track) {}

    private final Map<Sender, Long> highest = new HashMap<>();

    /**
     * Marks the send key of a track as handed out. Epochs of a track only go up: asking for the same or an earlier one
     * is refused.
     *
     * @throws SendKeySpentException if the key, or one of a later epoch, was handed out before
     */
    public synchronized void claim(GroupId group, long epoch, int leaf, int track) throws SendKeySpentException {
        if (epoch < 0) {
            throw new IllegalArgumentException("epoch " + epoch);
        }
        Sender sender = new Sender(group, leaf, track);
        Long last = highest.get(sender);
        if (last != null && last >= epoch) {
            throw new SendKeySpentException(epoch, leaf, track);
        }
        highest.put(sender, epoch);
    }

    /** Whether {@link #claim} would succeed now. */
    public synchronized boolean available(GroupId group, long epoch, int leaf, int track) {
        Long last = highest.get(new Sender(group, leaf, track));
        return last == null || last < epoch;
    }
}
