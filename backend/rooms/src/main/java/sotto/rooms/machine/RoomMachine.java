package sotto.rooms.machine;

import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import sotto.rooms.group.Bytes;
import sotto.rooms.group.GroupView;
import sotto.rooms.group.KeyPackageInfo;
import sotto.rooms.group.Member;
import sotto.rooms.group.ParticipantId;
import sotto.rooms.machine.GroupState.Standing;
import sotto.rooms.machine.RoomState.InFlight;
import sotto.rooms.machine.RoomState.Phase;
import sotto.rooms.rules.Pass;
import sotto.rooms.wire.ConnectionId;
import sotto.rooms.wire.GroupId;
import sotto.rooms.wire.WireLimits;

/**
 * The room protocol: {@code (state, event) → (state, effects)}. The rules are told in this package's documentation.
 * Deterministic, without side effects; no event makes it throw.
 */
public final class RoomMachine {
    /** Most KeyPackages in one commit: bounds the time and size of a commit in a large room. */
    public static final int ADDS_PER_COMMIT = 128;
    /**
     * Pause after a commit in a crowd of newcomers, in which the next ones gather: every commit costs every member work,
     * those who come with one and the same commit have a single Welcome to read.
     */
    public static final int GATHER_MILLIS = 100;
    /** So often the pause is lengthened by as much again, while more ask or are about to. */
    public static final int GATHER_ROUNDS = 11;
    /** So many who come with one commit, or wait when one lands, are a crowd. */
    static final int CROWD = 3;
    /** Groups remembered that count for nobody while the rules keep their founders out. */
    static final int IGNORED = 64;
    /** Passes of absent people that a commit hands on. */
    static final int PASSES = 4_096;
    /** Join requests remembered at once; whoever is beyond asks again. */
    public static final int JOINS = 4_096;
    /** Connections in a room at once: more than a server can name to a newcomer. */
    public static final int PEERS = WireLimits.PRESENT;
    /** KeyPackages remembered per join request. */
    static final int REFERENCES = 8;
    /** Rank r commits after r times this. */
    public static final int TURN_MILLIS = 600;
    /** The first who waits in vain founds a group after this. */
    public static final int ADMISSION_MILLIS = 2_000;
    /** Each later one waits this much longer. */
    public static final int ADMISSION_RANK_MILLIS = 1_500;
    /** Ranks above this wait no longer: a race between founders is harmless, the newest group wins. */
    static final int ADMISSION_RANKS = 6;
    /** Silent members count as gone after this. */
    public static final int GRACE_MILLIS = 10_000;
    /** A connection that leaves an own entry unanswered for this long is dead. */
    public static final int FLIGHT_MILLIS = 5_000;
    /** First pause before connecting again; doubles up to {@link #RECONNECT_MAX_MILLIS}. */
    public static final int RECONNECT_MILLIS = 100;
    /** Longest pause before connecting again. */
    public static final int RECONNECT_MAX_MILLIS = 1_000;
    /** Attempts to reach a server that was never reached. */
    static final int ATTEMPTS = 4;
    /** Epochs after coming to a log, in which this member takes others' word for joins asked before it came. */
    static final int TRUST_EPOCHS = 16;
    /** Asks again each time that this many commits passed it over. */
    static final int PASSED_OVER = 4;
    /** Gives up when this many commits passed it over. */
    static final int PASSED_OVER_END = 24;
    /** Gives up after this many unusable Welcomes. */
    static final int WELCOME_FAILURES = 5;

    private RoomMachine() {}

    /** The state after a step, and what the shell has to do, in order. */
    public record Next(RoomState state, List<RoomEffect> effects) {
        public Next {
            effects = List.copyOf(effects);
        }
    }

    /** Takes one step. Events that make no sense in a state change nothing. */
    public static Next step(RoomState state, RoomEvent event) {
        if (state.phase() == Phase.ENDED) return new Next(state, List.of());
        Step step = Step.of(state);
        switch (event) {
            case RoomEvent.Enter enter -> Connecting.enter(step);
            case RoomEvent.Leave leave -> Connecting.leave(step);
            case RoomEvent.SetPath path -> Door.setPath(step, path);
            case RoomEvent.PathHeard heard -> Door.heardPath(step, heard.agreed());
            case RoomEvent.ToldToWait told -> {
                if (step.phase == Phase.INSIDE) Door.toldToWait(step, told);
            }
            case RoomEvent.Entered entered -> Connecting.entered(step, entered);
            case RoomEvent.Disconnected disconnected -> Connecting.disconnected(step);
            case RoomEvent.Refused refused -> step.end(refused.end(), "the server refused");
            case RoomEvent.Rekey rekey -> rekey(step);
            case RoomEvent.Renew renew -> Committing.renew(step);
            case RoomEvent.TracksChanged changed -> tracksChanged(step);
            case RoomEvent.Fired fired -> fired(step, fired.timer());
            case RoomEvent.Lost lost -> lost(step, lost);
            case RoomEvent.MakingFailed failed -> Committing.makingFailed(step);
            case RoomEvent.Sent sent -> {
                if (step.phase == Phase.INSIDE) Attaching.sent(step, sent);
            }
            case RoomEvent.Entry entry -> {
                if (step.phase == Phase.INSIDE) entry(step, entry);
            }
        }
        if (step.phase == Phase.INSIDE) Committing.evaluate(step);
        return step.next();
    }

    private static void entry(Step step, RoomEvent.Entry entry) {
        if (entry.sequence() != step.sequence + 1) {
            step.alarm(
                    Alarm.LOG_BROKEN, "entry " + entry.sequence() + " came where " + (step.sequence + 1) + " is next");
            step.end(End.SERVER_MALFORMED, "the log has a gap or a repetition");
            return;
        }
        step.sequence = entry.sequence();
        switch (entry) {
            case RoomEvent.Arrived arrived -> Attaching.arrived(step, arrived);
            case RoomEvent.Gone gone -> Attaching.gone(step, gone);
            case RoomEvent.Posted posted -> {
                switch (posted.message()) {
                    case RoomEvent.Message.Join join -> Admission.joinAsked(step, posted, join);
                    case RoomEvent.Message.Attach attach -> Attaching.attached(step, posted, attach);
                    case RoomEvent.Message.Left left -> Attaching.left(step, posted, left);
                    case RoomEvent.Message.RekeyAsked asked -> step.wanted = step.hasGroup;
                    case RoomEvent.Message.Told told -> {
                        Door.heardInLog(step, told.agreed().rules(), told.proved(), told.fresh());
                        if (told.proved()) Door.heardPath(step, told.agreed());
                    }
                    case RoomEvent.Message.Admit admit -> Door.admitted(step, admit);
                    case RoomEvent.Message.Other other -> {}
                    case RoomEvent.Message.Bad bad -> step.alarm(bad.alarm(), bad.detail());
                }
            }
            case RoomEvent.Committed committed -> Commits.committed(step, committed);
        }
    }

    private static void rekey(Step step) {
        // Without a group, or waiting for another: what comes is a new epoch anyway.
        if (!step.good()) return;
        if (step.phase == Phase.INSIDE && step.seated(step.view.ownLeaf())) step.then(new RoomEffect.PostRekey());
        else step.wanted = true; // committed, or posted, once attached again
    }

    private static void tracksChanged(Step step) {
        if (step.phase == Phase.INSIDE && step.hasGroup) step.then(new RoomEffect.PostState());
    }

    private static void fired(Step step, RoomTimer timer) {
        if (step.timer(timer).isEmpty()) return;
        step.timerFired(timer);
        switch (timer) {
            case RECONNECT -> step.then(new RoomEffect.Connect());
            case FLIGHT -> step.then(new RoomEffect.Disconnect());
            case ADMISSION -> Admission.timeOut(step);
            case GRACE -> Attaching.graceOver(step);
            case TURN -> Committing.act(step);
            case GATHER -> Committing.gathered(step); // who asked meanwhile is looked at when the step ends
        }
    }

    private static void lost(Step step, RoomEvent.Lost lost) {
        if (step.inFlight.isEmpty()) return;
        switch (step.inFlight.get()) {
            case InFlight.Found found -> {
                if (lost.epoch() != 0) return;
                step.discardInFlight();
                if (step.asking.isPresent()) Admission.wait(step);
            }
            case InFlight.Commit commit -> {
                if (!commit.group().equals(lost.group()) || commit.epoch() != lost.epoch()) return;
                // The winner's entry comes before this. It would have been adopted, so it came before this connection.
                step.discardInFlight();
                step.over();
            }
        }
    }

    /** How the shell has to read a commit before it gives it to the machine. */
    public enum Prepare {
        /** It is the one in flight. */
        OWN,
        /** Stage it: another member's for the own group's next epoch. */
        STAGE,
        /** Try its Welcome with the last draft. */
        WELCOME,
        /** Not for us. */
        NOTHING
    }

    /**
     * How to read a commit in this state.
     *
     * @param admitted the connections that it says it adds
     */
    public static Prepare reading(
            RoomState state, ConnectionId from, GroupId group, long epoch, List<ConnectionId> admitted) {
        if (state.log().isEmpty()) return Prepare.NOTHING;
        ConnectionId me = state.log().get().me();
        if (state.log().get().past().contains(from)) return Prepare.NOTHING; // not kept: its outcome was unknown
        Optional<GroupState> own = state.group()
                .filter(mine -> mine.standing() == Standing.GOOD
                        && mine.live()
                        && mine.view().group().equals(group)
                        && mine.view().epoch() + 1 == epoch);
        if (own.isPresent()) {
            boolean sent = state.inFlight().isPresent()
                    && state.inFlight().get() instanceof InFlight.Commit commit
                    && commit.group().equals(group)
                    && commit.epoch() == epoch;
            return sent && from.equals(me) ? Prepare.OWN : Prepare.STAGE;
        }
        boolean founding = state.inFlight().isPresent() && state.inFlight().get() instanceof InFlight.Found;
        return state.asking().isPresent() && !founding && admitted.contains(me) ? Prepare.WELCOME : Prepare.NOTHING;
    }

    /** The member whose signature messages from a connection must bear; empty if nobody may speak there (yet). */
    public static Optional<Member> author(RoomState state, ConnectionId connection) {
        Optional<Member> seated = state.group()
                .flatMap(group ->
                        group.leafOf(connection).flatMap(leaf -> group.view().member(leaf)));
        return seated.or(() -> Optional.ofNullable(state.former().get(connection)));
    }

    /** The keys of which one must have signed a {@code leave} on this connection: of its member, of its join request. */
    public static Set<Bytes> leaveKeys(RoomState state, ConnectionId connection) {
        Set<Bytes> keys = new HashSet<>();
        author(state, connection).ifPresent(member -> keys.add(member.signatureKey()));
        state.log()
                .map(log -> log.joins().get(connection))
                .ifPresent(join -> keys.add(join.info().signatureKey()));
        return keys;
    }

    /** Who waits for a host to be let in, in the order of asking; for hosts to be shown. */
    public static List<KeyPackageInfo> waiting(RoomState state) {
        Accord accord = state.accord();
        if (!accord.agreed().rules().locked() || state.log().isEmpty()) return List.of();
        Optional<GroupState> group = state.group().filter(own -> own.standing() == Standing.GOOD);
        if (group.isEmpty()) return List.of();
        return state.log().get().joins().values().stream()
                .filter(join -> join.pending(group.get().view().group()))
                .filter(join -> !accord.agreed().rules().removed(join.info().identity())
                        && !accord.refused().contains(Pass.of(join.info()))
                        && accord.bars(Pass.of(join.info())))
                .sorted(Comparator.comparingLong(LogState.Join::sequence))
                .map(LogState.Join::info)
                .toList();
    }

    /** The connection on which a participant can be reached now. */
    public static Optional<ConnectionId> route(RoomState state, ParticipantId participant) {
        if (state.phase() != Phase.INSIDE || state.group().isEmpty()) return Optional.empty();
        GroupState group = state.group().get();
        return group.view()
                .member(participant)
                .flatMap(member -> Optional.ofNullable(group.seats().get(member.leaf())))
                .map(GroupState.Seat::connection)
                .or(() -> state.former().entrySet().stream()
                        .filter(seat -> seat.getValue().participant().equals(participant))
                        .map(java.util.Map.Entry::getKey)
                        .findFirst());
    }

    /** Who is in the group and who of them is connected. */
    public record Roster(GroupView view, Set<ParticipantId> connected) {
        public Roster {
            connected = Set.copyOf(connected);
        }
    }

    /** The roster as people see it; empty before the first group. */
    public static Optional<Roster> roster(RoomState state) {
        return state.group().map(group -> {
            Set<ParticipantId> former = new HashSet<>();
            for (Member member : state.former().values()) former.add(member.participant());
            Set<ParticipantId> connected = new HashSet<>();
            for (Member member : group.view().members())
                if (group.seats().containsKey(member.leaf()) || former.contains(member.participant()))
                    connected.add(member.participant());
            if (state.phase() == Phase.INSIDE) connected.add(state.self());
            return new Roster(group.view(), connected);
        });
    }
}
