package sotto.rooms.machine;

import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import sotto.rooms.group.Bytes;
import sotto.rooms.group.ParticipantId;
import sotto.rooms.machine.GroupState.Standing;
import sotto.rooms.machine.LogState.Join;
import sotto.rooms.machine.RoomState.Gathering;
import sotto.rooms.machine.RoomState.InFlight;
import sotto.rooms.rules.Pass;
import sotto.rooms.wire.ConnectionId;

/** Who commits when, and what. */
final class Committing {
    private Committing() {}

    /** What the next commit does. */
    private record Work(List<Join> adds, SortedSet<Integer> removes, boolean wanted) {
        boolean any() {
            return wanted || !adds.isEmpty() || !removes.isEmpty();
        }
    }

    /** At the end of each step: acts if it is this member's turn, waits for its turn, or rests. */
    static void evaluate(Step step) {
        if (step.inFlight.isPresent()) {
            step.cancelTimer(RoomTimer.TURN); // what comes meanwhile goes into the next commit
            return;
        }
        if (!step.hasGroup || step.standing == Standing.OVER) {
            step.cancelTimer(RoomTimer.TURN);
            if (step.asking.isEmpty()) Admission.ask(step);
            return;
        }
        if (step.good()) Attaching.noticeAbsent(step);
        Door.tellChanges(step);
        boolean mayAct = step.standing == Standing.BROKEN || step.seated(step.view.ownLeaf());
        if (!mayAct) {
            step.cancelTimer(RoomTimer.TURN);
            return;
        }
        Work work = work(step);
        if (!needed(step, work) || gathering(step, work)) {
            step.cancelTimer(RoomTimer.TURN);
            return;
        }
        int delay = rank(step) * RoomMachine.TURN_MILLIS;
        if (delay == 0) act(step);
        else if (step.timer(RoomTimer.TURN).filter(set -> set <= delay).isEmpty()) step.setTimer(RoomTimer.TURN, delay);
    }

    /** Whether there is nothing to do that cannot wait for more newcomers. */
    private static boolean gathering(Step step, Work work) {
        if (step.timer(RoomTimer.GATHER).isEmpty() || step.standing == Standing.BROKEN) return false;
        return !work.wanted() && work.removes().isEmpty() && work.adds().size() < step.batch;
    }

    /** A commit has landed: in a crowd of newcomers the next one waits for more of them. */
    static void gather(Step step, int added) {
        long waiting = step.joins.values().stream()
                .filter(join -> join.pending(step.view.group()))
                .limit(RoomMachine.CROWD)
                .count();
        step.gathering = Gathering.NONE;
        if (Math.max(added, waiting) >= RoomMachine.CROWD) step.setTimer(RoomTimer.GATHER, RoomMachine.GATHER_MILLIS);
        else step.cancelTimer(RoomTimer.GATHER);
    }

    /** The pause is over, unless people go on asking: whoever came early would process a commit for the rest. */
    static void gathered(Step step) {
        if (step.gathering.rounds() >= RoomMachine.GATHER_ROUNDS) return;
        if (!step.gathering.asked() && !somebodyIsYetToAsk(step)) return;
        step.gathering = new Gathering(step.gathering.rounds() + 1, false);
        step.setTimer(RoomTimer.GATHER, RoomMachine.GATHER_MILLIS);
    }

    /**
     * Whether somebody is present who neither has a seat nor asked for one. Nearly always the request is on its way; who
     * is connected and never asks holds a crowd up for as long as the longest pause.
     */
    private static boolean somebodyIsYetToAsk(Step step) {
        Set<ConnectionId> known = new HashSet<>(step.joins.keySet());
        known.add(step.me);
        step.seats.values().forEach(seat -> known.add(seat.connection()));
        return step.peers.stream().anyMatch(peer -> !peer.left() && !known.contains(peer.id()));
    }

    /** Commits, or founds a group where no commit is possible. */
    static void act(Step step) {
        if (step.inFlight.isPresent() || !step.hasGroup || step.standing == Standing.OVER) return;
        if (step.phase != RoomState.Phase.INSIDE) return;
        Work work = work(step);
        if (!needed(step, work)) return;
        step.cancelTimer(RoomTimer.TURN);
        int members =
                step.view.members().size() + work.adds().size() - work.removes().size();
        // A carried-over group has no commits: the old log's last one may have reached others and not this member.
        // MLS cannot commit for one alone.
        if (step.standing == Standing.BROKEN || !step.live() || members < 2) step.found();
        else commit(step, work);
    }

    /**
     * Commits out of turn, since a commit renews nobody's leaf but the committer's. Whoever else commits for the same
     * epoch may win; whoever asked for this asks again.
     */
    static void renew(Step step) {
        boolean possible = step.phase == RoomState.Phase.INSIDE
                && step.good()
                && step.live()
                && step.inFlight.isEmpty()
                && step.seated(step.view.ownLeaf());
        if (!possible) return;
        Work work = work(step);
        int members =
                step.view.members().size() + work.adds().size() - work.removes().size();
        if (members >= 2) commit(step, work);
    }

    private static boolean needed(Step step, Work work) {
        return step.standing == Standing.BROKEN || work.any();
    }

    private static void commit(Step step, Work work) {
        SortedMap<Integer, ConnectionId> seats = new TreeMap<>();
        SortedSet<Bytes> banned = new TreeSet<>();
        Optional<RoomEvent.Handed> handed = Optional.empty();
        if (!work.adds().isEmpty()) {
            // Only what was confirmed on this connection: others tell the new members themselves where they are.
            step.seats.forEach((leaf, seat) -> {
                if (!work.removes().contains(leaf) && seat.since() > step.entered) seats.put(leaf, seat.connection());
            });
            banned.addAll(step.banned);
            banned.addAll(step.told);
            handed = Optional.of(new RoomEvent.Handed(step.agreed, absentPasses(step, work), step.passesComplete));
        }
        List<Bytes> references =
                work.adds().stream().map(join -> join.info().reference()).toList();
        List<Integer> removes = List.copyOf(work.removes());
        long epoch = step.view.epoch() + 1;
        step.inFlight = Optional.of(new InFlight.Commit(step.view.group(), epoch, references, removes));
        step.then(new RoomEffect.MakeCommit(
                step.view.group(), epoch, step.since, work.adds(), removes, seats, banned, handed));
        step.setTimer(RoomTimer.FLIGHT, RoomMachine.FLIGHT_MILLIS);
    }

    /** Passes of those who will not be in the group: who is in it, newcomers see. */
    private static SortedSet<Pass> absentPasses(Step step, Work work) {
        SortedSet<Pass> absent = new TreeSet<>(step.passes);
        for (var member : step.view.members())
            if (!work.removes().contains(member.leaf())) absent.remove(Pass.of(member));
        for (Join join : work.adds()) absent.remove(Pass.of(join.info()));
        while (absent.size() > RoomMachine.PASSES) absent.removeLast();
        return absent;
    }

    /** Rank among the attached members who stay: 0 is the designated committer. */
    static int rank(Step step) {
        return (int) step.seats.keySet().stream()
                .filter(leaf -> leaf < step.view.ownLeaf() && !step.going.contains(leaf) && !Door.removed(step, leaf))
                .count();
    }

    private static Work work(Step step) {
        boolean sure = Door.sure(step);
        List<Join> adds = step.joins.values().stream()
                // What was asked before this member came to be where it is may have been settled while it was away.
                .filter(join -> sure
                        && join.sequence() > step.entered
                        && join.pending(step.view.group())
                        && !step.refused(join.info().identity())
                        && !Door.bars(step, join.info()))
                .sorted(Comparator.comparingLong(Join::sequence))
                .limit(step.batch)
                .toList();
        Set<ParticipantId> rejoining = new HashSet<>();
        for (Join join : adds) rejoining.add(join.info().participant());
        SortedSet<Integer> removes = new TreeSet<>();
        for (var member : step.view.members())
            if (member.leaf() != step.view.ownLeaf()
                    && (step.going.contains(member.leaf())
                            || Door.removed(step, member.leaf())
                            || rejoining.contains(member.participant()))) removes.add(member.leaf());
        return new Work(adds, removes, step.wanted);
    }

    /** MLS could not make the commit: a KeyPackage among those added must be at fault. */
    static void makingFailed(Step step) {
        Optional<InFlight> failed = step.inFlight;
        step.discardInFlight();
        if (failed.isEmpty()) return;
        switch (failed.get()) {
            case InFlight.Found found -> step.end(End.GROUP_FAILED, "no group could be founded");
            case InFlight.Commit commit -> {
                if (commit.adds().isEmpty()) step.found();
                else if (commit.adds().size() == 1) {
                    for (Join join : step.joins.values())
                        if (join.references().contains(commit.adds().getFirst()))
                            step.told.add(join.info().identity()); // others may succeed; this member won't try again
                } else step.batch = Math.max(1, commit.adds().size() / 2);
            }
        }
    }
}
