package sotto.rooms.machine;

import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import sotto.rooms.machine.GroupState.Standing;
import sotto.rooms.machine.LogState.Peer;
import sotto.rooms.wire.ConnectionId;

/** Which member is on which connection: arrivals, departures, members who come back. */
final class Attaching {
    private Attaching() {}

    static void arrived(Step step, RoomEvent.Arrived arrived) {
        if (step.present(arrived.from())) {
            step.alarm(Alarm.LOG_BROKEN, "a connection arrived twice");
            return;
        }
        if (step.peers.size() >= RoomMachine.PEERS) {
            step.alarm(Alarm.LOG_BROKEN, "more connections arrived than a room can have");
            step.end(End.SERVER_MALFORMED, "the server fills the room without end");
            return;
        }
        step.peers.add(new Peer(arrived.from(), arrived.sequence(), step.newestEpoch, false, Optional.empty()));
    }

    static void gone(Step step, RoomEvent.Gone gone) {
        ConnectionId from = gone.from();
        if (from.equals(step.me)) {
            step.alarm(Alarm.LOG_BROKEN, "the server says that this member's own connection went");
            // The others are told the same and remove this member, which is no fault of theirs: comes back on another.
            if (step.hasGroup) step.seats.remove(step.view.ownLeaf());
            step.then(new RoomEffect.Disconnect());
            return;
        }
        if (step.past.remove(from)) return;
        step.dropPeer(from);
        step.joins.computeIfPresent(from, (id, join) -> join.goneAt(gone.sequence()));
        if (step.hasGroup) {
            // A seat from before a gap may have been given up in it: the member may be on a connection not yet placed.
            boolean sure = step.leafOf(from)
                    .filter(leaf -> step.seats.get(leaf).since() > step.entered)
                    .isPresent();
            Optional<Integer> leaf = step.unseat(from);
            if (sure) leaf.ifPresent(step.going::add);
        }
        step.former.remove(from);
        Admission.waitLess(step);
    }

    static void left(Step step, RoomEvent.Posted posted, RoomEvent.Message.Left left) {
        // Nobody but the member itself may say that it leaves. Where no member is known to be, the word of whoever
        // holds the link on that connection is noted: it concerns nothing but this connection.
        boolean member = step.hasGroup
                && step.standing != Standing.OVER
                && step.leafOf(posted.from()).isPresent();
        if (member && !left.proved()) return;
        step.peerLeft(posted.from());
        step.joins.computeIfPresent(posted.from(), (id, join) -> join.goneAt(posted.sequence()));
        if (step.hasGroup) step.unseat(posted.from()).ifPresent(step.going::add);
    }

    static void attached(Step step, RoomEvent.Posted posted, RoomEvent.Message.Attach attach) {
        ConnectionId from = posted.from();
        Door.heardInLog(step, attach.agreed().rules(), attach.proved(), false);
        if (step.phase == RoomState.Phase.ENDED) return;
        if (from.equals(step.me)) {
            if (!step.good() || !attach.group().equals(step.view.group())) return;
            step.cancelTimer(RoomTimer.FLIGHT);
            step.seat(step.view.ownLeaf(), from, posted.sequence());
            return;
        }
        if (step.peer(from).filter(peer -> !peer.left()).isEmpty()) return;
        if (!step.good()) step.peerClaims(from, new LogState.Claim(attach.leaf(), posted.sequence()));
        if (!step.hasGroup || !attach.group().equals(step.view.group())) {
            Commits.hear(step, new Mark(Math.min(attach.since(), posted.sequence()), attach.group()));
            return;
        }
        if (!step.good()) return;
        if (attach.proved()) Door.heardPath(step, attach.agreed());
        if (step.movedOn(attach.leaf(), from)) return;
        if (!current(step, from, attach)) {
            step.wanted = true; // one of us is behind: a new epoch or group shows it to whoever it is
            return;
        }
        GroupState.Seat own = step.seats.get(step.view.ownLeaf());
        long arrived = step.peer(from).map(Peer::arrived).orElse(0L);
        // Who arrived before this member was in the group may have missed a commit, as others know.
        boolean sure = attach.epoch() == step.view.epoch() || own != null && own.since() < arrived;
        step.seat(attach.leaf(), from, sure ? posted.sequence() : step.entered);
        if (own != null && own.since() < arrived)
            step.then(new RoomEffect.SendAttach(
                    from, step.view.group(), step.view.epoch(), step.view.ownLeaf(), step.since, step.agreed));
        step.then(new RoomEffect.SendState(from));
    }

    /** A member of the own group tells this one alone where it is. */
    static void sent(Step step, RoomEvent.Sent sent) {
        RoomEvent.Message.Attach attach = sent.message();
        Door.heardAlone(step, attach.agreed().rules(), attach.proved());
        if (step.phase == RoomState.Phase.ENDED
                || !step.good()
                || !attach.group().equals(step.view.group())
                || sent.from().equals(step.me)) return;
        if (attach.proved()) {
            Door.heardPath(step, attach.agreed());
            step.rulesHeard = true;
        }
        if (step.peer(sent.from()).filter(peer -> !peer.left()).isEmpty()) return;
        if (step.asksHere(sent.from()) || step.movedOn(attach.leaf(), sent.from()) && !hearsay(step, attach.leaf()))
            return;
        if (current(step, sent.from(), attach)) step.seat(attach.leaf(), sent.from(), step.sequence);
    }

    /**
     * Whether this member's seat was told by who let this client in, and not by the member since. Two that were told each
     * other's connection correct that themselves, in either order.
     */
    private static boolean hearsay(Step step, int leaf) {
        GroupState.Seat told = step.seats.get(leaf);
        GroupState.Seat own = step.seats.get(step.view.ownLeaf());
        return told != null && own != null && told.since() <= own.since();
    }

    /**
     * Whether the member is in the own group's epoch. A commit may have landed while its message was under way: it has
     * seen all that landed since it arrived.
     */
    private static boolean current(Step step, ConnectionId from, RoomEvent.Message.Attach attach) {
        if (!attach.proved() || attach.leaf() == step.view.ownLeaf()) return false;
        if (step.view.member(attach.leaf()).isEmpty()) return false;
        long epoch = step.view.epoch();
        if (!step.live()) return attach.epoch() == epoch;
        long then = step.peer(from).map(Peer::epochThen).orElse(0L);
        return attach.epoch() <= epoch && attach.epoch() >= then;
    }

    /**
     * Members who are on no connection are gone, even if this member did not see them go: in a live group, each of them
     * would be attached. That holds only while every connection can be placed: on another one a member may be whose word
     * is still under way. A connection that stays silent is not waited for for ever: see {@link #graceOver}.
     */
    static void noticeAbsent(Step step) {
        if (!step.live()) return;
        boolean absent = step.view.members().stream()
                .anyMatch(member -> member.leaf() != step.view.ownLeaf()
                        && !step.seated(member.leaf())
                        && !step.going.contains(member.leaf()));
        if (!absent) {
            step.cancelTimer(RoomTimer.GRACE);
            return;
        }
        Set<ConnectionId> placed = new HashSet<>();
        for (var seat : step.seats.values()) placed.add(seat.connection());
        boolean unplaced = step.peers.stream()
                .anyMatch(peer -> !peer.id().equals(step.me)
                        && !peer.left()
                        && !placed.contains(peer.id())
                        && !step.asksHere(peer.id()));
        if (!unplaced) {
            step.cancelTimer(RoomTimer.GRACE);
            absentGo(step);
        } else if (step.timer(RoomTimer.GRACE).isEmpty()) {
            step.setTimer(RoomTimer.GRACE, RoomMachine.GRACE_MILLIS);
        }
    }

    /** Starts to wait for the other members of a group that was carried over to a new log. */
    static void startGrace(Step step) {
        if (!step.live()) step.setTimer(RoomTimer.GRACE, RoomMachine.GRACE_MILLIS);
    }

    /**
     * Nothing was heard of some members. In a live group others may know better than this member, and would take a commit
     * that removes them for a wrong one; so it founds a group, which nobody can take amiss. Whoever is there follows.
     */
    static void graceOver(Step step) {
        if (!step.good()) return;
        if (!step.live()) absentGo(step);
        else if (step.inFlight.isEmpty()) step.found();
    }

    private static void absentGo(Step step) {
        for (var member : step.view.members())
            if (member.leaf() != step.view.ownLeaf() && !step.seated(member.leaf())) step.going.add(member.leaf());
    }
}
