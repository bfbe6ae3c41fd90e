package sotto.rooms.explore;

import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import sotto.rooms.explore.Frame.Content;
import sotto.rooms.explore.Frame.Down;
import sotto.rooms.explore.Frame.Sealed;
import sotto.rooms.explore.Frame.Up;
import sotto.rooms.explore.Symbols.Commit;
import sotto.rooms.explore.Symbols.Epoch;
import sotto.rooms.group.Bytes;
import sotto.rooms.group.GroupView;
import sotto.rooms.group.KeyPackageInfo;
import sotto.rooms.group.Member;
import sotto.rooms.machine.Alarm;
import sotto.rooms.machine.End;
import sotto.rooms.machine.LogState;
import sotto.rooms.machine.RoomEffect;
import sotto.rooms.machine.RoomEvent;
import sotto.rooms.machine.RoomEvent.Admitted;
import sotto.rooms.machine.RoomEvent.Change;
import sotto.rooms.machine.RoomEvent.Message;
import sotto.rooms.machine.RoomEvent.Reading;
import sotto.rooms.machine.RoomMachine;
import sotto.rooms.machine.RoomState;
import sotto.rooms.machine.RoomTimer;
import sotto.rooms.rules.Agreed;
import sotto.rooms.rules.Pass;
import sotto.rooms.rules.RoomRules;
import sotto.rooms.wire.ConnectionId;
import sotto.rooms.wire.GroupId;
import sotto.rooms.wire.LogId;

/**
 * One member's client, as a value: the machine, and in symbols what the session around it holds.
 *
 * @param epoch the group's epoch whose secret it has
 * @param draft the KeyPackage it asks with
 * @param own what it made and the server has not answered
 * @param connections made so far
 * @param drafts KeyPackages drawn so far
 * @param makes groups and commits made so far
 * @param reached the latest epoch that it was in, of each group
 * @param latest the newest group that it was in, of one log
 * @param stay how often its person has opened the link before
 * @param said own rules that may not be back in the log yet
 * @param held what was told by whom this client could not place
 */
record Client(
        int who,
        RoomState machine,
        Optional<Epoch> epoch,
        int leaf,
        Optional<KeyPackageInfo> draft,
        Optional<Own> own,
        long connections,
        long drafts,
        long makes,
        SortedMap<GroupId, Long> reached,
        Optional<Latest> latest,
        long stay,
        RoomRules said,
        List<Held> held) {

    /** @param commit absent in a new group */
    record Own(Epoch next, Optional<Commit> commit, Optional<KeyPackageInfo> draft) {}

    record Latest(LogId log, long since) {}

    record Held(ConnectionId from, Sealed told) {}

    /**
     * What a client does in one step.
     *
     * @param timers set anew
     * @param ended its stay is over
     * @param noted for the story
     */
    record Reaction(
            Client after,
            List<Up> sends,
            boolean connects,
            boolean closes,
            Set<RoomTimer> timers,
            List<Epoch> adopted,
            boolean ended,
            List<Violation> violations,
            List<Alarm> alarms,
            List<RoomEffect> noted) {}

    static Client start(int who) {
        return new Client(
                who,
                RoomState.start(Symbols.participant(who, 0), Symbols.identity(who)),
                Optional.empty(),
                0,
                Optional.empty(),
                Optional.empty(),
                0,
                0,
                0,
                new TreeMap<>(),
                Optional.empty(),
                0,
                RoomRules.NONE,
                List.of());
    }

    /** The same person in a stay of its own, of which nothing is left but what makes names differ. */
    Client again() {
        RoomState fresh = RoomState.start(Symbols.participant(who, stay + 1), Symbols.identity(who));
        return new Client(
                who,
                fresh,
                Optional.empty(),
                0,
                Optional.empty(),
                Optional.empty(),
                connections,
                drafts,
                makes,
                new TreeMap<>(),
                Optional.empty(),
                stay + 1,
                RoomRules.NONE,
                List.of());
    }

    /** Whether it asks to come in and knows that it has to wait for a host. */
    boolean waitsForHost() {
        return machine.phase() == RoomState.Phase.INSIDE
                && machine.asking().isPresent()
                && machine.accord().bars(pass());
    }

    Pass pass() {
        return new Pass(Symbols.identity(who), Symbols.participant(who, stay));
    }

    String name() {
        return Symbols.name(who, stay);
    }

    /** What a host does with its app; empty if it cannot. */
    Optional<Reaction> does(Action.Kind kind, int other) {
        return Deeds.content(this, kind, other).map(content -> new Work().posts(content));
    }

    Reaction take(RoomEvent event) {
        return new Work().run(event);
    }

    Reaction read(Down down) {
        return new Work().run(down);
    }

    /** A commit as a member makes it who breaks the rules, sent from this client. */
    Optional<Up> rogueCommit(List<KeyPackageInfo> adds, List<Integer> removes, List<Admitted> admitted) {
        boolean possible = machine.phase() == RoomState.Phase.INSIDE
                && epoch.isPresent()
                && machine.group().filter(group -> group.live()).isPresent()
                && machine.group().orElseThrow().standing() == sotto.rooms.machine.GroupState.Standing.GOOD
                && removes.stream()
                        .allMatch(leaf -> epoch.get().members().stream().anyMatch(member -> member.leaf() == leaf))
                && epoch.get().members().size() + adds.size() - removes.size() >= 2;
        if (!possible) return Optional.empty();
        Commit commit = Symbols.commit(who, makes + 1_000, epoch.get(), leaf, adds, removes);
        List<Admitted> placed = new ArrayList<>();
        for (int i = 0; i < admitted.size(); i++)
            placed.add(new Admitted(
                    admitted.get(i).connection(),
                    admitted.get(i).sequence(),
                    commit.added().get(i).getValue()));
        var handed = adds.isEmpty()
                ? Optional.<RoomEvent.Handed>empty()
                : Optional.of(new RoomEvent.Handed(
                        machine.accord().agreed(), machine.accord().passes(), true));
        var content = new Content.Change(
                machine.group().orElseThrow().since(),
                placed,
                new TreeMap<>(),
                new java.util.TreeSet<>(),
                handed,
                commit);
        long seen = machine.log().map(LogState::sequence).orElse(0L);
        Bytes signer = epoch.get().view(leaf).self().signatureKey();
        return Optional.of(new Up.CommitTo(commit.group(), commit.next().epoch(), new Sealed(seen, signer, content)));
    }

    /** One step while it is being taken. */
    private final class Work {
        private RoomState state = machine;
        private Optional<Epoch> nowIn = epoch;
        private int nowLeaf = leaf;
        private Optional<KeyPackageInfo> asksWith = draft;
        private Optional<Own> inFlight = own;
        private long dials = connections;
        private long drawn = drafts;
        private long made = makes;
        private final SortedMap<GroupId, Long> highest = new TreeMap<>(reached);
        private Optional<Latest> newest = latest;
        private RoomRules hosted = said;
        private List<Held> waits = held;
        private Optional<Epoch> offered = Optional.empty();
        private int offeredLeaf;
        private Optional<Frame.Wrong> offeredWrong = Optional.empty();
        /** Whoever is admitted by a commit was not there to see what led to it. */
        private boolean welcomed;

        private final List<Up> sends = new ArrayList<>();
        private boolean connects;
        private boolean closes;
        private final Set<RoomTimer> timers = EnumSet.noneOf(RoomTimer.class);
        private final List<Epoch> adopted = new ArrayList<>();
        private boolean ended;
        private final List<Violation> violations = new ArrayList<>();
        private final List<Alarm> alarms = new ArrayList<>();
        private final List<RoomEffect> noted = new ArrayList<>();

        Reaction run(Down down) {
            RoomEvent event;
            try {
                event = event(down);
            } catch (RuntimeException failed) {
                fails(down, failed);
                return done();
            }
            return run(event);
        }

        private void fails(Object at, RuntimeException failed) {
            violations.add(new Violation(Property.NoStepFails, name() + " fails at " + at + ": " + failed));
            ended = true;
        }

        Reaction posts(Content content) {
            if (content instanceof Content.Told told) hosted = told.agreed().rules();
            post(signer(), content);
            return done();
        }

        Reaction run(RoomEvent event) {
            step(event);
            if (event instanceof RoomEvent.Disconnected) waits = List.of();
            retryHeld();
            // The shell closes its connection and hears of it at once.
            if (closes && !ended) step(new RoomEvent.Disconnected());
            if (!adopted.isEmpty()) noteGroup();
            return done();
        }

        private Reaction done() {
            return new Reaction(
                    new Client(
                            who, state, nowIn, nowLeaf, asksWith, inFlight, dials, drawn, made, highest, newest, stay,
                            hosted, waits),
                    sends,
                    connects,
                    closes,
                    timers,
                    adopted,
                    ended,
                    violations,
                    alarms,
                    noted);
        }

        private void step(RoomEvent event) {
            try {
                RoomMachine.Next next = RoomMachine.step(state, event);
                RoomRules before = state.accord().agreed().rules();
                state = next.state();
                if (state.accord().agreed().rules().compareTo(before) < 0)
                    violations.add(
                            new Violation(Property.RulesNeverGoBack, name() + " takes rules for newer that are older"));
                for (RoomEffect effect : next.effects()) {
                    perform(effect);
                    if (effect instanceof RoomEffect.MakeCommit && !(event instanceof RoomEvent.Fired)) checkTurn();
                }
                checkRefusal(next.effects());
            } catch (RuntimeException failed) {
                fails(event, failed);
            }
        }

        /** Paths told by members whom this client could not place then, and can now. */
        private void retryHeld() {
            for (Held message : List.copyOf(waits)) {
                if (ended || !proved(message.from(), message.told())) continue;
                waits = waits.stream().filter(one -> !one.equals(message)).toList();
                Agreed agreed = ((Content.Told) message.told().content()).agreed();
                step(new RoomEvent.PathHeard(agreed));
            }
        }

        private void checkRefusal(List<RoomEffect> effects) {
            boolean refused = effects.stream()
                    .anyMatch(effect -> effect instanceof RoomEffect.ReportAlarm alarm
                            && (alarm.alarm() == Alarm.GHOST_ADDED
                                    || alarm.alarm() == Alarm.WRONGLY_REMOVED
                                    || alarm.alarm() == Alarm.UNADMITTED));
            if (refused
                    && state.group()
                            .filter(group -> group.standing() == sotto.rooms.machine.GroupState.Standing.GOOD)
                            .isPresent())
                violations.add(new Violation(
                        Property.NoGroupOutlivesARefusal, name() + " refuses a commit and goes on with its maker"));
        }

        /** Who commits at once must be the first of those attached who stay. */
        private void checkTurn() {
            var group = state.group().orElseThrow();
            for (int other : group.seats().keySet())
                if (other < nowLeaf && !group.going().contains(other) && !removed(group, other))
                    violations.add(new Violation(
                            Property.OnlyTheDesignatedCommitsAtOnce,
                            name() + " commits without waiting for leaf " + other));
        }

        private boolean removed(sotto.rooms.machine.GroupState group, int other) {
            return group.view()
                    .member(other)
                    .filter(member -> state.accord().agreed().rules().removed(member.identity()))
                    .isPresent();
        }

        private String name() {
            return Client.this.name();
        }

        private RoomEvent event(Down down) {
            return switch (down) {
                case Down.Entered in -> new RoomEvent.Entered(in.me(), in.log(), in.sequence(), in.present());
                case Down.Lost lost -> new RoomEvent.Lost(lost.group(), lost.epoch());
                case Down.Closed closed -> new RoomEvent.Disconnected();
                case Down.Arrived arrived -> new RoomEvent.Arrived(arrived.sequence(), arrived.from());
                case Down.Gone gone -> new RoomEvent.Gone(gone.sequence(), gone.from());
                case Down.Sent sent ->
                    switch (sent.payload().content()) {
                        case Content.Attach attach -> new RoomEvent.Sent(sent.from(), attach(sent.payload(), attach));
                        case Content.Wait wait -> new RoomEvent.ToldToWait(sent.from(), wait.host(), wait.rules());
                        default ->
                            new RoomEvent.Fired(RoomTimer.RECONNECT); // nothing: that timer is not set while inside
                    };
                case Down.Posted posted ->
                    new RoomEvent.Posted(posted.sequence(), posted.from(), message(posted.from(), posted.payload()));
                case Down.Committed entry -> {
                    offeredWrong = entry.wrong();
                    yield new RoomEvent.Committed(
                            entry.sequence(), entry.from(), entry.group(), entry.epoch(), change(entry));
                }
            };
        }

        private Message.Attach attach(Sealed sealed, Content.Attach attach) {
            boolean proved = state.group()
                    .filter(group -> group.view().group().equals(attach.group()))
                    .flatMap(group -> group.view().member(attach.leaf()))
                    .filter(member -> member.signatureKey().equals(sealed.signer()))
                    .isPresent();
            return new Message.Attach(
                    attach.group(), attach.epoch(), attach.leaf(), attach.since(), proved, attach.agreed());
        }

        private boolean proved(ConnectionId from, Sealed sealed) {
            return RoomMachine.author(state, from)
                    .map(Member::signatureKey)
                    .filter(sealed.signer()::equals)
                    .isPresent();
        }

        private Message message(ConnectionId from, Sealed sealed) {
            boolean proved = proved(from, sealed);
            return switch (sealed.content()) {
                case Content.Join join ->
                    new Message.Join(join.info(), join.info().reference());
                case Content.Attach attach -> attach(sealed, attach);
                case Content.Leave leave ->
                    new Message.Left(RoomMachine.leaveKeys(state, from).contains(sealed.signer()));
                case Content.Told told -> {
                    Held unplaced = new Held(from, sealed);
                    if (!proved && !waits.contains(unplaced)) waits = append(waits, unplaced);
                    yield new Message.Told(told.agreed(), proved, told.fresh());
                }
                case Content.Admit admit ->
                    new Message.Admit(admit.author(), admit.pass(), admit.allow(), sealed.seen());
                case Content.Rekey rekey -> proved ? new Message.RekeyAsked() : new Message.Other();
                default -> new Message.Other();
            };
        }

        private static List<Held> append(List<Held> list, Held one) {
            List<Held> more = new ArrayList<>(list);
            more.add(one);
            return List.copyOf(more);
        }

        private Change change(Down.Committed entry) {
            Sealed sealed = entry.payload();
            if (sealed.content() instanceof Content.Found found)
                return new Change.Founded(found.founder(), found.rules());
            if (!(sealed.content() instanceof Content.Change content))
                return new Change.Bad(Alarm.ENVELOPE_INVALID, "not sealed with this room's link");
            List<ConnectionId> admitted =
                    content.admitted().stream().map(Admitted::connection).toList();
            Reading reading = switch (RoomMachine.reading(
                    state, entry.from(), entry.group(), entry.epoch(), admitted)) {
                case OWN -> new Reading.Own(inFlight.orElseThrow().next().view(nowLeaf));
                case STAGE -> stage(sealed, content.commit());
                case WELCOME -> welcome(content.commit());
                case NOTHING -> new Reading.Foreign();
            };
            return new Change.Commit(
                    sealed.seen(),
                    content.since(),
                    content.admitted(),
                    content.seats(),
                    content.banned(),
                    content.handed(),
                    reading);
        }

        private Reading stage(Sealed sealed, Commit commit) {
            boolean known = nowIn.filter(now -> now.secret() == commit.before()).isPresent();
            if (!known || commit.committer() == nowLeaf) return new Reading.Unusable("not a commit for this epoch");
            Member committer =
                    nowIn.orElseThrow().view(nowLeaf).member(commit.committer()).orElseThrow();
            if (!committer.signatureKey().equals(sealed.signer()))
                return new Reading.Unusable("not the committer's envelope");
            boolean removed = commit.removed().contains(nowLeaf);
            if (!removed) offered = Optional.of(commit.next());
            offeredLeaf = nowLeaf;
            Optional<GroupView> next = offered.map(to -> to.view(nowLeaf));
            return new Reading.Staged(commit.committer(), commit.added(), commit.removed(), next);
        }

        private Reading welcome(Commit commit) {
            for (var add : commit.added()) {
                if (asksWith.filter(info -> info.reference().equals(add.getKey()))
                        .isEmpty()) continue;
                offered = Optional.of(commit.next());
                offeredLeaf = add.getValue();
                welcomed = true;
                return new Reading.Welcomed(commit.next().view(offeredLeaf));
            }
            return new Reading.Unusable("not for the last draft");
        }

        private void perform(RoomEffect effect) {
            switch (effect) {
                case RoomEffect.Connect connect -> {
                    dials++;
                    connects = true;
                    sends.clear();
                    sends.add(new Up.Hello());
                }
                case RoomEffect.Disconnect disconnect -> closes = true;
                case RoomEffect.PostJoin join -> {
                    if (join.fresh() || asksWith.isEmpty()) asksWith = Optional.of(draw());
                    post(asksWith.get().signatureKey(), new Content.Join(asksWith.get()));
                }
                case RoomEffect.PostAttach at ->
                    post(signer(), new Content.Attach(at.group(), at.epoch(), at.leaf(), at.since(), at.agreed()));
                case RoomEffect.SendAttach at ->
                    send(at.to(), new Content.Attach(at.group(), at.epoch(), at.leaf(), at.since(), at.agreed()));
                case RoomEffect.PostLeave leave -> {
                    if (!leave.asking()) post(signer(), new Content.Leave());
                    else asksWith.ifPresent(with -> post(with.signatureKey(), new Content.Leave()));
                }
                case RoomEffect.PostAgreed told -> post(signer(), new Content.Told(told.agreed(), false));
                case RoomEffect.SendWait wait -> send(wait.to(), new Content.Wait(wait.host(), wait.rules()));
                case RoomEffect.PostRekey rekey -> post(signer(), new Content.Rekey());
                case RoomEffect.MakeGroup make -> {
                    KeyPackageInfo self = draw();
                    Epoch group = Symbols.found(who, ++made, self);
                    inFlight = Optional.of(new Own(group, Optional.empty(), Optional.of(self)));
                    commit(group, self.signatureKey(), new Content.Found(self, make.rules()));
                }
                case RoomEffect.MakeCommit make -> makeCommit(make);
                case RoomEffect.AdoptOwn adopt -> {
                    Own mine = inFlight.orElseThrow();
                    inFlight = Optional.empty();
                    if (mine.commit().isEmpty()) asksWith = Optional.empty();
                    adopt(mine.next(), mine.commit().isEmpty() ? 0 : nowLeaf);
                }
                case RoomEffect.AdoptEntry adopt -> {
                    asksWith = Optional.empty();
                    adopt(offered.orElseThrow(), offeredLeaf);
                }
                case RoomEffect.DiscardOwn discard -> inFlight = Optional.empty();
                case RoomEffect.SetTimer set -> timers.add(set.timer());
                case RoomEffect.CancelTimer cancel -> timers.remove(cancel.timer());
                case RoomEffect.ReportAlarm alarm -> {
                    alarms.add(alarm.alarm());
                    noted.add(alarm);
                }
                case RoomEffect.ReportEnd end -> {
                    ended = true;
                    noted.add(end);
                    if (!hosts(end) && end.end() != End.LEFT && (state.everInside() || end.end() != End.SERVER_AWAY))
                        violations.add(new Violation(
                                Property.NobodyIsThrownOut, name() + " ends: " + end.end() + ", " + end.detail()));
                }
                // Tracks and reports change nothing that is explored here.
                case RoomEffect.PostState tracks -> {}
                case RoomEffect.SendState tracks -> {}
                case RoomEffect.ReportRoster report -> {}
                case RoomEffect.ReportServer report -> {}
                case RoomEffect.ReportStage report -> {}
                case RoomEffect.ReportAgreed report -> {}
                case RoomEffect.ReportWaiting report -> {}
            }
        }

        /** Whether a host had a say in this. */
        private boolean hosts(RoomEffect.ReportEnd end) {
            RoomRules rules = state.accord().agreed().rules();
            return end.end() == End.REMOVED && rules.removed(Symbols.identity(who))
                    || end.end() == End.TURNED_AWAY && rules.maker().isPresent();
        }

        private KeyPackageInfo draw() {
            return Symbols.draft(who, stay, ++drawn);
        }

        private void makeCommit(RoomEffect.MakeCommit make) {
            List<KeyPackageInfo> adds =
                    make.adds().stream().map(LogState.Join::info).toList();
            Commit commit = Symbols.commit(who, ++made, nowIn.orElseThrow(), nowLeaf, adds, make.removes());
            List<Admitted> admitted = new ArrayList<>();
            for (int i = 0; i < adds.size(); i++)
                admitted.add(new Admitted(
                        make.adds().get(i).from(),
                        make.adds().get(i).sequence(),
                        commit.added().get(i).getValue()));
            inFlight = Optional.of(new Own(commit.next(), Optional.of(commit), Optional.empty()));
            commit(
                    commit.next(),
                    signer(),
                    new Content.Change(make.since(), admitted, make.seats(), make.banned(), make.handed(), commit));
        }

        private void adopt(Epoch next, int as) {
            adopted.add(next);
            nowIn = Optional.of(next);
            nowLeaf = as;
            // What led to it may have been before this member came, or came back: it takes the others' word.
            long came = machine.log().map(LogState::entered).orElse(0L);
            if (!welcomed)
                offeredWrong
                        .filter(wrong -> wrong.since() > came
                                && !excused(wrong.violation().property()))
                        .ifPresent(wrong -> violations.add(wrong.violation()));
            if (next.members().stream()
                    .noneMatch(member -> member.participant().equals(Symbols.participant(who, stay))))
                violations.add(new Violation(
                        Property.OnlyRosterHasKey, name() + " has the key of an epoch that it is not in"));
            Long before = highest.put(next.group(), next.epoch());
            if (before != null && before >= next.epoch())
                violations.add(new Violation(
                        Property.EpochsNeverGoBack,
                        name() + " goes from epoch " + before + " to " + next.epoch() + " of one group"));
        }

        /** Whoever knows that it lacks some admissions leaves that judgement to those who were there. */
        private boolean excused(Property property) {
            return property == Property.NobodyUnadmittedIsAdded
                    && !machine.accord().complete();
        }

        private void noteGroup() {
            if (state.log().isEmpty() || state.group().isEmpty()) return;
            LogId log = state.log().get().id();
            long since = state.group().get().since();
            if (newest.filter(before -> before.log().equals(log) && before.since() > since)
                    .isPresent())
                violations.add(
                        new Violation(Property.EpochsNeverGoBack, name() + " goes back to a group that was replaced"));
            newest = Optional.of(new Latest(log, since));
        }

        private long seen() {
            return state.log().map(LogState::sequence).orElse(0L);
        }

        private Bytes signer() {
            return nowIn.orElseThrow().view(nowLeaf).self().signatureKey();
        }

        private void post(Bytes signer, Content content) {
            sends.add(new Up.Post(new Sealed(seen(), signer, content)));
        }

        private void send(ConnectionId to, Content content) {
            sends.add(new Up.Send(to, new Sealed(seen(), signer(), content)));
        }

        private void commit(Epoch next, Bytes signer, Content content) {
            sends.add(new Up.CommitTo(next.group(), next.epoch(), new Sealed(seen(), signer, content)));
        }
    }
}
