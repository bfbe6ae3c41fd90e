package sotto.rooms.machine;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;
import sotto.rooms.group.Bytes;
import sotto.rooms.group.KeyPackageInfo;
import sotto.rooms.machine.LogState.Join;
import sotto.rooms.machine.RoomState.Asking;
import sotto.rooms.machine.RoomState.Gathering;
import sotto.rooms.wire.ConnectionId;
import sotto.rooms.wire.GroupId;

/** Asking to be let in, and remembering who asked. */
final class Admission {
    private Admission() {}

    /** Asks with a fresh KeyPackage and starts to wait. */
    static void ask(Step step) {
        step.asking = Optional.of(new Asking(0, rank(step), 0, 0));
        post(step, true);
        if (!step.hasGroup) {
            if (Door.barred(step)) Door.reportWaiting(step, false);
            else step.then(new RoomEffect.ReportStage(Stage.ASKING_TO_JOIN));
        }
        wait(step);
    }

    private static void post(Step step, boolean fresh) {
        step.underWay++;
        step.then(new RoomEffect.PostJoin(fresh));
    }

    /** Waits anew: somebody gave a sign of life. */
    static void wait(Step step) {
        int rank = rank(step);
        step.asking =
                step.asking.map(asking -> new Asking(asking.sequence(), rank, asking.passedOver(), asking.failures()));
        step.setTimer(RoomTimer.ADMISSION, RoomMachine.ADMISSION_MILLIS + rank * RoomMachine.ADMISSION_RANK_MILLIS);
    }

    /** Somebody went: waits less long if that one would have founded a group earlier. */
    static void waitLess(Step step) {
        if (step.asking.isEmpty() || step.foundInFlight()) return;
        boolean alone = step.peers.stream().allMatch(peer -> peer.id().equals(step.me));
        if (alone && Door.barred(step)) Door.reportWaiting(step, false);
        else if (alone) step.found();
        else if (rank(step) < step.asking.get().rank()) wait(step);
    }

    /** How many arrived before this client. */
    private static int rank(Step step) {
        int rank = 0;
        for (var peer : step.peers) {
            if (peer.id().equals(step.me)) break;
            rank++;
        }
        return Math.min(rank, RoomMachine.ADMISSION_RANKS);
    }

    /** The same request again, for those who came after it. */
    static void askAgain(Step step) {
        if (step.asking.isEmpty() || step.asking.get().sequence() == 0) return; // it is under way
        Asking asking = step.asking.get();
        step.asking = Optional.of(new Asking(0, asking.rank(), asking.passedOver(), asking.failures()));
        post(step, false);
    }

    /** Nobody has admitted this client in time: asks for the last time, unless it has to wait for a host. */
    static void timeOut(Step step) {
        if (Door.barred(step)) {
            askThoseWhoCame(step);
            wait(step);
        } else askForTheLastTime(step);
    }

    /**
     * Founds a group once this request has come back in the log, and no answer before it: whoever reads late, in a large
     * room or on a slow computer, may have been admitted long ago.
     */
    private static void askForTheLastTime(Step step) {
        step.asking =
                step.asking.map(asking -> new Asking(0, asking.rank(), asking.passedOver(), asking.failures(), true));
        post(step, false);
    }

    /** All own requests are in the log up to here. */
    private static void haveAsked(Step step, long sequence) {
        if (step.asking.isEmpty()) return;
        step.asking = step.asking.map(asking -> asking.at(sequence));
        if (!step.asking.get().last() || step.foundInFlight()) return;
        if (Door.barred(step)) wait(step);
        else step.found();
    }

    /** Asks again if somebody came since, who may be a host and does not know of the request. */
    static void askThoseWhoCame(Step step) {
        if (step.asking.isEmpty()) return;
        long asked = step.asking.get().sequence();
        if (step.peers.stream().anyMatch(peer -> peer.arrived() > asked)) askAgain(step);
    }

    /**
     * A commit of the newest group landed.
     *
     * @param seen sequence up to which its maker had seen the log
     * @param adds whether somebody else came in, who may be a host and does not know of this request
     */
    static void seeCommit(Step step, long seen, boolean adds) {
        if (step.asking.isEmpty() || step.foundInFlight()) return;
        if (Door.barred(step)) {
            if (adds) askAgain(step);
            wait(step);
            return;
        }
        Asking asking = step.asking.get();
        boolean passedOver = asking.sequence() > 0 && seen >= asking.sequence();
        if (passedOver) {
            int times = asking.passedOver() + 1;
            if (times >= RoomMachine.PASSED_OVER_END) {
                step.end(End.NOT_ADMITTED, times + " commits passed this member over");
                return;
            }
            step.asking = Optional.of(new Asking(asking.sequence(), asking.rank(), times, asking.failures()));
            if (times % RoomMachine.PASSED_OVER == 0) askAgain(step);
        }
        wait(step);
    }

    /** The Welcome for this member is of no use. */
    static void welcomeFailed(Step step, String detail) {
        int failures = step.asking.map(Asking::failures).orElse(0) + 1;
        if (failures >= RoomMachine.WELCOME_FAILURES) {
            step.end(End.GROUP_FAILED, detail);
            return;
        }
        ask(step);
        step.asking = step.asking.map(asking -> new Asking(0, asking.rank(), 0, failures));
    }

    static void joinAsked(Step step, RoomEvent.Posted posted, RoomEvent.Message.Join join) {
        ConnectionId from = posted.from();
        if (from.equals(step.me)) {
            // One that was repeated before it was granted can come after this member had to ask anew: its KeyPackage is
            // not the latest, and an answer to it no answer to the latest.
            step.underWay = Math.max(0, step.underWay - 1);
            if (step.underWay == 0) haveAsked(step, posted.sequence());
            return;
        }
        boolean known = step.present(from) || step.past.contains(from);
        if (!known || granted(step, join.info())) return;
        if (taken(step, join.info())) {
            step.alarm(
                    Alarm.JOIN_INVALID,
                    "somebody asked to join in the place of " + join.info().name());
            return;
        }
        if (step.hasGroup) step.unseat(from).ifPresent(step.going::add); // it says that it is not in the group any more
        // Out of date, but somebody may not know that yet and grant it: remembered, not granted by this member.
        boolean outdated = join.info().participant().equals(step.self())
                || attachedLater(step, from, join.info())
                || askedLater(step, from, join.info());
        Join earlier = step.joins.get(from);
        if (earlier == null && step.joins.size() >= RoomMachine.JOINS) return;
        List<Bytes> references = new ArrayList<>(earlier == null ? List.of() : earlier.references());
        references.remove(join.info().reference());
        references.add(join.info().reference());
        if (references.size() > RoomMachine.REFERENCES) references.removeFirst();
        // The same person on another connection: the older one is dead, though the server has not noticed yet. A commit
        // that grants it may be under way.
        step.joins.replaceAll((id, other) -> other.gone() == 0
                        && other.info().participant().equals(join.info().participant())
                        && !step.cameLater(id, from)
                ? other.goneAt(posted.sequence())
                : other);
        boolean again = earlier != null && earlier.info().equals(join.info());
        SortedSet<GroupId> granted = again ? earlier.granted() : new TreeSet<>();
        long gone = outdated ? posted.sequence() : 0;
        step.joins.put(
                from, new Join(from, posted.sequence(), references, join.info(), join.keyPackage(), gone, granted));
        if (earlier == null) step.gathering = new Gathering(step.gathering.rounds(), true);
        if (Door.bars(step, join.info())) Door.tell(step, from);
    }

    /** Whether the participant is attached on a connection that came later: it sent this before it lost the older. */
    private static boolean attachedLater(Step step, ConnectionId from, KeyPackageInfo info) {
        if (!step.good()) return false;
        return step.view
                .member(info.participant())
                .flatMap(member -> Optional.ofNullable(step.seats.get(member.leaf())))
                .filter(seat -> step.cameLater(seat.connection(), from))
                .isPresent();
    }

    /** Whether the participant asks on a connection that came later, too: this request was under way on a dead one. */
    private static boolean askedLater(Step step, ConnectionId from, KeyPackageInfo info) {
        return step.joins.values().stream()
                .anyMatch(other -> other.gone() == 0
                        && other.info().participant().equals(info.participant())
                        && step.cameLater(other.from(), from));
    }

    /** Of a member's requests those that it sent before it came to be attached where it is. */
    static void forgetOutdated(Step step) {
        step.joins.replaceAll((from, join) ->
                join.gone() == 0 && attachedLater(step, from, join.info()) ? join.goneAt(step.sequence) : join);
    }

    /** Whether the participant id belongs to somebody else. */
    private static boolean taken(Step step, KeyPackageInfo info) {
        if (info.participant().equals(step.self())) return !info.identity().equals(step.identity());
        boolean member = step.hasGroup
                && step.view
                        .member(info.participant())
                        .filter(other -> !other.identity().equals(info.identity()))
                        .isPresent();
        return member
                || step.joins.values().stream()
                        .anyMatch(other -> other.info().participant().equals(info.participant())
                                && !other.info().identity().equals(info.identity()));
    }

    /** Requests with whose KeyPackage somebody became a member of the own group. */
    static void noteGranted(Step step) {
        step.joins.replaceAll((from, join) -> granted(step, join.info()) ? join.grantedBy(step.view.group()) : join);
    }

    /** Whether this KeyPackage's leaf is in the own group: the request was posted again while it was being granted. */
    private static boolean granted(Step step, KeyPackageInfo info) {
        return step.good()
                && step.view
                        .member(info.participant())
                        .filter(member -> member.signatureKey().equals(info.signatureKey()))
                        .isPresent();
    }

    /** Requests of connections that went: nobody who has seen them go will grant them. */
    static void forgetGone(Step step, long seen) {
        step.joins.values().removeIf(join -> join.gone() > 0 && join.gone() <= seen);
    }
}
