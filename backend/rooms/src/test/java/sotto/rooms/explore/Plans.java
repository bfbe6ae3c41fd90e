package sotto.rooms.explore;

import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import sotto.rooms.explore.Action.Kind;
import sotto.rooms.explore.Exhaustive.Plan;

/** The rooms that are explored in full. "Any one fault" is each kind of fault, at each moment. */
final class Plans {
    private static final List<Budget> FAULTS =
            List.of(Budget.LEAVE, Budget.REKEY, Budget.CRASH, Budget.DROP, Budget.RESTART, Budget.HANG);

    private static final Set<Kind> ALL = EnumSet.range(Kind.LOCK, Kind.PATH);

    private Plans() {}

    private static long any(int faults, int timers) {
        long budgets = Budget.TOTAL.of(faults) | Budget.TIMER.of(timers);
        for (Budget kind : FAULTS) budgets |= kind.of(faults);
        return budgets;
    }

    private static long only(Budget kind, int times, int timers) {
        return Budget.TOTAL.of(times) | kind.of(times) | Budget.TIMER.of(timers);
    }

    private static Plan plan(String name, int people, int formed, long budgets) {
        return new Plan(name, people, formed, budgets, false, 0);
    }

    /** With a locked room of two or three, in which Ann made the room and Ben is a named host. */
    private static Plan locked(String name, int formed, long budgets, boolean rogues, int most, Set<Kind> deeds) {
        List<Action> setting = Action.parseAll("name Ann Ben; lock Ann");
        return new Plan(name, 3, formed, budgets, rogues, most, setting, deeds);
    }

    private static Plan open(String name, int people, int formed, long budgets, int most, Set<Kind> deeds) {
        return new Plan(name, people, formed, budgets, false, most, Action.parseAll("name Ann Ben"), deeds);
    }

    private static long hosts(int deeds) {
        return Budget.HOST.of(deeds);
    }

    /** What hosts do: about twenty seconds. */
    static List<Plan> hosts() {
        return List.of(
                locked(
                        "two in a locked room, a third enters, one breaks the rules",
                        2,
                        only(Budget.ROGUE, 1, 0),
                        true,
                        0,
                        Set.of()),
                open("three in a room, two hosts do any two things", 3, 3, hosts(2), 0, ALL),
                open("two in a room, two hosts do any one thing, any one fault", 2, 2, hosts(1) | any(1, 0), 0, ALL),
                locked("two in a locked room, a third enters, hosts do any two things", 2, hosts(2), false, 0, ALL),
                locked("two in a locked room, a third enters, any one fault", 2, any(1, 0), false, 0, Set.of()),
                locked(
                        "three in a locked room, one is removed and returns",
                        3,
                        hosts(3),
                        false,
                        0,
                        EnumSet.of(Kind.REMOVE, Kind.PARDON, Kind.ADMIT, Kind.RETURN)));
    }

    /** What hosts do with more against it: about twenty seconds. */
    static List<Plan> hostsDeeper() {
        return List.of(
                open(
                        "two in a room, two hosts do any two things, any one fault",
                        2,
                        2,
                        hosts(2) | any(1, 0),
                        10_000,
                        ALL),
                open(
                        "three in a room, two hosts do any one thing, any one fault",
                        3,
                        3,
                        hosts(1) | any(1, 0),
                        10_000,
                        ALL),
                locked(
                        "two in a locked room, a third enters, hosts do any one thing, any one fault",
                        2,
                        hosts(1) | any(1, 0),
                        false,
                        10_000,
                        ALL));
    }

    /** A few seconds. */
    static List<Plan> quick() {
        return List.of(
                plan("two enter, any one timer early", 2, 0, any(0, 1)),
                plan("two in a room, any one fault", 2, 2, any(1, 0)),
                plan("three in a room, any one fault", 3, 3, any(1, 0)),
                new Plan("three in a room, one breaks the rules", 3, 3, only(Budget.ROGUE, 1, 0), true, 0));
    }

    /** Some more seconds: for what only two things together bring out. */
    static List<Plan> deeper() {
        return List.of(
                plan("two in a room, two faults", 2, 2, any(2, 0)),
                new Plan("three in a room, two faults", 3, 3, any(2, 0), false, 30_000));
    }

    /** About two minutes. */
    static List<Plan> full() {
        return List.of(
                plan("two enter, any one fault", 2, 0, any(1, 0)),
                plan("two in a room, any one fault, any one timer early", 2, 2, any(1, 1)),
                plan("two in a room, any two faults", 2, 2, any(2, 0)),
                new Plan(
                        "three in a room, one breaks the rules, one timer early",
                        3,
                        3,
                        only(Budget.ROGUE, 1, 1),
                        true,
                        0),
                plan("two in a room, a third enters, any one fault", 3, 2, any(1, 0)),
                new Plan("three in a room, any two faults", 3, 3, any(2, 0), false, 300_000),
                new Plan("three enter, any one timer early", 3, 0, any(0, 1), false, 200_000));
    }

    /** Hours. */
    static List<Plan> wide() {
        return List.of(
                plan("two enter, any one fault, any one timer early", 2, 0, any(1, 1)),
                plan("two in a room, any two faults, any one timer early", 2, 2, any(2, 1)),
                plan("three in a room, any two faults", 3, 3, any(2, 0)),
                plan("three in a room, any one fault, any one timer early", 3, 3, any(1, 1)),
                plan("two in a room, a third enters, any one fault, any one timer early", 3, 2, any(1, 1)),
                plan("three enter, any one fault", 3, 0, any(1, 0)));
    }
}
