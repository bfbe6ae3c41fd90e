package sotto.rooms.explore;

import java.util.List;
import java.util.Optional;
import sotto.rooms.explore.Exhaustive.Plan;

/** A short exploration, with the runs that once failed, that stops at the first thing it finds. */
public final class Hunt {
    private static final int SEEDS = 150;

    private Hunt() {}

    /** The shortest story of the first failure, without its continuation; empty if all goes well. */
    public static Optional<String> findAnything(boolean hosts) {
        return (hosts ? findAmongHosts() : find())
                .map(failure -> failure.violation() + " [" + failure.actions().size() + " actions] "
                        + Action.print(failure.actions()));
    }

    static Optional<Failure> find() {
        Optional<Failure> near = explore(Plans.quick());
        if (near.isPresent()) return near;
        for (String run : FoundTest.RUNS) {
            Optional<Failure> found = Runs.failure(Symbols.PEOPLE, Runs.PLENTY, false, Action.parseAll(run));
            if (found.isPresent()) return found;
        }
        Optional<Failure> deeper = explore(Plans.deeper());
        if (deeper.isPresent()) return deeper;
        for (long seed = 0; seed < SEEDS; seed++) {
            Optional<Failure> found = RandomRuns.failure(seed, seed % 3 == 2);
            if (found.isPresent()) return found.map(Failure::shortened);
        }
        return Optional.empty();
    }

    /** The same where hosts have their say. */
    static Optional<Failure> findAmongHosts() {
        for (String run : FoundTest.HOSTS) {
            Optional<Failure> found = Runs.failure(Symbols.PEOPLE, Runs.PLENTY, false, Action.parseAll(run));
            if (found.isPresent()) return found;
        }
        Optional<Failure> near = explore(Plans.hosts());
        if (near.isPresent()) return near;
        for (long seed = 0; seed < SEEDS; seed++) {
            Optional<Failure> found = RandomRuns.amongHosts(seed, seed % 3 == 2);
            if (found.isPresent()) return found.map(Failure::shortened);
        }
        return Optional.empty();
    }

    private static Optional<Failure> explore(List<Plan> plans) {
        for (Plan plan : plans) {
            Optional<Failure> found = Exhaustive.explore(plan).failure();
            if (found.isPresent()) return found;
        }
        return Optional.empty();
    }
}
