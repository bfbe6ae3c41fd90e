package sotto.rooms.session;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import sotto.rooms.envelope.EnvelopeContext;
import sotto.rooms.envelope.RoomMessage;
import sotto.rooms.envelope.RoomMessage.Told;
import sotto.rooms.group.Bytes;
import sotto.rooms.group.GroupView;
import sotto.rooms.machine.LogState.Join;
import sotto.rooms.machine.RoomEffect;
import sotto.rooms.machine.RoomEvent;
import sotto.rooms.machine.RoomMachine;
import sotto.rooms.rules.RoomRules;
import sotto.rooms.session.GroupPort.Draft;
import sotto.rooms.session.GroupPort.GroupException;
import sotto.rooms.session.GroupPort.OwnCommit;
import sotto.rooms.session.GroupPort.Prospect;
import sotto.rooms.wire.ClientFrame;
import sotto.rooms.wire.GroupId;
import sotto.rooms.wire.Payload;

/** Carries out the machine's effects. */
final class Effects {
    private final Shell shell;

    Effects(Shell shell) {
        this.shell = shell;
    }

    void run(RoomEffect effect) {
        GroupPort group = shell.ports.group();
        RoomListener listener = shell.listener;
        switch (effect) {
            case RoomEffect.Connect connect -> shell.connect();
            case RoomEffect.Disconnect disconnect -> shell.disconnect();
            case RoomEffect.PostJoin join -> postJoin(join.fresh());
            case RoomEffect.PostAttach at ->
                shell.postAttach(
                        new RoomMessage.Attach(at.group(), at.epoch(), at.leaf(), at.since(), Told.of(at.agreed())));
            case RoomEffect.SendAttach at ->
                shell.send(
                        at.to(),
                        new RoomMessage.Attach(at.group(), at.epoch(), at.leaf(), at.since(), Told.of(at.agreed())));
            case RoomEffect.PostAgreed post ->
                shell.post(new RoomMessage.Tell(Told.of(post.agreed()), true), group::sign);
            case RoomEffect.SendWait wait ->
                shell.send(wait.to(), new RoomMessage.Wait(wait.host(), RoomMessage.encoded(wait.rules())));
            case RoomEffect.PostLeave leave -> {
                if (!leave.asking()) shell.post(new RoomMessage.Leave(), group::sign);
                else if (shell.draft.isPresent()) shell.post(new RoomMessage.Leave(), shell.draft.get()::sign);
            }
            case RoomEffect.PostRekey rekey -> shell.post(new RoomMessage.Rekey(), group::sign);
            case RoomEffect.PostState tracks -> {
                if (shell.sentSomething) shell.post(state(), group::sign);
            }
            case RoomEffect.SendState tracks -> {
                if (shell.sentSomething) shell.send(tracks.to(), state());
            }
            case RoomEffect.MakeGroup make -> makeGroup(make.rules());
            case RoomEffect.MakeCommit make -> makeCommit(make);
            case RoomEffect.AdoptOwn adopt -> {
                Shell.Own own = shell.inFlight.orElseThrow();
                shell.inFlight = Optional.empty();
                group.adopt(own.next());
                if (own.draft().isPresent()) {
                    own.draft().get().close();
                    closeDraft();
                }
            }
            case RoomEffect.AdoptEntry adopt -> {
                Prospect prospect = shell.offered.orElseThrow();
                shell.offered = Optional.empty();
                group.adopt(prospect);
                closeDraft(); // a Welcome used it; and no member needs one
            }
            case RoomEffect.DiscardOwn discard -> discardOwn();
            case RoomEffect.SetTimer set -> shell.setTimer(set.timer(), set.millis());
            case RoomEffect.CancelTimer cancel -> shell.cancelTimer(cancel.timer());
            case RoomEffect.ReportRoster report ->
                RoomMachine.roster(shell.state)
                        .ifPresent(roster ->
                                listener.rosterChanged(new RoomListener.Roster(roster.view(), roster.connected())));
            case RoomEffect.ReportAgreed report ->
                listener.agreed(shell.state.accord().agreed());
            case RoomEffect.ReportWaiting report -> listener.waiting(RoomMachine.waiting(shell.state));
            case RoomEffect.ReportStage report -> listener.stage(report.stage());
            case RoomEffect.ReportServer report -> listener.serverState(report.connected());
            case RoomEffect.ReportAlarm report -> listener.alarm(report.alarm(), report.detail());
            case RoomEffect.ReportEnd report -> {
                shell.finish();
                listener.ended(report.end(), report.detail());
            }
        }
    }

    private RoomMessage.State state() {
        Tracks tracks = shell.tracks;
        return new RoomMessage.State(tracks.microphone(), tracks.camera(), tracks.screen(), tracks.screenAudio());
    }

    private void closeDraft() {
        shell.draft.ifPresent(Draft::close);
        shell.draft = Optional.empty();
    }

    private void discardOwn() {
        shell.inFlight.ifPresent(own -> {
            shell.ports.group().discard(own.next());
            own.draft().ifPresent(Draft::close);
        });
        shell.inFlight = Optional.empty();
    }

    private void postJoin(boolean fresh) {
        try {
            if (shell.draft.isEmpty() || fresh && posted) {
                closeDraft();
                shell.draft = Optional.of(shell.ports.group().draft());
            }
            posted = true;
            Draft draft = shell.draft.get();
            shell.post(new RoomMessage.Join(Bytes.of(draft.keyPackage())), draft::sign);
        } catch (GroupException failed) {
            shell.handle(new RoomEvent.Refused(sotto.rooms.machine.End.GROUP_FAILED));
        }
    }

    /** Whether the draft made at the start was used. */
    private boolean posted;

    private void makeGroup(RoomRules rules) {
        Draft draft = null;
        try {
            draft = shell.ports.group().draft();
            byte[] id = new byte[GroupId.BYTES];
            shell.ports.random().fill(id);
            Prospect next = shell.ports.group().found(GroupId.of(id), draft);
            submit(
                    next,
                    new RoomMessage.Found(Bytes.of(draft.keyPackage()), RoomMessage.encoded(rules)),
                    Optional.of(draft));
        } catch (GroupException failed) {
            if (draft != null) draft.close();
            shell.handle(new RoomEvent.MakingFailed());
        }
    }

    private void makeCommit(RoomEffect.MakeCommit make) {
        try {
            List<byte[]> adds = make.adds().stream()
                    .map(join -> join.keyPackage().toArray())
                    .toList();
            OwnCommit own = shell.ports.group().commit(adds, make.removes());
            GroupView view = own.next().view();
            List<RoomMessage.Joined> joins = new ArrayList<>();
            for (Join add : make.adds())
                joins.add(new RoomMessage.Joined(
                        add.from(),
                        add.sequence(),
                        view.member(add.info().participant()).orElseThrow().leaf()));
            Optional<Bytes> welcome =
                    joins.isEmpty() ? Optional.empty() : own.welcome().map(Bytes::of);
            RoomMessage.Commit message = new RoomMessage.Commit(
                    Bytes.of(own.commit()),
                    welcome,
                    make.since(),
                    joins,
                    make.seats(),
                    make.banned(),
                    make.handed()
                            .map(handed -> new RoomMessage.Handed(
                                    Told.of(handed.agreed()), handed.passes(), handed.complete())));
            try {
                submit(own.next(), message, Optional.empty());
            } catch (IllegalArgumentException tooLarge) {
                shell.ports.group().discard(own.next());
                shell.handle(new RoomEvent.MakingFailed());
            }
        } catch (GroupException failed) {
            shell.handle(new RoomEvent.MakingFailed());
        }
    }

    private void submit(Prospect next, RoomMessage message, Optional<Draft> draft) {
        GroupView view = next.view();
        var context = new EnvelopeContext.Commit(
                shell.link.room(), shell.log.orElseThrow(), shell.me, view.group(), view.epoch());
        Payload payload = draft.isPresent()
                ? shell.sealer.seal(context, shell.chain.head(), message, draft.get()::sign)
                : shell.sealer.seal(context, shell.chain.head(), message, shell.ports.group()::sign);
        shell.inFlight = Optional.of(new Shell.Own(next, payload, draft));
        shell.transmit(new ClientFrame.Commit(view.group(), view.epoch(), payload));
    }
}
