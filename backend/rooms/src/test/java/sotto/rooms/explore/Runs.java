package sotto.rooms.explore;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Runs given as lists of actions. */
final class Runs {
    /** As much of everything as there can be. */
    static final long PLENTY = (1L << 4 * Budget.values().length) - 1;

    private Runs() {}

    /** The world at the end; actions that cannot happen are left out. */
    static World world(Universe universe, World start, List<Action> actions) {
        World world = start;
        for (Action action : actions) {
            World next = universe.after(world, action);
            if (next != null) world = next;
        }
        return world;
    }

    /** How these actions, and calm after them, violate a property. Actions that cannot happen are left out. */
    static Optional<Failure> failure(int people, long budgets, boolean rogues, List<Action> actions) {
        Universe universe = new Universe(rogues);
        World world = universe.start(people, budgets);
        List<Action> done = new ArrayList<>();
        for (Action action : actions) {
            World next = universe.after(world, action);
            if (next == null) continue;
            world = next;
            done.add(action);
            if (!universe.violations.isEmpty())
                return Optional.of(
                        new Failure(universe.violations.getFirst(), people, budgets, rogues, done, List.of()));
        }
        Calm.Outcome end = new Calm(universe).from(world);
        return end.violation().map(violation -> new Failure(violation, people, budgets, rogues, done, end.actions()));
    }
}
