package sotto.rooms.explore;

import java.util.List;

/**
 * The machine broken on purpose, one line at a time: the exploration must find each. A mutant is a change of the real
 * source text, so a rule that is rewritten takes its mutant along or fails the test.
 */
final class Mutants {
    /**
     * @param bug what is wrong with it
     * @param type the class in {@code sotto.rooms.machine}
     * @param text what stands there, once
     * @param instead what stands there in the mutant
     */
    record Mutant(String bug, String type, String text, String instead) {
        @Override
        public String toString() {
            return bug;
        }
    }

    private Mutants() {}

    /** Bugs in what hosts have a say in. */
    static List<Mutant> hosts() {
        return List.of(
                new Mutant(
                        "adds who waits for a host",
                        "Committing",
                        "&& !step.refused(join.info().identity())\n                        && !Door.bars(step, join.info()))",
                        "&& !step.refused(join.info().identity()))"),
                new Mutant(
                        "follows a commit that adds who waits for a host",
                        "Judge",
                        "return knew && !before && bars;",
                        "return false;"),
                new Mutant(
                        "accuses whoever did not know the new rules yet",
                        "Judge",
                        "return knew && !before && bars;",
                        "return !before && bars;"),
                new Mutant(
                        "lets those in whom a host removed",
                        "Accord",
                        "if (agreed.rules().removed(pass.identity())) return true;",
                        ""),
                new Mutant(
                        "takes the rules that it heard last for the newest",
                        "Door",
                        "rules.compareTo(step.agreed.rules()) <= 0) return false;\n        for",
                        "rules.equals(step.agreed.rules())) return false;\n        for"),
                new Mutant(
                        "does not remove whom a host removed",
                        "Committing",
                        "|| Door.removed(step, member.leaf())\n",
                        ""),
                new Mutant(
                        "stays when a host removes it",
                        "Door",
                        "if (rules.removed(step.identity())) {",
                        "if (false) {"),
                new Mutant(
                        "takes whoever was a host for one who never was",
                        "Door",
                        "&& knownAt(step, admit.seen())",
                        "&& knownAt(step, step.sequence)"),
                new Mutant(
                        "stays alone in its group when it is told to wait",
                        "Door",
                        "if (locked && alone && barred(step)) step.over();",
                        ""),
                new Mutant(
                        "takes itself for one who was inside though it is told to wait",
                        "Door",
                        "if (locked && (alone || outside)) step.passes.remove(own(step));",
                        "if (locked && alone) step.passes.remove(own(step));"),
                new Mutant(
                        "takes who was pardoned for one who was wrongly removed",
                        "Judge",
                        "boolean byHost = Door.removed(step, leaf) || Door.spared(step, member.get(), commit.seen());",
                        "boolean byHost = Door.removed(step, leaf);"));
    }

    static List<Mutant> all() {
        return List.of(
                new Mutant(
                        "adopts its own commit after losing the race",
                        "Commits",
                        "step.discardInFlight();\n                    step.then(new RoomEffect.AdoptEntry());",
                        "step.then(step.inFlight.isPresent() ? new RoomEffect.AdoptOwn() : new RoomEffect.AdoptEntry());"),
                new Mutant(
                        "adopts its own commit before the server's word",
                        "Committing",
                        "step.setTimer(RoomTimer.FLIGHT, RoomMachine.FLIGHT_MILLIS);",
                        "step.then(new RoomEffect.AdoptOwn());"),
                new Mutant(
                        "commits without waiting for its turn",
                        "Committing",
                        "if (delay == 0) act(step);",
                        "if (delay >= 0) act(step);"),
                new Mutant(
                        "ranks from the wrong end",
                        "Committing",
                        "leaf < step.view.ownLeaf()",
                        "leaf > step.view.ownLeaf()"),
                new Mutant(
                        "never takes over from one who hangs",
                        "Committing",
                        "filter(set -> set <= delay).isEmpty()) step.setTimer(RoomTimer.TURN, delay);",
                        "filter(set -> set <= delay).isEmpty()) return;"),
                new Mutant(
                        "follows a commit that adds without a request",
                        "Judge",
                        "return admitted.sequence() <= step.entered && trusting(step);",
                        "return true;"),
                new Mutant(
                        "follows a commit that removes who is there",
                        "Judge",
                        "if (byHost || absent || absentThen || leftUnseen || replaced) return Optional.empty();",
                        "if (member.isPresent()) return Optional.empty();"),
                new Mutant(
                        "takes the older of two groups for the newer",
                        "Mark",
                        "Long.compare(since, other.since)",
                        "Long.compare(other.since, since)"),
                new Mutant(
                        "stays in its group when another is founded",
                        "Commits",
                        "step.over();\n        if (step.asking.isEmpty() || step.foundInFlight()) return;",
                        "if (step.asking.isEmpty() || step.foundInFlight()) return;"),
                new Mutant(
                        "commits in a group from another log",
                        "Committing",
                        "step.standing == Standing.BROKEN || !step.live() || members < 2",
                        "step.standing == Standing.BROKEN || members < 2"),
                new Mutant(
                        "does not notice that it missed a commit",
                        "Commits",
                        "else if (entry.epoch() > step.view.epoch() + 1) step.over();",
                        "else if (entry.epoch() > step.view.epoch() + 1) return;"),
                new Mutant(
                        "does not ask again when its group is over",
                        "Committing",
                        "if (step.asking.isEmpty()) Admission.ask(step);",
                        ""),
                new Mutant(
                        "does not say that it is back",
                        "Connecting",
                        "step.then(new RoomEffect.PostAttach(\n                    step.view.group(), step.view.epoch(), step.view.ownLeaf(), step.since, step.agreed));",
                        ""),
                new Mutant(
                        "keeps what was in flight over a broken connection",
                        "Connecting",
                        "step.discardInFlight();",
                        ""),
                new Mutant(
                        "goes on in a group after refusing its commit",
                        "Commits",
                        "step.standing = Standing.BROKEN;",
                        "step.standing = Standing.GOOD;"),
                new Mutant(
                        "founds a group again with each answer",
                        "Commits",
                        "step.inFlight = Optional.empty();\n        step.cancelTimer(RoomTimer.FLIGHT);\n        step.then(new RoomEffect.AdoptOwn());\n        var self",
                        "step.then(new RoomEffect.AdoptOwn());\n        var self"),
                new Mutant(
                        "takes members for gone who may be on a connection not yet placed",
                        "Attaching",
                        "if (!unplaced) {",
                        "if (absent) {"),
                new Mutant(
                        "forgets pending leaves and departures with the next commit",
                        "Commits",
                        "step.view = next;",
                        "step.going.clear();\n        step.seats.clear();\n        step.view = next;"),
                new Mutant(
                        "waits for ever for members who did not survive a restart",
                        "Attaching",
                        "if (!step.live()) absentGo(step);",
                        "if (!step.live()) return;"),
                new Mutant(
                        "waits for ever for a silent connection to speak",
                        "Attaching",
                        "else if (step.inFlight.isEmpty()) step.found();",
                        ""),
                new Mutant(
                        "takes a repetition of its last request for the one that it made since",
                        "Admission",
                        "if (step.underWay == 0)",
                        "if (step.underWay >= 0)"),
                new Mutant(
                        "adds again who is a member, beside the old leaf",
                        "Committing",
                        "|| rejoining.contains(member.participant()))) removes.add(member.leaf());",
                        ")) removes.add(member.leaf());"),
                new Mutant(
                        "takes the Welcome of a group that was replaced",
                        "Commits",
                        "boolean awaited = newest && step.asking",
                        "boolean awaited = step.asking"),
                new Mutant(
                        "keeps stale seats over a restart of the server",
                        "Connecting",
                        "step.seats.clear();\n        step.going.clear();\n        step.banned",
                        "step.banned"),
                new Mutant(
                        "is moved back to a connection that it gave up",
                        "Step",
                        "return seat != null && cameLater(seat.connection(), from);",
                        "return false;"),
                new Mutant(
                        "takes its own earlier connection for somebody else's",
                        "RoomMachine",
                        "if (state.log().get().past().contains(from)) return Prepare.NOTHING;",
                        ""),
                new Mutant(
                        "takes an attach of an epoch long past",
                        "Attaching",
                        "return attach.epoch() <= epoch && attach.epoch() >= then;",
                        "return attach.epoch() <= epoch;"),
                new Mutant(
                        "does not found a group when nobody admits it",
                        "RoomMachine",
                        "case ADMISSION -> Admission.timeOut(step);",
                        "case ADMISSION -> {}"),
                new Mutant("does not hear of departures", "Attaching", "step.dropPeer(from);", ""));
    }
}
