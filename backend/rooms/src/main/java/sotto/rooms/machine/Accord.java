package sotto.rooms.machine;

import java.util.Collections;
import java.util.Objects;
import java.util.SortedSet;
import java.util.TreeSet;
import sotto.rooms.RoomPath;
import sotto.rooms.rules.Agreed;
import sotto.rooms.rules.Pass;

/**
 * What the room agreed on beside its keys, as far as this member knows. Outlives logs and groups.
 *
 * @param agreed path and rules
 * @param since sequence of the entry of this log from which on everybody knows these rules; {@link #UNKNOWN} while there
 *     is none. A commit is held to the rules if its maker had seen that entry
 * @param passes who may come into the room while it is locked: who was in it, and whom hosts admitted
 * @param refused whom hosts did not let in
 */
public record Accord(Agreed agreed, long since, SortedSet<Pass> passes, SortedSet<Pass> refused) {
    /** The rules do not stand in this log yet. */
    public static final long UNKNOWN = Long.MAX_VALUE;

    public Accord {
        Objects.requireNonNull(agreed, "agreed");
        passes = Collections.unmodifiableSortedSet(new TreeSet<>(passes));
        refused = Collections.unmodifiableSortedSet(new TreeSet<>(refused));
    }

    static Accord start(RoomPath path) {
        return new Accord(Agreed.start(path), UNKNOWN, new TreeSet<>(), new TreeSet<>());
    }

    /** Whether somebody may not come in: the room is locked and no host admitted this stay, or a host removed the person. */
    public boolean bars(Pass pass) {
        if (agreed.rules().removed(pass.identity())) return true;
        return agreed.rules().locked() && !agreed.rules().host(pass.identity()) && !passes.contains(pass);
    }
}
