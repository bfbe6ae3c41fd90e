package sotto.demo.fault;

import java.util.List;
import sotto.demo.Leaver;
import sotto.demo.Person;
import sotto.demo.Report;

/**
 * The keys that somebody had when going out of the call, to be tried on what travels while that person is out.
 *
 * @param at when they were taken; ms since 1970, like all times here
 */
record KeptKeys(Person person, List<Leaver.Stolen> keys, double at) {
    /** Once everybody has new keys, frames under the old ones may be under way for this long, in ms. */
    private static final double UNDER_WAY = 2_000;

    /**
     * Tries them on what travelled from the others' change of keys on; and, as the proof that it can be seen if they open
     * something, on what travelled before.
     *
     * @param tap who recorded the wire
     * @param since when the others had new keys
     */
    Report.Outsider attempt(Person tap, double since, double until) {
        return new Leaver(keys, tap).attempt("out: " + person.name, since + UNDER_WAY, until, at - UNDER_WAY);
    }
}
