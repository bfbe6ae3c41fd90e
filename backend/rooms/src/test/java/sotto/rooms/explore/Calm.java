package sotto.rooms.explore;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import sotto.rooms.explore.Action.Kind;
import sotto.rooms.group.Member;
import sotto.rooms.machine.GroupState;
import sotto.rooms.machine.RoomEvent;
import sotto.rooms.machine.RoomMachine;
import sotto.rooms.machine.RoomState;
import sotto.rooms.machine.RoomTimer;

/**
 * The liveness properties: goes on from a world with no further faults, everything delivered and timers running out in
 * the order of their delays, until nothing is left to happen. Then everybody must be together. Who is stopped stays so
 * until the others are; then goes on, and everybody must be together again.
 */
final class Calm {
    /** More than that many commits by so few is a storm. */
    private static final int COMMITS_EACH = 12;

    private static final int LONGEST = 20_000;
    private static final RoomTimer[] TIMERS = RoomTimer.values();

    private final Universe universe;
    /** Worlds from which all is well, with the time that their timers have left. */
    private final Fingerprints well = new Fingerprints();

    Calm(Universe universe) {
        this.universe = universe;
    }

    /** How a calm run ended: what is wrong, if anything; and what happened. */
    record Outcome(Optional<Violation> violation, List<Action> actions) {}

    Outcome from(World start) {
        return new Run(start).run();
    }

    private final class Run {
        private World world;
        private final long[][] due;
        private long now;
        private int commits;
        private final List<Action> actions = new ArrayList<>();
        private final List<Long> passed = new ArrayList<>();

        Run(World start) {
            world = start;
            due = new long[start.people()][TIMERS.length];
            for (int i = 0; i < start.people(); i++) {
                Client client = universe.client(start, i);
                for (RoomTimer timer : TIMERS)
                    due[i][timer.ordinal()] = client.machine().timers().getOrDefault(timer, 0);
            }
        }

        Outcome run() {
            while (true) {
                long place = fingerprint();
                if (well.contains(place)) return good();
                passed.add(place);
                Optional<Action> next = universe.pending(world);
                if (next.isEmpty() && restless()) next = timer();
                if (next.isEmpty()) {
                    Optional<Violation> apart = together();
                    if (apart.isPresent()) return new Outcome(apart, actions);
                    next = sleeper();
                }
                if (next.isEmpty()) return good();
                Optional<Violation> wrong = perform(next.get());
                if (wrong.isPresent()) return new Outcome(wrong, actions);
            }
        }

        private Outcome good() {
            for (long place : passed) well.add(place);
            return new Outcome(Optional.empty(), actions);
        }

        private long fingerprint() {
            long hash = world.calmFingerprint(1);
            for (int i = 0; i < due.length; i++)
                for (RoomTimer timer :
                        universe.client(world, i).machine().timers().keySet())
                    hash = World.mix(hash, due[i][timer.ordinal()] - now);
            return hash;
        }

        /** Whether time changes anything: those who wait for a host look around once in a while. */
        private boolean restless() {
            for (int i = 0; i < due.length; i++) {
                if (!world.acts(i)) continue;
                Client client = universe.client(world, i);
                for (RoomTimer timer : client.machine().timers().keySet()) {
                    if (timer != RoomTimer.ADMISSION || !client.waitsForHost()) return true;
                    Client.Reaction looks = client.take(new RoomEvent.Fired(timer));
                    if (!looks.after().equals(client) || !looks.sends().isEmpty()) return true;
                }
            }
            return false;
        }

        private Optional<Action> timer() {
            Action first = null;
            long earliest = Long.MAX_VALUE;
            for (int i = 0; i < due.length; i++) {
                if (!world.acts(i)) continue;
                for (RoomTimer timer :
                        universe.client(world, i).machine().timers().keySet())
                    if (due[i][timer.ordinal()] < earliest) {
                        earliest = due[i][timer.ordinal()];
                        first = new Action(Kind.FIRE, i, timer.ordinal());
                    }
            }
            if (first != null) now = Math.max(now, earliest);
            return Optional.ofNullable(first);
        }

        private Optional<Action> sleeper() {
            for (int i = 0; i < due.length; i++)
                if (world.hung(i) && !world.dead(i) && !world.rogue(i)) return Optional.of(new Action(Kind.WAKE, i, 0));
            return Optional.empty();
        }

        private Optional<Violation> perform(Action action) {
            actions.add(action);
            if (universe.nextUp(world, action)
                    .filter(Frame.Up.CommitTo.class::isInstance)
                    .isPresent()) commits++;
            world = universe.freely(world, action);
            if (!universe.violations.isEmpty()) return Optional.of(universe.violations.getFirst());
            for (RoomTimer timer : TIMERS)
                if ((universe.timersSet >> timer.ordinal() & 1) != 0) {
                    Integer delay = universe.client(world, action.who())
                            .machine()
                            .timers()
                            .get(timer);
                    if (delay != null) due[action.who()][timer.ordinal()] = now + delay;
                }
            int most = COMMITS_EACH * world.people();
            if (commits > most || actions.size() > LONGEST)
                return Optional.of(new Violation(
                        Property.CommitStormEnds, commits + " commits and no rest in " + actions.size() + " steps"));
            return Optional.empty();
        }

        /** Everybody who is awake is in one epoch of one group; nobody is in it who is neither awake nor stopped. */
        private Optional<Violation> together() {
            List<Integer> awake = new ArrayList<>();
            Set<String> stopped = new HashSet<>();
            for (int i = 0; i < due.length; i++) {
                if (world.acts(i)) awake.add(i);
                else if ((world.hung(i) || world.rogue(i)) && !world.dead(i))
                    stopped.add(universe.client(world, i).name());
            }
            List<Client> waiting = awake.stream()
                    .map(who -> universe.client(world, who))
                    .filter(client -> !inside(client.machine()) && client.waitsForHost())
                    .toList();
            awake.removeIf(who -> waiting.contains(universe.client(world, who)));
            if (awake.isEmpty()) return Optional.empty();
            Set<String> names = awake.stream()
                    .map(who -> universe.client(world, who).name())
                    .collect(Collectors.toCollection(TreeSet::new));
            Client first = universe.client(world, awake.getFirst());
            for (Client outside : waiting)
                if (inside(first.machine()) && !first.machine().accord().bars(outside.pass()))
                    return wrong(
                            Property.AllWhoAskAreAdmitted,
                            outside.who(),
                            "waits for a host, and may come in as " + first.name() + " knows");
            for (int who : awake) {
                Client client = universe.client(world, who);
                RoomState machine = client.machine();
                if (!inside(machine))
                    return wrong(Property.AllWhoAskAreAdmitted, who, "waits for ever, " + standing(machine));
                Set<String> roster = client.epoch().orElseThrow().members().stream()
                        .map(Member::name)
                        .collect(Collectors.toCollection(TreeSet::new));
                if (!client.epoch().equals(first.epoch()))
                    return wrong(
                            Property.NoSplitLasts,
                            who,
                            "is in " + roster + ", and " + Symbols.name(first.who()) + " in another epoch");
                if (!roster.containsAll(names))
                    return wrong(
                            Property.AllWhoAskAreAdmitted, who, "has " + roster + " in the room, not all of " + names);
                for (Member member : client.epoch().orElseThrow().members())
                    if (machine.accord().agreed().rules().removed(member.identity()))
                        return wrong(
                                Property.EveryoneRemovedIsOut,
                                who,
                                "still has " + member.name() + " in the room, whom a host removed");
                if (!machine.accord().agreed().equals(first.machine().accord().agreed()))
                    return wrong(Property.AllAgree, who, "knows another path or rules than " + first.name());
                roster.removeAll(names);
                roster.removeAll(stopped);
                if (!roster.isEmpty())
                    return wrong(Property.AllGoneAreRemoved, who, "still has " + roster + " in the room");
                for (int other : awake)
                    if (RoomMachine.route(
                                    machine,
                                    universe.client(world, other).pass().participant())
                            .isEmpty())
                        return wrong(
                                Property.NoSplitLasts,
                                who,
                                "does not know where " + Symbols.name(other) + " can be reached");
            }
            return Optional.empty();
        }

        private static boolean inside(RoomState machine) {
            return machine.phase() == RoomState.Phase.INSIDE
                    && machine.group()
                            .filter(group -> group.standing() == GroupState.Standing.GOOD)
                            .isPresent();
        }

        private static String standing(RoomState machine) {
            return machine.phase() + ", "
                    + machine.group().map(group -> "group " + group.standing()).orElse("no group");
        }

        private Optional<Violation> wrong(Property property, int who, String what) {
            return Optional.of(new Violation(property, "in the end " + Symbols.name(who) + " " + what));
        }
    }
}
