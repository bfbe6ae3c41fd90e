package sotto.rooms.explore;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import sotto.rooms.explore.Exhaustive.Plan;

/** A short exploration, with the runs that once failed, that stops at the first thing it finds. */
public final class Hunt {
    private static final int SEEDS = 150;

    private Hunt() {}

    /** The shortest story of the first failure, without its continuation; empty if all goes well. */
    public static Optional<String> findAnything() {
        return find().map(failure ->
                failure.violation() + " [" + failure.actions().size() + " actions] " + Action.print(failure.actions()));
    }

    static Optional<Failure> find() {
        List<Plan> plans = new ArrayList<>(Plans.quick());
        plans.addAll(Plans.deeper());
        for (Plan plan : plans) {
            Optional<Failure> found = Exhaustive.explore(plan).failure();
            if (found.isPresent()) return found;
        }
        for (String run : FoundTest.RUNS) {
            Optional<Failure> found = Runs.failure(Symbols.PEOPLE, Runs.PLENTY, false, Action.parseAll(run));
            if (found.isPresent()) return found;
        }
        for (long seed = 0; seed < SEEDS; seed++) {
            Optional<Failure> found = RandomRuns.failure(seed, seed % 3 == 2);
            if (found.isPresent()) return found.map(Failure::shortened);
        }
        return Optional.empty();
    }
}
