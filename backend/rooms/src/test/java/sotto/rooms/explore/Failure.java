package sotto.rooms.explore;

import java.util.ArrayList;
import java.util.List;

/**
 * A run that violates a property.
 *
 * @param actions from the empty room
 * @param calm what followed without faults; empty if it failed before
 */
record Failure(Violation violation, int people, long budgets, boolean rogues, List<Action> actions, List<Action> calm) {

    /** The run as a story, and how to see it again. */
    String story() {
        Universe universe = new Universe(rogues);
        World start = universe.start(people, budgets);
        StringBuilder text = new StringBuilder(violation.toString()).append("\n");
        text.append(Story.tell(universe, start, actions, false));
        if (!calm.isEmpty()) {
            World world = Runs.world(universe, start, actions);
            text.append("\n   ... and without further faults:\n").append(Story.tell(universe, world, calm, true));
        }
        return text.append("\nreplay with -Dsotto.explore.replay=\"")
                .append(Action.print(actions))
                .append("\"")
                .toString();
    }

    /** The same failure with as few actions as leaving out any of them, or several in a row, allows. */
    Failure shortened() {
        Failure shortest = this;
        for (int length = Math.max(1, actions.size() / 2); length >= 1; ) {
            boolean shorter = false;
            for (int from = shortest.actions().size() - length; from >= 0; from -= length) {
                if (from + length > shortest.actions().size()) continue;
                List<Action> fewer = new ArrayList<>(shortest.actions());
                fewer.subList(from, from + length).clear();
                var still = Runs.failure(people, budgets, rogues, fewer)
                        .filter(other -> other.violation().property() == violation.property());
                if (still.isEmpty()) continue;
                shortest = still.get();
                shorter = true;
            }
            if (!shorter || length > 1) length /= 2;
        }
        return shortest;
    }
}
