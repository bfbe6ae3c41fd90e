package sotto.rooms.machine;

import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import sotto.rooms.group.GroupView;
import sotto.rooms.group.Member;
import sotto.rooms.machine.GroupState.Standing;
import sotto.rooms.machine.RoomEvent.Admitted;
import sotto.rooms.machine.RoomEvent.Change;
import sotto.rooms.machine.RoomEvent.Committed;
import sotto.rooms.machine.RoomEvent.Reading;
import sotto.rooms.rules.Pass;
import sotto.rooms.wire.ConnectionId;

/** What a commit in the log means to this member. */
final class Commits {
    private Commits() {}

    static void committed(Step step, Committed entry) {
        switch (entry.change()) {
            case Change.Founded founded -> founded(step, entry, founded);
            case Change.Commit commit -> commit(step, entry, commit);
            case Change.Bad bad -> {
                if (next(step, entry)) refuse(step, bad.alarm(), bad.detail(), Optional.empty());
                else step.alarm(bad.alarm(), bad.detail());
            }
        }
    }

    /** Whether the entry takes the place of the own group's next commit. */
    private static boolean next(Step step, Committed entry) {
        return step.good()
                && step.live()
                && entry.group().equals(step.view.group())
                && entry.epoch() == step.view.epoch() + 1;
    }

    private static void founded(Step step, Committed entry, Change.Founded founded) {
        boolean own = entry.from().equals(step.me) && step.foundInFlight();
        Door.heardInLog(step, founded.rules(), own, false);
        if (step.phase == RoomState.Phase.ENDED) return;
        // Judged by the rules as they stand at this place of the log: by members and by the founder. Who was never
        // inside does not know who belongs here, and follows whoever lets it in: where all who had locked the room are
        // gone, it is open.
        boolean judges = own || step.hasGroup && !Door.barred(step);
        boolean barred = Door.knownAt(step, entry.sequence() - 1) && Door.bars(step, founded.founder());
        if (judges && barred) {
            if (own) {
                step.discardInFlight(); // the room was locked meanwhile
                step.over(); // whose group is broken would found another at once, and again
                Admission.ask(step); // anew: those who followed this group have forgotten the request
            } else {
                step.ignored.put(new Mark(entry.sequence(), entry.group()), Pass.of(founded.founder()));
                if (step.ignored.size() > RoomMachine.IGNORED) step.ignored.pollFirstEntry();
                Door.tell(step, entry.from());
            }
            return;
        }
        if (entry.epoch() != 0 || !own && step.refused(founded.founder().identity())) {
            step.alarm(Alarm.COMMIT_INVALID, "a group was founded by somebody who may not, or not at epoch 0");
            return;
        }
        step.heardNewest(new Mark(entry.sequence(), entry.group()), 0);
        // Others may not count this group, and grant what its founder asked for.
        if (barred && !own) step.joins.computeIfPresent(entry.from(), (id, join) -> join.goneAt(entry.sequence()));
        else step.joins.remove(entry.from());
        if (own) {
            adoptFound(step, entry, founded);
            return;
        }
        if (step.hasGroup) step.unseat(entry.from());
        step.over();
        if (step.asking.isEmpty() || step.foundInFlight()) return; // evaluate() asks, or the own group comes next
        long arrived = step.peer(entry.from()).map(LogState.Peer::arrived).orElse(0L);
        if (arrived > step.asking.get().sequence()) Admission.askAgain(step);
        Admission.wait(step);
    }

    private static void adoptFound(Step step, Committed entry, Change.Founded founded) {
        step.inFlight = Optional.empty();
        step.cancelTimer(RoomTimer.FLIGHT);
        step.then(new RoomEffect.AdoptOwn());
        var self = founded.founder();
        Member member = new Member(0, self.participant(), self.name(), self.identity(), self.signatureKey());
        begin(step, new GroupView(entry.group(), 0, 0, List.of(member)), entry.sequence());
        step.seat(0, step.me, entry.sequence());
    }

    /** This member is in another group now. */
    private static void begin(Step step, GroupView view, long since) {
        if (step.hasGroup) for (var seat : List.copyOf(step.seats.values())) step.unseat(seat.connection());
        step.former.remove(step.me);
        step.hasGroup = true;
        step.view = view;
        step.since = since;
        step.at = step.sequence;
        step.entryEpoch = view.epoch();
        step.rulesHeard = true;
        step.standing = Standing.GOOD;
        step.seats.clear();
        step.going.clear();
        step.wanted = false;
        step.asking = Optional.empty();
        step.batch = RoomMachine.ADDS_PER_COMMIT;
        step.cancelTimer(RoomTimer.ADMISSION);
        step.cancelTimer(RoomTimer.TURN);
        step.cancelTimer(RoomTimer.GATHER);
        step.cancelTimer(RoomTimer.GRACE);
    }

    private static void commit(Step step, Committed entry, Change.Commit commit) {
        boolean member = commit.reading() instanceof Reading.Staged || commit.reading() instanceof Reading.Own;
        commit.handed()
                .ifPresent(handed -> Door.heardInLog(step, handed.agreed().rules(), member, false));
        if (step.phase == RoomState.Phase.ENDED) return;
        boolean own = step.hasGroup && entry.group().equals(step.view.group());
        if (step.good() && step.live() && own) {
            if (next(step, entry)) ownNext(step, entry, commit);
            else if (entry.epoch() > step.view.epoch() + 1) step.over(); // missed one
            else step.alarm(Alarm.LOG_BROKEN, "the server accepted two commits for epoch " + entry.epoch());
            return;
        }
        Mark mark = new Mark(Math.min(commit.since(), entry.sequence()), entry.group());
        boolean newest = step.newest.isEmpty() || mark.compareTo(step.newest.get()) >= 0;
        boolean awaited = newest && step.asking.isPresent() && !step.foundInFlight();
        switch (commit.reading()) {
            case Reading.Welcomed welcomed -> {
                if (awaited) welcomed(step, entry, commit, welcomed.view());
                else hear(step, mark);
            }
            case Reading.Unusable unusable -> {
                if (!awaited) hear(step, mark);
                else if (answersLatest(step, commit)) Admission.welcomeFailed(step, unusable.detail());
                else Admission.wait(step); // it answers an earlier request; the latest is still to be granted
            }
            case Reading.Foreign foreign -> heardCommit(step, entry, commit, mark, newest);
            case Reading.Own echo -> heardCommit(step, entry, commit, mark, newest);
            case Reading.Staged staged -> heardCommit(step, entry, commit, mark, newest);
        }
    }

    private static boolean answersLatest(Step step, Change.Commit commit) {
        long asked = step.asking.orElseThrow().sequence();
        return asked > 0
                && commit.admitted().stream()
                        .anyMatch(admitted -> admitted.connection().equals(step.me) && admitted.sequence() >= asked);
    }

    private static void heardCommit(Step step, Committed entry, Change.Commit commit, Mark mark, boolean newest) {
        hear(step, mark);
        for (Admitted admitted : commit.admitted())
            step.joins.computeIfPresent(
                    admitted.connection(),
                    (id, join) -> join.sequence() <= admitted.sequence() ? join.grantedBy(mark.group()) : join);
        if (step.newest.filter(mark::equals).isPresent()) step.heardNewest(mark, entry.epoch());
        boolean adds = !commit.admitted().isEmpty();
        if (newest) Admission.seeCommit(step, commit.seen(), adds);
    }

    /** Another group is alive. */
    static void hear(Step step, Mark mark) {
        if (step.good() && mark.equals(step.mark())) return;
        boolean newer = step.newest.isEmpty() || mark.compareTo(step.newest.get()) > 0;
        Pass founder = step.ignored.get(mark);
        if (founder != null && Door.bars(step, founder)) return;
        // A group founded since this client came would be known to it from its found entry: this one is made up.
        if (newer && founder == null && mark.since() > step.entered) return;
        if (newer) step.heardNewest(mark, 0);
        if (!step.hasGroup || step.standing == Standing.OVER) return;
        if (mark.compareTo(step.mark()) > 0) step.over();
        else step.wanted = true; // shows them that there is a newer one
    }

    private static void ownNext(Step step, Committed entry, Change.Commit commit) {
        switch (commit.reading()) {
            case Reading.Own own -> {
                step.inFlight = Optional.empty();
                step.cancelTimer(RoomTimer.FLIGHT);
                step.then(new RoomEffect.AdoptOwn());
                adopted(step, entry, commit, own.next());
            }
            case Reading.Staged staged -> {
                Optional<Judge.Verdict> verdict = Judge.check(step, entry, commit, staged);
                if (verdict.isPresent()) {
                    refuse(step, verdict.get().alarm(), verdict.get().detail(), Optional.of(staged.committer()));
                } else if (staged.next().isEmpty()) {
                    step.over();
                } else {
                    step.discardInFlight();
                    step.then(new RoomEffect.AdoptEntry());
                    if (!step.movedOn(staged.committer(), entry.from()))
                        step.seat(staged.committer(), entry.from(), entry.sequence());
                    adopted(step, entry, commit, staged.next().get());
                }
            }
            case Reading.Unusable unusable -> {
                step.alarm(Alarm.COMMIT_INVALID, unusable.detail());
                step.over();
            }
            case Reading.Welcomed welcomed -> step.over();
            case Reading.Foreign foreign -> step.over();
        }
    }

    /** The own group's next epoch is in force. */
    private static void adopted(Step step, Committed entry, Change.Commit commit, GroupView next) {
        for (Member old : step.view.members()) {
            boolean stays = next.member(old.leaf())
                    .filter(member -> member.signatureKey().equals(old.signatureKey()))
                    .isPresent();
            if (stays) continue;
            step.seats.remove(old.leaf());
            step.going.remove(old.leaf());
        }
        step.view = next;
        step.at = entry.sequence();
        step.heardNewest(step.mark(), next.epoch());
        step.wanted = false;
        step.batch = RoomMachine.ADDS_PER_COMMIT;
        step.cancelTimer(RoomTimer.TURN);
        if (Door.knownAt(step, step.at)) step.spared.clear();
        Door.admitMembers(step);
        Admission.noteGranted(step);
        commit.handed().ifPresent(handed -> Door.heardPath(step, handed.agreed()));
        boolean newer = commit.handed()
                .filter(handed -> step.agreed.tells(handed.agreed()))
                .isPresent();
        seatAdmitted(step, entry, commit);
        Admission.forgetGone(step, commit.seen());
        Admission.forgetOutdated(step);
        Committing.gather(step, commit.admitted().size());
        boolean placed = step.me.equals(commit.seats().get(next.ownLeaf()));
        for (Admitted admitted : commit.admitted()) {
            if (!step.present(admitted.connection()) || admitted.connection().equals(step.me)) continue;
            if ((!placed || newer) && step.seated(next.ownLeaf()))
                step.then(new RoomEffect.SendAttach(
                        admitted.connection(), next.group(), next.epoch(), next.ownLeaf(), step.since, step.agreed));
            step.then(new RoomEffect.SendState(admitted.connection()));
        }
    }

    private static void seatAdmitted(Step step, Committed entry, Change.Commit commit) {
        for (Admitted admitted : commit.admitted()) {
            if (step.view.member(admitted.leaf()).isEmpty()) continue;
            if (askedAgain(step, admitted.connection())) step.going.add(admitted.leaf());
            else {
                // A request from before this member's time may have been taken back before it, too.
                boolean sure = admitted.sequence() > step.entered;
                place(step, admitted.leaf(), admitted.connection(), sure ? entry.sequence() : step.entered);
            }
        }
    }

    /**
     * What the committer knew of a leaf holds from its commit on; but not for sure if the member said after what the
     * committer had seen that it is elsewhere. It will say so to this member alone, too.
     */
    private static long seatedSince(Step step, Committed entry, Change.Commit commit, int leaf) {
        boolean moved = step.peers.stream()
                .anyMatch(peer -> peer.claim()
                        .filter(claim -> claim.leaf() == leaf && claim.sequence() > commit.seen())
                        .isPresent());
        return moved ? step.entered : entry.sequence();
    }

    /** Whether a member has asked again since, with a KeyPackage other than the one that made it a member. */
    private static boolean askedAgain(Step step, ConnectionId connection) {
        return step.asksHere(connection);
    }

    /** Attaches a member on its connection, if that is still there. */
    private static void place(Step step, int leaf, ConnectionId connection, long since) {
        boolean there = step.peer(connection).filter(peer -> !peer.left()).isPresent();
        if (there) step.seat(leaf, connection, since);
        else step.going.add(leaf);
    }

    /** This member is admitted. */
    private static void welcomed(Step step, Committed entry, Change.Commit commit, GroupView view) {
        if (strangers(step, commit, view)) {
            step.found(); // those who belong here follow; whoever founded that group hears that it has to wait
            return;
        }
        Mark mark = new Mark(commit.since(), entry.group());
        boolean known = step.newest.filter(mark::equals).isPresent() || step.ignored.containsKey(mark);
        boolean credible = commit.since() > 0 && (known || commit.since() <= step.entered);
        if (!credible
                || !view.group().equals(entry.group())
                || view.epoch() != entry.epoch()
                || !view.self().participant().equals(step.self())) {
            step.alarm(Alarm.COMMIT_INVALID, "a Welcome does not fit the commit that carries it");
            return;
        }
        step.then(new RoomEffect.AdoptEntry());
        Pass founder = step.ignored.remove(mark); // who founded it asks no more; this member had not counted the group
        step.joins
                .values()
                .removeIf(join ->
                        join.sequence() < mark.since() && Pass.of(join.info()).equals(founder));
        step.heardNewest(mark, entry.epoch());
        begin(step, view, commit.since());
        Admission.noteGranted(step);
        step.told.addAll(commit.banned());
        commit.seats().forEach((leaf, connection) -> {
            if (connection.equals(step.me) || view.member(leaf).isEmpty()) return;
            if (askedAgain(step, connection)) step.going.add(leaf);
            else if (step.peer(connection).filter(peer -> peer.left()).isPresent()) step.going.add(leaf);
            else if (step.present(connection)) step.seat(leaf, connection, seatedSince(step, entry, commit, leaf));
            // else it went meanwhile, or is back elsewhere and will say so
        });
        seatAdmitted(step, entry, commit);
        Admission.forgetOutdated(step);
        step.seat(view.ownLeaf(), step.me, entry.sequence());
        commit.handed().ifPresent(handed -> {
            Door.heardPath(step, handed.agreed());
            step.passes.clear(); // those of an earlier lock may be among them
            if (step.agreed.rules().locked()) step.passes.addAll(handed.passes());
            step.passesComplete = handed.complete()
                    && handed.agreed().rules().equals(step.agreed.rules())
                    && step.latestAdmit <= commit.seen();
            if (!step.agreed.tells(handed.agreed())) return;
            step.rulesSince = Accord.UNKNOWN;
            Door.tellEverybody(step);
        });
        Door.admitMembers(step);
        Committing.gather(step, commit.admitted().size());
        step.then(new RoomEffect.ReportStage(Stage.AGREEING_KEYS));
        step.then(new RoomEffect.PostState());
    }

    /**
     * Whether the group that lets this member in is one of people who may not be here: they do not know the rules. They may
     * have come into a room that its members had lost, for a server that forgets can show them an empty one first.
     */
    private static boolean strangers(Step step, Change.Commit commit, GroupView view) {
        if (!step.hasGroup || Door.barred(step)) return false;
        Set<Integer> admitted = new HashSet<>();
        for (Admitted one : commit.admitted()) admitted.add(one.leaf());
        return view.members().stream()
                .filter(member -> !admitted.contains(member.leaf()))
                .allMatch(member -> Door.bars(step, Pass.of(member)));
    }

    /** The next commit of the own group must not be followed: its members found another group. */
    private static void refuse(Step step, Alarm alarm, String detail, Optional<Integer> offender) {
        step.alarm(alarm, detail);
        step.discardInFlight();
        step.cancelTimer(RoomTimer.GRACE);
        step.standing = Standing.BROKEN;
        offender.filter(leaf -> leaf != step.view.ownLeaf())
                .flatMap(step.view::member)
                .ifPresent(member -> {
                    step.banned.add(member.identity());
                    step.seats.remove(member.leaf());
                });
    }
}
