package sotto.rooms.machine;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.SortedSet;
import sotto.rooms.group.Bytes;
import sotto.rooms.group.GroupView;
import sotto.rooms.group.KeyPackageInfo;
import sotto.rooms.group.Member;
import sotto.rooms.machine.RoomEvent.Admitted;
import sotto.rooms.machine.RoomEvent.Change;
import sotto.rooms.machine.RoomEvent.Message;
import sotto.rooms.machine.RoomEvent.Reading;
import sotto.rooms.machine.SimNetwork.Down;
import sotto.rooms.machine.SymbolicGroup.Commit;
import sotto.rooms.machine.SymbolicGroup.Epoch;
import sotto.rooms.rules.Agreed;
import sotto.rooms.rules.Pass;
import sotto.rooms.rules.RoomRules;
import sotto.rooms.wire.ConnectionId;

/** The real machine in a simulated client: does in symbols what the session does with bytes. */
final class SimMember {
    /** A sealed and signed payload. */
    record Sealed(long seen, Bytes signer, Object content) {}

    record JoinContent(KeyPackageInfo info) {}

    record AttachContent(sotto.rooms.wire.GroupId group, long epoch, int leaf, long since, Agreed agreed) {}

    record ToldContent(Agreed agreed, boolean fresh) {}

    record AdmitContent(Bytes author, Pass pass, boolean allow) {}

    record WaitContent(boolean host, RoomRules rules) {}

    record LeaveContent() {}

    record RekeyContent() {}

    record StateContent() {}

    record FoundContent(KeyPackageInfo founder, RoomRules rules) {}

    record CommitContent(
            long since,
            List<Admitted> admitted,
            SortedMap<Integer, ConnectionId> seats,
            SortedSet<Bytes> banned,
            Optional<RoomEvent.Handed> handed,
            Commit commit) {}

    /** Told what members do, to check it. */
    interface Watch {
        void adopted(SimMember member, Epoch epoch);

        void alarmed(SimMember member, Alarm alarm, String detail);

        void ended(SimMember member, End end, String detail);
    }

    final String name;
    final SymbolicGroup mls;
    final SimNetwork network;
    private final Watch watch;
    RoomState state;
    SimNetwork.Link link;
    Stage stage;
    boolean alive = true;
    boolean entered;
    private final Map<RoomTimer, Long> timers = new EnumMap<>(RoomTimer.class);
    private long timerNumber;
    private KeyPackageInfo lastDraft;
    private Epoch ownNext;
    private Commit ownCommit;
    private Epoch entryNext;
    private int entryLeaf;
    private long frozenUntil;
    private boolean thawing;
    private final Deque<Runnable> frozen = new ArrayDeque<>();
    private final Deque<RoomEvent> queue = new ArrayDeque<>();
    private final List<Map.Entry<ConnectionId, Sealed>> held = new ArrayList<>();

    SimMember(String name, SymbolicGroup mls, SimNetwork network, Watch watch) {
        this.name = name;
        this.mls = mls;
        this.network = network;
        this.watch = watch;
        state = RoomState.start(mls.participant(), mls.identity());
    }

    /** The process stops: it neither reads nor fires timers until then. */
    void freeze(long until) {
        network.tell(() -> name + " FREEZES until " + until);
        frozenUntil = Math.max(frozenUntil, until);
    }

    private void whenAwake(Runnable run) {
        if (network.now >= frozenUntil && frozen.isEmpty()) {
            run.run();
            return;
        }
        frozen.add(run);
        if (thawing) return;
        thawing = true;
        network.at(Math.max(frozenUntil, network.now), this::thaw);
    }

    private void thaw() {
        if (network.now < frozenUntil) {
            network.at(frozenUntil, this::thaw);
            return;
        }
        thawing = false;
        while (!frozen.isEmpty()) frozen.poll().run();
    }

    void crash(long noticedAfter) {
        network.tell(() -> name + " CRASHES");
        alive = false;
        if (link != null) link.dropByClient(noticedAfter);
    }

    void handle(RoomEvent event) {
        if (!alive) return;
        queue.add(event);
        if (queue.size() > 1) return; // the loop below takes it after this one
        while (!queue.isEmpty()) {
            RoomEvent next = queue.peek();
            RoomState before = state;
            RoomMachine.Next step = RoomMachine.step(state, next);
            state = step.state();
            if (!(next instanceof RoomEvent.Fired) || !step.effects().isEmpty())
                network.tell(() -> name + " <- " + next + (before.equals(state) ? "" : "\n" + " ".repeat(14) + brief())
                        + (step.effects().isEmpty() ? "" : "\n" + " ".repeat(14) + "=> " + step.effects()));
            if (network.trace != null) network.trace.step(this, before, next);
            for (RoomEffect effect : step.effects()) run(effect);
            queue.poll();
        }
        retryHeld();
    }

    /** Paths told by members whom this one could not place then, and can now. */
    private void retryHeld() {
        for (var message : List.copyOf(held)) {
            boolean proved = RoomMachine.author(state, message.getKey())
                    .filter(member ->
                            member.signatureKey().equals(message.getValue().signer()))
                    .isPresent();
            if (!proved || !held.remove(message)) continue;
            Agreed agreed = ((ToldContent) message.getValue().content()).agreed();
            handle(new RoomEvent.PathHeard(agreed));
        }
    }

    private String brief() {
        return state.phase() + " "
                + state.group()
                        .map(group -> "group " + group.view().group().low() + "@"
                                + group.view().epoch() + " since " + group.since() + " " + group.standing() + " leaf "
                                + group.view().ownLeaf() + " members "
                                + group.view().members().stream()
                                        .map(member -> member.leaf() + ":" + member.name())
                                        .toList()
                                + " seats " + group.seats().keySet() + " going " + group.going()
                                + (group.wanted() ? " wanted" : ""))
                        .orElse("no group")
                + state.asking().map(asking -> " " + asking).orElse("")
                + state.inFlight().map(flight -> " " + flight).orElse("")
                + " joins " + state.log().map(log -> log.joins().size()).orElse(0) + " " + state.timers();
    }

    void received(SimNetwork.Link from, Down down) {
        whenAwake(() -> {
            if (!alive || link != from) return;
            if (down instanceof Down.Closed) {
                from.clientOpen = false;
                held.clear();
                handle(new RoomEvent.Disconnected());
            } else if (from.clientOpen) {
                entryNext = null;
                handle(event(down));
            }
        });
    }

    private RoomEvent event(Down down) {
        return switch (down) {
            case Down.Entered in -> new RoomEvent.Entered(in.me(), in.log(), in.sequence(), in.present());
            case Down.Lost lost -> new RoomEvent.Lost(lost.group(), lost.epoch());
            case Down.Closed closed -> new RoomEvent.Disconnected();
            case Down.Sent sent -> {
                Sealed sealed = (Sealed) sent.payload();
                yield switch (sealed.content()) {
                    case AttachContent attach -> new RoomEvent.Sent(sent.from(), attach(sealed, attach));
                    case WaitContent wait -> new RoomEvent.ToldToWait(sent.from(), wait.host(), wait.rules());
                    default -> new RoomEvent.Fired(RoomTimer.RECONNECT); // nothing: that timer is not set while inside
                };
            }
            case Down.Entry entry ->
                switch (entry.kind()) {
                    case SimNetwork.ARRIVED -> new RoomEvent.Arrived(entry.sequence(), entry.from());
                    case SimNetwork.GONE -> new RoomEvent.Gone(entry.sequence(), entry.from());
                    case SimNetwork.MESSAGE ->
                        new RoomEvent.Posted(
                                entry.sequence(), entry.from(), message(entry.from(), (Sealed) entry.payload()));
                    default ->
                        new RoomEvent.Committed(
                                entry.sequence(), entry.from(), entry.group(), entry.epoch(), change(entry, (Sealed)
                                        entry.payload()));
                };
        };
    }

    private Message.Attach attach(Sealed sealed, AttachContent attach) {
        boolean proved = state.group()
                .filter(group -> group.view().group().equals(attach.group()))
                .flatMap(group -> group.view().member(attach.leaf()))
                .filter(member -> member.signatureKey().equals(sealed.signer()))
                .isPresent();
        return new Message.Attach(
                attach.group(), attach.epoch(), attach.leaf(), attach.since(), proved, attach.agreed());
    }

    private Message message(ConnectionId from, Sealed sealed) {
        boolean proved = RoomMachine.author(state, from)
                .map(Member::signatureKey)
                .filter(sealed.signer()::equals)
                .isPresent();
        return switch (sealed.content()) {
            case JoinContent join -> new Message.Join(join.info(), join.info().reference());
            case AttachContent attach -> attach(sealed, attach);
            case LeaveContent leave ->
                new Message.Left(RoomMachine.leaveKeys(state, from).contains(sealed.signer()));
            case ToldContent told -> {
                if (!proved) held.add(Map.entry(from, sealed));
                yield new Message.Told(told.agreed(), proved, told.fresh());
            }
            case AdmitContent admit -> new Message.Admit(admit.author(), admit.pass(), admit.allow(), sealed.seen());
            case RekeyContent rekey -> proved ? new Message.RekeyAsked() : new Message.Other();
            default -> new Message.Other();
        };
    }

    private Change change(Down.Entry entry, Sealed sealed) {
        if (sealed.content() instanceof FoundContent found) return new Change.Founded(found.founder(), found.rules());
        if (!(sealed.content() instanceof CommitContent content))
            return new Change.Bad(Alarm.ENVELOPE_INVALID, "not sealed with this room's link");
        List<ConnectionId> admitted =
                content.admitted().stream().map(Admitted::connection).toList();
        Reading reading = switch (RoomMachine.reading(state, entry.from(), entry.group(), entry.epoch(), admitted)) {
            case OWN -> new Reading.Own(ownNext.view(mls.ownLeaf));
            case STAGE -> stage(sealed, content.commit());
            case WELCOME -> welcome(sealed, content.commit());
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
        if (!mls.canStage(commit)) return new Reading.Unusable("not a commit for this epoch");
        Member committer = mls.current
                .orElseThrow()
                .view(mls.ownLeaf)
                .member(commit.committer())
                .orElseThrow();
        if (!committer.signatureKey().equals(sealed.signer()))
            return new Reading.Unusable("not the committer's envelope");
        boolean removed = commit.removed().contains(mls.ownLeaf);
        entryNext = removed ? null : commit.next();
        entryLeaf = mls.ownLeaf;
        Optional<GroupView> next = removed ? Optional.empty() : Optional.of(entryNext.view(entryLeaf));
        return new Reading.Staged(commit.committer(), commit.added(), commit.removed(), next);
    }

    private Reading welcome(Sealed sealed, Commit commit) {
        Optional<Integer> leaf = mls.join(commit);
        if (leaf.isEmpty()) return new Reading.Unusable("not for the last draft");
        entryNext = commit.next();
        entryLeaf = leaf.get();
        return new Reading.Welcomed(entryNext.view(entryLeaf));
    }

    private void run(RoomEffect effect) {
        switch (effect) {
            case RoomEffect.Connect connect -> network.connect(this);
            case RoomEffect.Disconnect disconnect -> disconnect();
            case RoomEffect.PostJoin join -> {
                if (join.fresh()) {
                    lastDraft = mls.draft();
                    if (network.trace != null) network.trace.drew(this, null);
                }
                post(lastDraft.signatureKey(), new JoinContent(lastDraft));
            }
            case RoomEffect.PostAttach attach ->
                post(
                        signer(),
                        new AttachContent(
                                attach.group(), attach.epoch(), attach.leaf(), attach.since(), attach.agreed()));
            case RoomEffect.SendAttach attach ->
                send(
                        attach.to(),
                        new AttachContent(
                                attach.group(), attach.epoch(), attach.leaf(), attach.since(), attach.agreed()));
            case RoomEffect.PostAgreed post -> post(signer(), new ToldContent(post.agreed(), false));
            case RoomEffect.SendWait wait -> send(wait.to(), new WaitContent(wait.host(), wait.rules()));
            case RoomEffect.PostLeave leave ->
                post(leave.asking() ? lastDraft.signatureKey() : signer(), new LeaveContent());
            case RoomEffect.PostRekey rekey -> post(signer(), new RekeyContent());
            case RoomEffect.PostState tracks -> post(signer(), new StateContent());
            case RoomEffect.SendState tracks -> send(tracks.to(), new StateContent());
            case RoomEffect.MakeGroup group -> {
                KeyPackageInfo draft = mls.draft();
                ownNext = mls.found(draft);
                if (network.trace != null)
                    network.trace.drew(this, ownNext.group().low());
                ownCommit = null;
                link.send(new SimNetwork.Up(
                        ownNext.group(),
                        0,
                        null,
                        new Sealed(seen(), draft.signatureKey(), new FoundContent(draft, group.rules()))));
            }
            case RoomEffect.MakeCommit make -> makeCommit(make);
            case RoomEffect.AdoptOwn adopt -> {
                mls.adopt(ownNext, ownCommit == null ? 0 : mls.ownLeaf);
                watch.adopted(this, ownNext);
                ownNext = null;
            }
            case RoomEffect.AdoptEntry adopt -> {
                mls.adopt(entryNext, entryLeaf);
                watch.adopted(this, entryNext);
            }
            case RoomEffect.DiscardOwn discard -> ownNext = null;
            case RoomEffect.SetTimer set -> {
                long number = ++timerNumber;
                timers.put(set.timer(), number);
                network.at(
                        network.now + set.millis(),
                        () -> whenAwake(() -> {
                            if (timers.remove(set.timer(), number)) handle(new RoomEvent.Fired(set.timer()));
                        }));
            }
            case RoomEffect.CancelTimer cancel -> timers.remove(cancel.timer());
            case RoomEffect.ReportAlarm alarm -> watch.alarmed(this, alarm.alarm(), alarm.detail());
            case RoomEffect.ReportEnd end -> {
                watch.ended(this, end.end(), end.detail());
                alive = false;
            }
            case RoomEffect.ReportRoster r -> {}
            case RoomEffect.ReportServer r -> {}
            case RoomEffect.ReportStage r -> stage = r.stage();
            case RoomEffect.ReportAgreed r -> {}
            case RoomEffect.ReportWaiting r -> {}
        }
    }

    private void makeCommit(RoomEffect.MakeCommit make) {
        List<KeyPackageInfo> adds =
                make.adds().stream().map(LogState.Join::info).toList();
        Commit commit = mls.commit(adds, make.removes());
        List<Admitted> admitted = new ArrayList<>();
        for (int i = 0; i < adds.size(); i++)
            admitted.add(new Admitted(
                    make.adds().get(i).from(),
                    make.adds().get(i).sequence(),
                    commit.added().get(i).getValue()));
        ownNext = commit.next();
        ownCommit = commit;
        CommitContent content =
                new CommitContent(make.since(), admitted, make.seats(), make.banned(), make.handed(), commit);
        link.send(new SimNetwork.Up(make.group(), make.epoch(), null, new Sealed(seen(), signer(), content)));
    }

    /** Closes the own connection and notices it at once; the server a little later. */
    void disconnect() {
        if (link == null || !link.clientOpen) return;
        SimNetwork.Link closing = link;
        closing.dropByClient(network.random.nextInt(1500));
        network.at(
                network.now + 1,
                () -> whenAwake(() -> {
                    if (link == closing) handle(new RoomEvent.Disconnected());
                }));
    }

    private long seen() {
        return state.log().map(LogState::sequence).orElse(0L);
    }

    private Bytes signer() {
        return mls.signatureKey().orElseThrow();
    }

    void post(Bytes signer, Object content) {
        link.send(new SimNetwork.Up(null, 0, null, new Sealed(seen(), signer, content)));
    }

    private void send(ConnectionId to, Object content) {
        link.send(new SimNetwork.Up(null, 0, to, new Sealed(seen(), signer(), content)));
    }

    /** What this member asks to come in with. */
    KeyPackageInfo lastDraft() {
        return lastDraft;
    }

    /** Posts a raw commit that claims to have seen no more of the log than this. */
    void postCommit(long seen, Commit commit, CommitContent content) {
        link.send(new SimNetwork.Up(commit.group(), commit.next().epoch(), null, new Sealed(seen, signer(), content)));
    }

    /** Posts a raw commit, as a member that breaks the rules would. */
    void postCommit(Commit commit, CommitContent content) {
        link.send(
                new SimNetwork.Up(commit.group(), commit.next().epoch(), null, new Sealed(seen(), signer(), content)));
    }
}
