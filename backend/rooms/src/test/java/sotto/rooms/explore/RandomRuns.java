package sotto.rooms.explore;

import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import sotto.rooms.machine.RoomTimer;

/** One random path through a room of two to twelve, from a seed; then calm. */
final class RandomRuns {
    private static final int ACTIONS = 400;

    private RandomRuns() {}

    /** @param rogues whether one member may break the rules */
    static Optional<Failure> failure(long seed, boolean rogues) {
        return failure(seed, rogues, 0);
    }

    /** With hosts, and people who come back. */
    static Optional<Failure> amongHosts(long seed, boolean rogues) {
        return failure(seed, rogues, 8);
    }

    private static Optional<Failure> failure(long seed, boolean rogues, int deeds) {
        Random random = new Random(seed);
        int people = 2 + random.nextInt(Symbols.PEOPLE - 1);
        long budgets = Budget.TIMER.of(random.nextInt(12)) | Budget.TOTAL.of(random.nextInt(16));
        for (Budget kind : List.of(Budget.LEAVE, Budget.REKEY, Budget.CRASH, Budget.DROP, Budget.RESTART, Budget.HANG))
            budgets |= kind.of(random.nextBoolean() ? random.nextInt(6) : 0);
        if (rogues) budgets |= Budget.ROGUE.of(1);
        // Where all who are inside are silent for longer than others wait, outsiders may stay apart:
        // docs/exploration.md.
        if (deeds > 0)
            budgets = budgets & ~Budget.TIMER.of(15) & ~Budget.HANG.of(15) | Budget.HOST.of(random.nextInt(deeds + 1));
        long granted = budgets;
        int calmness = 2 + random.nextInt(20);
        boolean eager = random.nextBoolean();
        Universe universe =
                new Universe(rogues, deeds > 0 ? EnumSet.range(Action.Kind.LOCK, Action.Kind.RETURN) : Set.of());
        World world = universe.start(people, budgets);
        List<Action> actions = new ArrayList<>();
        int length = 20 + random.nextInt(ACTIONS);
        while (actions.size() < length) {
            Optional<Action> next = choose(universe, world, random, calmness, eager);
            if (next.isEmpty()) break;
            World after = universe.after(world, next.get());
            if (after == null) continue;
            world = after;
            actions.add(next.get());
            if (!universe.violations.isEmpty())
                return Optional.of(
                        new Failure(universe.violations.getFirst(), people, budgets, rogues, actions, List.of()));
        }
        Calm.Outcome end = new Calm(universe).from(world);
        return end.violation()
                .map(violation -> new Failure(violation, people, granted, rogues, actions, end.actions()));
    }

    /** Deliveries most of the time, faults once in a while. */
    private static Optional<Action> choose(Universe universe, World world, Random random, int calmness, boolean eager) {
        List<Action> deliveries = new ArrayList<>();
        List<Action> faults = new ArrayList<>();
        for (Action action : universe.choices(world, false)) {
            boolean reconnects =
                    action.kind() == Action.Kind.FIRE && action.argument() == RoomTimer.RECONNECT.ordinal();
            boolean enters = action.kind() == Action.Kind.ENTER && !eager;
            (action.kind().budget == null && !enters || reconnects ? deliveries : faults).add(action);
        }
        List<Action> from =
                deliveries.isEmpty() || !faults.isEmpty() && random.nextInt(calmness) == 0 ? faults : deliveries;
        return from.isEmpty() ? Optional.empty() : Optional.of(from.get(random.nextInt(from.size())));
    }
}
