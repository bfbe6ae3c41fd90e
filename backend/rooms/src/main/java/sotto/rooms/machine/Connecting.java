package sotto.rooms.machine;

import java.util.Optional;
import sotto.rooms.machine.GroupState.Standing;
import sotto.rooms.machine.LogState.Peer;
import sotto.rooms.machine.RoomState.Phase;

/** Coming to the server, losing it, coming back, leaving. */
final class Connecting {
    private Connecting() {}

    static void enter(Step step) {
        if (step.phase != Phase.OUTSIDE) return;
        step.phase = Phase.CONNECTING;
        step.then(new RoomEffect.ReportStage(Stage.CONNECTING));
        step.then(new RoomEffect.Connect());
    }

    static void leave(Step step) {
        boolean asking = step.asking.isPresent();
        if (step.phase == Phase.INSIDE && (step.hasGroup || asking)) step.then(new RoomEffect.PostLeave(asking));
        step.end(End.LEFT, "left");
    }

    static void disconnected(Step step) {
        if (step.phase != Phase.CONNECTING && step.phase != Phase.INSIDE) return;
        if (step.phase == Phase.INSIDE) step.then(new RoomEffect.ReportServer(false));
        // Whether the server accepted what was in flight will not be known: if it did, others have an epoch that this
        // member lacks, and it will have to join again.
        step.discardInFlight();
        step.cancelAllTimers();
        step.asking = Optional.empty();
        step.underWay = 0;
        step.phase = Phase.CONNECTING;
        step.failures++;
        if (!step.everInside && step.failures >= RoomMachine.ATTEMPTS) {
            step.end(End.SERVER_AWAY, "the server does not answer");
            return;
        }
        int doublings = Math.min(step.failures - 1, 10);
        step.setTimer(
                RoomTimer.RECONNECT,
                Math.min(RoomMachine.RECONNECT_MILLIS << doublings, RoomMachine.RECONNECT_MAX_MILLIS));
    }

    static void entered(Step step, RoomEvent.Entered entered) {
        if (step.phase != Phase.CONNECTING) return;
        step.cancelTimer(RoomTimer.RECONNECT);
        step.phase = Phase.INSIDE;
        step.everInside = true;
        step.failures = 0;
        step.then(new RoomEffect.ReportServer(true));
        boolean same = step.hasLog && step.logId.equals(entered.log());
        if (same && entered.sequence() < step.sequence) {
            step.alarm(Alarm.LOG_BROKEN, "the log was rolled back");
            same = false;
        }
        if (same) sameLog(step, entered);
        else newLog(step);
        step.hasLog = true;
        step.logId = entered.log();
        step.me = entered.me();
        step.entered = entered.sequence();
        step.sequence = entered.sequence();
        // If this member is in its group's epoch, so it was throughout its absence: those who came then are held to it.
        long epochThen = step.good() && step.live() ? step.view.epoch() : 0;
        for (var id : entered.present())
            if (!step.present(id) && !step.past.contains(id))
                step.peers.add(new Peer(id, 0, epochThen, false, Optional.empty()));
        if (!step.hasGroup || step.standing == Standing.OVER) {
            if (step.peers.isEmpty() && !Door.barred(step)) step.found();
            else Admission.ask(step);
        } else if (step.standing == Standing.GOOD) {
            step.rulesHeard = false;
            if (step.agreed.rules().locked()) step.passesComplete = false; // a host may have let somebody in meanwhile
            step.entryEpoch = step.view.epoch();
            step.then(new RoomEffect.PostAttach(
                    step.view.group(), step.view.epoch(), step.view.ownLeaf(), step.since, step.agreed));
            step.setTimer(RoomTimer.FLIGHT, RoomMachine.FLIGHT_MILLIS);
            Attaching.startGrace(step);
        }
    }

    /** Back where it was: what happened meanwhile is not known. */
    private static void sameLog(Step step, RoomEvent.Entered entered) {
        step.past.add(step.me);
        step.past.retainAll(entered.present());
        step.peers.removeIf(
                peer -> peer.id().equals(step.me) || !entered.present().contains(peer.id()));
        if (!step.good()) step.joins.clear(); // some may have been granted
        step.joins.keySet().removeIf(id -> !entered.present().contains(id));
        step.former.keySet().removeIf(id -> !entered.present().contains(id));
        step.going.clear(); // they may be back
        if (step.hasGroup) step.seats.remove(step.view.ownLeaf());
        step.seats.values().removeIf(seat -> !entered.present().contains(seat.connection()));
    }

    /** The server knows nothing of what was: the group lives on in its members' hands. */
    private static void newLog(Step step) {
        step.past.clear();
        step.peers.clear();
        step.joins.clear();
        step.former.clear();
        step.seats.clear();
        step.going.clear();
        step.banned.clear();
        step.told.clear();
        step.ignored.clear();
        step.newest = Optional.empty();
        step.newestEpoch = 0;
        step.since = 0;
        step.at = 0;
        step.rulesSince = Accord.UNKNOWN;
        step.latestAdmit = 0;
    }
}
