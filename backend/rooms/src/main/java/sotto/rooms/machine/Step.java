package sotto.rooms.machine;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import sotto.rooms.group.Bytes;
import sotto.rooms.group.GroupView;
import sotto.rooms.group.Member;
import sotto.rooms.group.ParticipantId;
import sotto.rooms.machine.GroupState.Seat;
import sotto.rooms.machine.GroupState.Standing;
import sotto.rooms.machine.LogState.Join;
import sotto.rooms.machine.LogState.Peer;
import sotto.rooms.machine.RoomState.Asking;
import sotto.rooms.machine.RoomState.Gathering;
import sotto.rooms.machine.RoomState.InFlight;
import sotto.rooms.machine.RoomState.Phase;
import sotto.rooms.rules.Agreed;
import sotto.rooms.rules.Pass;
import sotto.rooms.wire.ConnectionId;
import sotto.rooms.wire.LogId;

/**
 * One step of the machine while it is being taken: a working copy of the state, and the effects so far. Lives from
 * {@link #of} to {@link #next} and nowhere else; the operations here are the vocabulary of the rules around it.
 */
final class Step {
    private final RoomState before;
    private final List<RoomEffect> effects = new ArrayList<>();

    Phase phase;
    boolean everInside;
    int failures;
    int batch;
    Gathering gathering;
    Optional<Asking> asking;
    int underWay;
    Optional<InFlight> inFlight;
    final SortedMap<ConnectionId, Member> former;
    Agreed agreed;
    long rulesSince;
    boolean rulesHeard;
    final SortedSet<Pass> passes;
    boolean passesComplete;
    long latestAdmit;
    final SortedSet<Pass> turnedAway;
    final SortedSet<Bytes> spared;
    private final SortedMap<RoomTimer, Integer> timers;

    // the log; only while hasLog
    boolean hasLog;
    LogId logId;
    ConnectionId me;
    long entered;
    long sequence;
    final SortedSet<ConnectionId> past = new TreeSet<>();
    final List<Peer> peers = new ArrayList<>();
    final SortedMap<ConnectionId, Join> joins = new TreeMap<>();
    Optional<Mark> newest = Optional.empty();
    long newestEpoch;
    final SortedSet<Bytes> banned = new TreeSet<>();
    final SortedSet<Bytes> told = new TreeSet<>();
    final SortedMap<Mark, Pass> ignored = new TreeMap<>();

    // the group; only while hasGroup
    boolean hasGroup;
    GroupView view;
    long since;
    long at;
    long entryEpoch;
    Standing standing;
    final SortedMap<Integer, Seat> seats = new TreeMap<>();
    final SortedSet<Integer> going = new TreeSet<>();
    boolean wanted;

    private Step(RoomState state) {
        before = state;
        phase = state.phase();
        everInside = state.everInside();
        failures = state.failures();
        batch = state.batch();
        gathering = state.gathering();
        asking = state.asking();
        underWay = state.underWay();
        inFlight = state.inFlight();
        former = new TreeMap<>(state.former());
        agreed = state.accord().agreed();
        rulesSince = state.accord().since();
        rulesHeard = state.accord().heard();
        passes = new TreeSet<>(state.accord().passes());
        passesComplete = state.accord().complete();
        latestAdmit = state.accord().latest();
        turnedAway = new TreeSet<>(state.accord().refused());
        spared = new TreeSet<>(state.accord().spared());
        timers = new TreeMap<>(state.timers());
        state.log().ifPresent(log -> {
            hasLog = true;
            logId = log.id();
            me = log.me();
            entered = log.entered();
            sequence = log.sequence();
            past.addAll(log.past());
            peers.addAll(log.peers());
            joins.putAll(log.joins());
            newest = log.newest();
            newestEpoch = log.newestEpoch();
            banned.addAll(log.banned());
            told.addAll(log.told());
            ignored.putAll(log.ignored());
        });
        state.group().ifPresent(group -> {
            hasGroup = true;
            view = group.view();
            since = group.since();
            at = group.at();
            entryEpoch = group.entryEpoch();
            standing = group.standing();
            seats.putAll(group.seats());
            going.addAll(group.going());
            wanted = group.wanted();
        });
    }

    static Step of(RoomState state) {
        return new Step(state);
    }

    /** The state and effects that the step led to. */
    RoomMachine.Next next() {
        Optional<LogState> log = hasLog
                ? Optional.of(new LogState(
                        logId, me, entered, sequence, past, peers, joins, newest, newestEpoch, banned, told, ignored))
                : Optional.empty();
        Optional<GroupState> group = hasGroup
                ? Optional.of(new GroupState(view, since, at, entryEpoch, standing, seats, going, wanted))
                : Optional.empty();
        RoomState after = new RoomState(
                before.self(),
                before.identity(),
                phase,
                everInside,
                failures,
                log,
                group,
                former,
                accord(),
                asking,
                underWay,
                inFlight,
                batch,
                timers.containsKey(RoomTimer.GATHER) ? gathering : Gathering.NONE,
                timers);
        if (phase == Phase.INSIDE
                && hasGroup
                && rosterTouched(after)
                && !RoomMachine.roster(before).equals(RoomMachine.roster(after)))
            effects.add(new RoomEffect.ReportRoster());
        if (phase != Phase.ENDED && !before.accord().agreed().equals(agreed))
            effects.add(new RoomEffect.ReportAgreed());
        if (phase == Phase.INSIDE && !RoomMachine.waiting(before).equals(RoomMachine.waiting(after)))
            effects.add(new RoomEffect.ReportWaiting());
        return new RoomMachine.Next(after, effects);
    }

    /** Whether anything changed that the roster is made of: cheaper to tell than the roster itself. */
    private boolean rosterTouched(RoomState after) {
        return before.phase() != after.phase()
                || !before.former().equals(after.former())
                || before.group().isEmpty()
                || before.group().get().view() != view
                || !before.group().get().seats().equals(seats);
    }

    private Accord accord() {
        Accord was = before.accord();
        boolean same = was.agreed() == agreed
                && was.since() == rulesSince
                && was.heard() == rulesHeard
                && was.passes().equals(passes)
                && was.complete() == passesComplete
                && was.latest() == latestAdmit
                && was.refused().equals(turnedAway)
                && was.spared().equals(spared);
        return same
                ? was
                : new Accord(agreed, rulesSince, rulesHeard, passes, passesComplete, latestAdmit, turnedAway, spared);
    }

    /** The state before this step. */
    RoomState before() {
        return before;
    }

    ParticipantId self() {
        return before.self();
    }

    Bytes identity() {
        return before.identity();
    }

    void then(RoomEffect effect) {
        effects.add(effect);
    }

    void alarm(Alarm alarm, String detail) {
        then(new RoomEffect.ReportAlarm(alarm, detail));
    }

    void setTimer(RoomTimer timer, int millis) {
        timers.put(timer, millis);
        then(new RoomEffect.SetTimer(timer, millis));
    }

    void cancelTimer(RoomTimer timer) {
        if (timers.remove(timer) != null) then(new RoomEffect.CancelTimer(timer));
    }

    void timerFired(RoomTimer timer) {
        timers.remove(timer);
    }

    Optional<Integer> timer(RoomTimer timer) {
        return Optional.ofNullable(timers.get(timer));
    }

    void cancelAllTimers() {
        for (RoomTimer timer : RoomTimer.values()) cancelTimer(timer);
    }

    void end(End end, String detail) {
        discardInFlight();
        cancelAllTimers();
        phase = Phase.ENDED;
        asking = Optional.empty();
        then(new RoomEffect.Disconnect());
        then(new RoomEffect.ReportEnd(end, detail));
    }

    void discardInFlight() {
        if (inFlight.isEmpty()) return;
        inFlight = Optional.empty();
        cancelTimer(RoomTimer.FLIGHT);
        then(new RoomEffect.DiscardOwn());
    }

    /** Founds a group; what others do meanwhile goes on unharmed. */
    void found() {
        discardInFlight();
        cancelTimer(RoomTimer.ADMISSION);
        cancelTimer(RoomTimer.TURN);
        inFlight = Optional.of(new InFlight.Found());
        then(new RoomEffect.MakeGroup(agreed.rules()));
        setTimer(RoomTimer.FLIGHT, RoomMachine.FLIGHT_MILLIS);
    }

    boolean foundInFlight() {
        return inFlight.isPresent() && inFlight.get() instanceof InFlight.Found;
    }

    boolean good() {
        return hasGroup && standing == Standing.GOOD;
    }

    boolean live() {
        return since > 0;
    }

    Mark mark() {
        return new Mark(since, view.group());
    }

    /** The group goes on without this member, or another replaced it. */
    void over() {
        if (hasGroup) standing = Standing.OVER;
        joins.values().removeIf(join -> join.sequence() <= entered); // kept over a gap; may have been granted in it
        if (!foundInFlight()) discardInFlight();
        cancelTimer(RoomTimer.TURN);
        cancelTimer(RoomTimer.GATHER);
        cancelTimer(RoomTimer.GRACE);
    }

    boolean seated(int leaf) {
        return seats.containsKey(leaf);
    }

    Optional<Integer> leafOf(ConnectionId connection) {
        return seats.entrySet().stream()
                .filter(seat -> seat.getValue().connection().equals(connection))
                .map(SortedMap.Entry::getKey)
                .findFirst();
    }

    /** The member on this connection is not attached any more. It may still be heard from. */
    Optional<Integer> unseat(ConnectionId connection) {
        Optional<Integer> leaf = leafOf(connection);
        leaf.ifPresent(index -> {
            seats.remove(index);
            view.member(index).ifPresent(member -> former.put(connection, member));
        });
        return leaf;
    }

    /** Attaches a member on a connection, and nobody else there. */
    void seat(int leaf, ConnectionId connection, long since) {
        leafOf(connection).ifPresent(seats::remove);
        seats.put(leaf, new Seat(connection, since));
        going.remove(leaf);
        former.remove(connection);
    }

    /** Whether somebody on this connection asks to be added to the own group. */
    boolean asksHere(ConnectionId connection) {
        Join join = joins.get(connection);
        return join != null && join.pending(view.group());
    }

    Optional<Peer> peer(ConnectionId connection) {
        // A loop: asked for each entry of the log, by everybody in a room of hundreds.
        for (Peer peer : peers) if (peer.id().equals(connection)) return Optional.of(peer);
        return Optional.empty();
    }

    boolean present(ConnectionId connection) {
        return peer(connection).isPresent();
    }

    /** Whether a member is attached on a connection that came later: what comes from the older was sent before. */
    boolean movedOn(int leaf, ConnectionId from) {
        Seat seat = seats.get(leaf);
        return seat != null && cameLater(seat.connection(), from);
    }

    /** Whether a connection that is present arrived after another, which may have gone. */
    boolean cameLater(ConnectionId connection, ConnectionId than) {
        for (Peer peer : peers.reversed()) {
            if (peer.id().equals(than)) return false;
            if (peer.id().equals(connection)) return true;
        }
        return false;
    }

    void dropPeer(ConnectionId connection) {
        peers.removeIf(peer -> peer.id().equals(connection));
    }

    void peerLeft(ConnectionId connection) {
        peers.replaceAll(peer -> peer.id().equals(connection) ? peer.whoLeft() : peer);
    }

    void peerClaims(ConnectionId connection, LogState.Claim claim) {
        peers.replaceAll(peer -> peer.id().equals(connection) ? peer.withClaim(claim) : peer);
    }

    /** A sign of life of the newest group, or of one that is newer still. */
    void heardNewest(Mark mark, long epoch) {
        if (newest.filter(mark::equals).isPresent()) {
            newestEpoch = Math.max(newestEpoch, epoch);
            return;
        }
        newest = Optional.of(mark);
        newestEpoch = epoch;
        peers.replaceAll(peer -> peer.withEpochThen(0)); // those were another group's
    }

    boolean refused(Bytes identity) {
        return banned.contains(identity) || told.contains(identity);
    }
}
