package sotto.rooms.machine;

import java.util.Collections;
import java.util.Objects;
import java.util.SortedSet;
import java.util.TreeSet;
import sotto.rooms.RoomPath;
import sotto.rooms.group.Bytes;
import sotto.rooms.rules.Agreed;
import sotto.rooms.rules.Pass;

/**
 * What the room agreed on beside its keys, as far as this member knows. Outlives logs and groups.
 *
 * @param agreed path and rules
 * @param since sequence of the entry of this log from which on everybody knows these rules; {@link #UNKNOWN} while there
 *     is none. A commit is held to the rules if its maker had seen that entry
 * @param heard whether a member has told its rules since this one was away: until then it lets nobody in, for it may not
 *     know the rules that the others hold it to
 * @param passes who may come into the room while it is locked: who was in it, and whom hosts admitted
 * @param complete whether those are all: not for who was let in by a commit that was under way when the room was locked, nor
 *     for who was away while it was
 * @param latest sequence of the latest answer of a host to somebody who waits, in this log
 * @param refused whom hosts did not let in
 * @param spared identities whose removal a host took back; somebody may not have heard of that
 */
public record Accord(
        Agreed agreed,
        long since,
        boolean heard,
        SortedSet<Pass> passes,
        boolean complete,
        long latest,
        SortedSet<Pass> refused,
        SortedSet<Bytes> spared) {
    /** The rules do not stand in this log yet. */
    public static final long UNKNOWN = Long.MAX_VALUE;

    public Accord {
        Objects.requireNonNull(agreed, "agreed");
        passes = Collections.unmodifiableSortedSet(new TreeSet<>(passes));
        refused = Collections.unmodifiableSortedSet(new TreeSet<>(refused));
        spared = Collections.unmodifiableSortedSet(new TreeSet<>(spared));
    }

    static Accord start(RoomPath path) {
        return new Accord(
                Agreed.start(path), UNKNOWN, true, new TreeSet<>(), true, 0, new TreeSet<>(), new TreeSet<>());
    }

    /** Whether somebody may not come in: the room is locked and no host admitted this stay, or a host removed the person. */
    public boolean bars(Pass pass) {
        return bars(agreed, passes, pass);
    }

    static boolean bars(Agreed agreed, SortedSet<Pass> passes, Pass pass) {
        if (agreed.rules().removed(pass.identity())) return true;
        return agreed.rules().locked() && !agreed.rules().host(pass.identity()) && !passes.contains(pass);
    }
}
