package sotto.rooms.machine;

import java.util.Optional;
import sotto.rooms.group.Bytes;
import sotto.rooms.group.KeyPackageInfo;
import sotto.rooms.group.Member;
import sotto.rooms.machine.GroupState.Standing;
import sotto.rooms.machine.RoomState.Phase;
import sotto.rooms.rules.Agreed;
import sotto.rooms.rules.Pass;
import sotto.rooms.rules.RoomRules;
import sotto.rooms.wire.ConnectionId;

/** The room's path and rules: hearing of them, telling them, and who may come in. */
final class Door {
    /** So many of the lowest ranks tell somebody that it has to wait; and each host. */
    private static final int TELLERS = 3;

    private Door() {}

    /**
     * Somebody told rules in the log, where everybody present hears them; they are verified.
     *
     * @param member a member of the own group told them
     * @param fresh a host sets them now
     */
    static void heardInLog(Step step, RoomRules rules, boolean member, boolean fresh) {
        boolean newer = take(step, rules, member, fresh);
        boolean same = rules.equals(step.agreed.rules());
        if (newer || same) step.rulesSince = Math.min(step.rulesSince, step.sequence);
        // Somebody elsewhere knew more: a commit shows this group to those who may have been kept out of it.
        if (newer && !member && step.good()) step.wanted = true;
    }

    /**
     * Somebody told this member alone. Others may not know the rules: they are held to them only once they stand in the
     * log, so this member puts them there.
     */
    static void heardAlone(Step step, RoomRules rules, boolean member) {
        if (take(step, rules, member, false)) tellEverybody(step);
    }

    /** Whether the rules are newer than those known; they are in force then. */
    private static boolean take(Step step, RoomRules rules, boolean member, boolean fresh) {
        if (step.phase == Phase.ENDED || rules.compareTo(step.agreed.rules()) <= 0) return false;
        for (Bytes identity : step.agreed.rules().settings().removed())
            if (step.agreed.rules().removed(identity)) step.spared.add(identity);
        step.spared.removeIf(rules::removed);
        step.agreed = step.agreed.with(rules);
        step.rulesSince = Accord.UNKNOWN;
        if (!rules.locked()) {
            step.passes.clear();
            step.passesComplete = true;
        } else if (!fresh || !step.good() || !sure(step)) { // others may be away who were inside when it was locked
            step.passes.clear(); // it may have been open meanwhile
            step.passesComplete = false;
            step.turnedAway.clear();
        }
        if (rules.removed(step.identity())) {
            step.end(End.REMOVED, "a host removed this member");
            return true;
        }
        // Alone in a group that it founded before it heard that others are here, and that they have locked the room.
        boolean astray = step.good() && step.view.members().size() == 1 && !member && barred(step);
        if (astray) step.over();
        admitMembers(step);
        return true;
    }

    /** Posts what this member knows, for those who may not. */
    static void tellEverybody(Step step) {
        if (step.phase == Phase.INSIDE && step.good() && step.seated(step.view.ownLeaf()))
            step.then(new RoomEffect.PostAgreed(step.agreed));
    }

    /** A member of the own group told the path. */
    static void heardPath(Step step, Agreed heard) {
        step.agreed = step.agreed.withPath(heard);
    }

    /** This person wants another path. */
    static void setPath(Step step, RoomEvent.SetPath wish) {
        boolean possible = step.phase == Phase.INSIDE
                && step.good()
                && step.seated(step.view.ownLeaf())
                && step.agreed.rules().settings().membersSwitchPath();
        if (!possible || wish.path() == step.agreed.path()) return;
        step.then(new RoomEffect.PostAgreed(new Agreed(wish.path(), step.agreed.next(), step.agreed.rules())));
    }

    /** Whoever is a member while the room is locked may come back into it for as long as the stay lasts. */
    static void admitMembers(Step step) {
        if (!step.good() || !step.agreed.rules().locked()) return;
        for (Member member : step.view.members()) step.passes.add(Pass.of(member));
    }

    static void admitted(Step step, RoomEvent.Message.Admit admit) {
        if (!step.agreed.rules().host(admit.author())) {
            // Whoever is new here, or was away, may not have heard yet whom the maker has named; and a former host may
            // not
            // have known yet that it is none.
            boolean sure = step.good()
                    && step.live()
                    && step.rulesHeard
                    && knownAt(step, admit.seen())
                    && step.rulesSince > step.entered;
            if (sure) step.alarm(Alarm.RULES_INVALID, "somebody who is no host let a person in, or refused one");
            return;
        }
        step.latestAdmit = step.sequence;
        boolean self = admit.pass().equals(own(step));
        if (admit.allow()) {
            step.turnedAway.remove(admit.pass());
            if (step.agreed.rules().locked()) step.passes.add(admit.pass());
        } else if (self && !step.hasGroup) {
            step.end(End.TURNED_AWAY, "a host did not let this person in");
        } else if (bars(step, admit.pass())) {
            step.turnedAway.add(admit.pass());
        }
    }

    /**
     * Whether this member knows the rules that the others may hold it to: a member told it its rules, or nobody is here
     * who could know newer ones. What those know who came later stands in the log once others are held to it.
     */
    static boolean sure(Step step) {
        return step.rulesHeard
                || step.peers.stream()
                        .allMatch(peer -> peer.arrived() > step.entered || peer.left() || step.asksHere(peer.id()));
    }

    /** Whether the rules keep this stay of this person out. */
    static boolean bars(Step step, Pass pass) {
        return Accord.bars(step.agreed, step.passes, pass);
    }

    static boolean bars(Step step, KeyPackageInfo info) {
        return bars(step, Pass.of(info));
    }

    /** Whether this client itself has to wait for a host. */
    static boolean barred(Step step) {
        return bars(step, own(step));
    }

    private static Pass own(Step step) {
        return new Pass(step.identity(), step.self());
    }

    /** Whether everybody who is present knows the rules by the log, as somebody who has seen it up to there does. */
    static boolean knownAt(Step step, long sequence) {
        return step.rulesSince <= sequence;
    }

    /** Whether somebody who has seen the log up to there may take this member for one whom a host removed. */
    static boolean spared(Step step, Member member, long seen) {
        return step.spared.contains(member.identity()) && !knownAt(step, seen);
    }

    // Waiting

    /** This client asks, and knows that the room is locked. */
    static void reportWaiting(Step step, boolean host) {
        step.then(new RoomEffect.ReportStage(host ? Stage.WAITING_FOR_HOST : Stage.WAITING_FOR_ABSENT_HOST));
    }

    static void toldToWait(Step step, RoomEvent.ToldToWait told) {
        take(step, told.rules(), false, false);
        if (step.phase == Phase.ENDED) return;
        // Others are here, do not count this member as one of them, and did not follow the group that it founded.
        boolean alone = step.good() && step.view.members().size() == 1;
        boolean locked = step.agreed.rules().locked() && told.rules().equals(step.agreed.rules());
        boolean outside = !step.hasGroup || step.standing == Standing.OVER;
        // It may have its pass from a group of people who were outside, too: those inside know better.
        if (locked && (alone || outside)) step.passes.remove(own(step));
        if (locked && alone && barred(step)) step.over();
        boolean waits = !step.hasGroup || step.standing == Standing.OVER;
        if (!waits || !barred(step)) return;
        if (told.host()) Admission.askThoseWhoCame(step);
        reportWaiting(step, told.host());
    }

    /** Tells a connection that asked, or founded a group, why it is not let in. */
    static void tell(Step step, ConnectionId waiting) {
        if (!step.good() || !step.seated(step.view.ownLeaf())) return;
        boolean teller = Committing.rank(step) < TELLERS || step.agreed.rules().host(step.identity());
        if (teller) step.then(new RoomEffect.SendWait(waiting, hostThere(step), step.agreed.rules()));
    }

    /** At the end of each step: those who wait hear when the rules change or the first host comes or the last one goes. */
    static void tellChanges(Step step) {
        boolean locked = step.agreed.rules().locked();
        if (!locked || !step.good()) return;
        boolean same = step.before().accord().agreed().rules().equals(step.agreed.rules())
                && step.before()
                        .group()
                        .filter(group -> hostThere(step.before(), group) == hostThere(step))
                        .isPresent();
        if (same) return;
        for (var join : step.joins.values())
            if (join.pending(step.view.group()) && bars(step, join.info())) tell(step, join.from());
    }

    private static boolean hostThere(Step step) {
        return step.seats.keySet().stream()
                .flatMap(leaf -> step.view.member(leaf).stream())
                .anyMatch(member -> step.agreed.rules().host(member.identity()));
    }

    private static boolean hostThere(RoomState state, GroupState group) {
        return group.seats().keySet().stream()
                .flatMap(leaf -> group.view().member(leaf).stream())
                .anyMatch(member -> state.accord().agreed().rules().host(member.identity()));
    }

    /** Whether a member is one whom a host removed. */
    static boolean removed(Step step, int leaf) {
        Optional<Member> member = step.view.member(leaf);
        return member.filter(one -> step.agreed.rules().removed(one.identity())).isPresent();
    }
}
