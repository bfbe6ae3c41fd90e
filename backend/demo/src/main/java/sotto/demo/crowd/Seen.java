package sotto.demo.crowd;

import java.util.List;
import java.util.Set;

/**
 * What a headless member knows at a moment. Times are not in it: whoever watches takes its own.
 *
 * @param group the group's id, empty before the first
 * @param epoch -1 before the first group
 * @param leaf own leaf index, -1 before the first group
 * @param names of all in the roster, by leaf
 * @param connected names of those whose connection stands, sorted
 * @param roster a hash over leaves, participant ids, identities and leaf keys: equal rosters have equal ones
 * @param exporter a hash of a frame key of the epoch: equal at all who derive the same keys
 * @param epochs how many epochs this member was in
 * @param server whether the server is connected
 * @param alarms codes of alarms raised, in order; the last {@value #ALARMS}
 * @param alarmCount of all alarms raised
 * @param signals how many signals and states of others were delivered
 * @param end code of the session's end, empty while it runs
 * @param failure what failed in this member though nothing should; empty if nothing did
 * @param keysLive how many keys of this member its journal holds to be alive
 */
public record Seen(
        String group,
        long epoch,
        int leaf,
        List<String> names,
        Set<String> connected,
        String roster,
        String exporter,
        int epochs,
        boolean server,
        List<String> alarms,
        int alarmCount,
        int signals,
        String end,
        String failure,
        long keysLive) {

    /** Alarms kept. */
    public static final int ALARMS = 50;

    static final Seen NOTHING = new Seen("", -1, -1, List.of(), Set.of(), "", "", 0, false, List.of(), 0, 0, "", "", 0);

    public Seen {
        names = List.copyOf(names);
        connected = Set.copyOf(connected);
        alarms = List.copyOf(alarms);
    }

    /** Whether the session is over. */
    public boolean ended() {
        return !end.isEmpty();
    }

    /** Whether two members share group, epoch, roster and keys. */
    public boolean agrees(Seen other) {
        return !exporter.isEmpty()
                && group.equals(other.group)
                && epoch == other.epoch
                && roster.equals(other.roster)
                && exporter.equals(other.exporter);
    }
}
