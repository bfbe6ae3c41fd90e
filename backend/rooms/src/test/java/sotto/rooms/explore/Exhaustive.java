package sotto.rooms.explore;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Visits every world that a room can come to within a budget, nearest first, each once; so what fails first has the
 * fewest actions. From each it goes on in calm, to see that all ends well.
 */
final class Exhaustive {
    /**
     * What to explore.
     *
     * @param formed how many are in the room before anything may go wrong
     * @param most worlds to visit; 0 for all
     * @param setting what happens after that and before anything else, each undisturbed
     * @param deeds what hosts may do
     */
    record Plan(
            String name,
            int people,
            int formed,
            long budgets,
            boolean rogues,
            int most,
            List<Action> setting,
            Set<Action.Kind> deeds) {
        Plan(String name, int people, int formed, long budgets, boolean rogues, int most) {
            this(name, people, formed, budgets, rogues, most, List.of(), Set.of());
        }
    }

    /** What was visited, and what was found. */
    record Result(
            Plan plan, int worlds, boolean complete, int depth, long millis, String counts, Optional<Failure> failure) {
        @Override
        public String toString() {
            return String.format(
                    "%s: %,d worlds%s, %d deep, %s; %.1f s",
                    plan.name(), worlds, complete ? "" : " (not all)", depth, counts, millis / 1_000.0);
        }
    }

    private final Plan plan;
    private final Universe universe;
    private final Calm calm;
    private final List<Action> opening = new ArrayList<>();
    private final Fingerprints seen = new Fingerprints();
    private int[] parents = new int[1 << 16];
    private int[] actions = new int[1 << 16];
    private int worlds;

    private Exhaustive(Plan plan) {
        this.plan = plan;
        universe = new Universe(plan.rogues(), plan.deeds());
        calm = new Calm(universe);
    }

    static Result explore(Plan plan) {
        return new Exhaustive(plan).run();
    }

    private Result run() {
        long started = System.nanoTime();
        World first = open();
        List<World> layer = new ArrayList<>(List.of(first));
        seen.add(first.fingerprint());
        remember(-1, 0);
        int layerStart = 0;
        int depth = 0;
        Optional<Failure> failure = Optional.empty();
        boolean complete = true;
        search:
        while (!layer.isEmpty()) {
            List<World> next = new ArrayList<>();
            int nextStart = worlds;
            for (int i = 0; i < layer.size(); i++) {
                World world = layer.set(i, null);
                int index = layerStart + i;
                Calm.Outcome end = calm.from(world);
                if (end.violation().isPresent()) {
                    failure = Optional.of(failure(end.violation().get(), index, List.of(), end.actions()));
                    break search;
                }
                for (Action action : universe.choices(world, true)) {
                    World after = universe.after(world, action);
                    if (after == null) continue;
                    if (!universe.violations.isEmpty()) {
                        failure =
                                Optional.of(failure(universe.violations.getFirst(), index, List.of(action), List.of()));
                        break search;
                    }
                    if (!seen.add(after.fingerprint())) continue;
                    if (plan.most() > 0 && worlds >= plan.most()) {
                        complete = false;
                        break search;
                    }
                    remember(index, action.packed());
                    next.add(after);
                }
            }
            layer = next;
            layerStart = nextStart;
            depth++;
        }
        long millis = (System.nanoTime() - started) / 1_000_000;
        return new Result(plan, worlds, complete, depth, millis, universe.counts(), failure);
    }

    /** The room with the first people in it, at rest. */
    private World open() {
        World world = universe.start(plan.people(), plan.budgets());
        List<Action> settings = new ArrayList<>();
        for (int i = 0; i < plan.formed(); i++) settings.add(new Action(Action.Kind.ENTER, i, 0));
        settings.addAll(plan.setting());
        for (Action set : settings) {
            opening.add(set);
            world = universe.freely(world, set);
            while (true) {
                Optional<Action> next = universe.pending(world);
                if (next.isEmpty()) break;
                opening.add(next.get());
                world = universe.after(world, next.get());
            }
        }
        return world;
    }

    private void remember(int parent, int action) {
        if (worlds == parents.length) {
            parents = java.util.Arrays.copyOf(parents, worlds * 2);
            actions = java.util.Arrays.copyOf(actions, worlds * 2);
        }
        parents[worlds] = parent;
        actions[worlds++] = action;
    }

    private Failure failure(Violation violation, int index, List<Action> last, List<Action> after) {
        List<Action> path = new ArrayList<>();
        for (int at = index; parents[at] >= 0; at = parents[at]) path.add(Action.unpacked(actions[at]));
        Collections.reverse(path);
        List<Action> all = new ArrayList<>(opening);
        all.addAll(path);
        all.addAll(last);
        return new Failure(violation, plan.people(), Runs.PLENTY, plan.rogues(), all, after);
    }
}
