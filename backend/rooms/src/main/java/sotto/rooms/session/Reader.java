package sotto.rooms.session;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import sotto.rooms.envelope.EnvelopeContext;
import sotto.rooms.envelope.EnvelopeException;
import sotto.rooms.envelope.Opened;
import sotto.rooms.envelope.RoomMessage;
import sotto.rooms.group.Bytes;
import sotto.rooms.group.GroupView;
import sotto.rooms.group.KeyPackageInfo;
import sotto.rooms.group.Member;
import sotto.rooms.machine.Alarm;
import sotto.rooms.machine.RoomEvent;
import sotto.rooms.machine.RoomEvent.Admitted;
import sotto.rooms.machine.RoomEvent.Change;
import sotto.rooms.machine.RoomEvent.Handed;
import sotto.rooms.machine.RoomEvent.Message;
import sotto.rooms.machine.RoomEvent.Reading;
import sotto.rooms.machine.RoomMachine;
import sotto.rooms.session.GroupPort.GroupException;
import sotto.rooms.session.GroupPort.Staged;
import sotto.rooms.session.Hosting.RulesException;
import sotto.rooms.wire.ConnectionId;
import sotto.rooms.wire.LogEntry;
import sotto.rooms.wire.Payload;
import sotto.rooms.wire.ServerFrame;

/**
 * Finds out everything about what was received that needs cryptography, so that the machine can judge it: opens
 * envelopes, verifies signatures and KeyPackages, stages commits.
 */
final class Reader {
    /** Direct messages kept whose author is not known yet. */
    private static final int HELD = 256;

    private final Shell shell;
    private Founded groups = new Founded(0);
    private final Deque<Held> held = new ArrayDeque<>();

    private record Held(ConnectionId from, Opened opened) {}

    Reader(Shell shell) {
        this.shell = shell;
    }

    /** An envelope that opened and whose sender saw the same log; or what is wrong with it. */
    private record Result(Optional<Opened> opened, Alarm alarm, String problem) {}

    private Result open(EnvelopeContext context, Payload payload) {
        try {
            Opened opened = shell.opener.open(context, payload);
            return switch (shell.chain.compare(opened.seenSequence(), opened.seenHash())) {
                case SAME, UNKNOWN -> new Result(Optional.of(opened), null, null);
                case FORKED ->
                    new Result(
                            Optional.empty(),
                            Alarm.LOG_FORKED,
                            "the server showed a member another log up to entry " + opened.seenSequence());
                case AHEAD ->
                    new Result(
                            Optional.empty(),
                            Alarm.LOG_WITHHELD,
                            "a member has seen entry " + opened.seenSequence() + ", which was withheld here");
            };
        } catch (EnvelopeException refused) {
            return new Result(Optional.empty(), Alarm.ENVELOPE_INVALID, refused.getMessage());
        }
    }

    /** The machine's event for the next entry. May leave a prospect in {@link Shell#offered}. */
    RoomEvent entry(LogEntry entry) {
        return switch (entry) {
            case LogEntry.Arrived arrived -> new RoomEvent.Arrived(arrived.sequence(), arrived.from());
            case LogEntry.Gone gone -> new RoomEvent.Gone(gone.sequence(), gone.from());
            case LogEntry.Message message -> new RoomEvent.Posted(message.sequence(), message.from(), message(message));
            case LogEntry.Commit commit ->
                new RoomEvent.Committed(
                        commit.sequence(), commit.from(), commit.group(), commit.epoch(), change(commit));
        };
    }

    private Message message(LogEntry.Message entry) {
        var context = new EnvelopeContext.Message(shell.link.room(), shell.log.orElseThrow(), entry.from());
        Result result = open(context, entry.payload());
        if (result.opened().isEmpty()) return new Message.Bad(result.alarm(), result.problem());
        Opened opened = result.opened().get();
        return switch (opened.message()) {
            case RoomMessage.Join join -> join(entry.from(), opened, join);
            case RoomMessage.Attach attach -> {
                try {
                    yield attach(opened, attach);
                } catch (RulesException invalid) {
                    yield new Message.Bad(Alarm.RULES_INVALID, invalid.getMessage());
                }
            }
            case RoomMessage.Tell tell -> {
                try {
                    boolean proved = byAuthor(entry.from(), opened);
                    if (!proved) hold(entry.from(), opened);
                    yield new Message.Told(shell.hosting.verify(tell.told()), proved, !tell.again());
                } catch (RulesException invalid) {
                    yield new Message.Bad(Alarm.RULES_INVALID, invalid.getMessage());
                }
            }
            case RoomMessage.Admit admit ->
                shell.hosting.verified(admit)
                        ? new Message.Admit(admit.author(), admit.pass(), admit.allow(), opened.seenSequence())
                        : new Message.Bad(Alarm.RULES_INVALID, "a host's answer to somebody who waits is not signed");
            case RoomMessage.Wait wait -> wrongWay();
            case RoomMessage.Leave leave ->
                new Message.Left(RoomMachine.leaveKeys(shell.state, entry.from()).stream()
                        .anyMatch(opened::signedBy));
            case RoomMessage.Rekey rekey ->
                byAuthor(entry.from(), opened) ? new Message.RekeyAsked() : new Message.Other();
            case RoomMessage.State state -> {
                if (byAuthor(entry.from(), opened)) deliver(entry.from(), opened);
                yield new Message.Other();
            }
            case RoomMessage.Found found -> wrongWay();
            case RoomMessage.Commit commit -> wrongWay();
            case RoomMessage.Signal signal -> wrongWay();
        };
    }

    /** The codec refuses these before; said again so that no message is ever taken for another. */
    private static Message wrongWay() {
        return new Message.Bad(Alarm.ENVELOPE_INVALID, "a message came a way that it may not go");
    }

    private Message join(ConnectionId from, Opened opened, RoomMessage.Join join) {
        try {
            GroupPort group = shell.ports.group();
            byte[] keyPackage = join.keyPackage().toArray();
            KeyPackageInfo info =
                    shell.state.group().isPresent() ? group.inspect(keyPackage) : group.inspectRequest(keyPackage);
            if (opened.signedBy(info.signatureKey())) {
                groups.asked(from, info.participant());
                return new Message.Join(info, join.keyPackage());
            }
            return new Message.Bad(Alarm.SIGNATURE_INVALID, "a join request is not signed by its own KeyPackage");
        } catch (GroupException invalid) {
            return new Message.Bad(Alarm.JOIN_INVALID, invalid.getMessage());
        }
    }

    private Message.Attach attach(Opened opened, RoomMessage.Attach attach) throws RulesException {
        boolean proved = shell.state
                .group()
                .filter(group -> group.view().group().equals(attach.group()))
                .flatMap(group -> group.view().member(attach.leaf()))
                .filter(member -> opened.signedBy(member.signatureKey()))
                .isPresent();
        return new Message.Attach(
                attach.group(),
                attach.epoch(),
                attach.leaf(),
                attach.since(),
                proved,
                shell.hosting.verify(attach.told()));
    }

    private boolean byAuthor(ConnectionId from, Opened opened) {
        return RoomMachine.author(shell.state, from)
                .filter(member -> opened.signedBy(member.signatureKey()))
                .isPresent();
    }

    private Change change(LogEntry.Commit entry) {
        var context = new EnvelopeContext.Commit(
                shell.link.room(), shell.log.orElseThrow(), entry.from(), entry.group(), entry.epoch());
        Result result = open(context, entry.payload());
        if (result.opened().isEmpty()) return new Change.Bad(result.alarm(), result.problem());
        Opened opened = result.opened().get();
        return switch (opened.message()) {
            case RoomMessage.Found found -> found(entry, opened, found);
            case RoomMessage.Commit commit -> commit(entry, opened, commit);
            default -> new Change.Bad(Alarm.ENVELOPE_INVALID, "a message came a way that it may not go");
        };
    }

    private Change found(LogEntry.Commit entry, Opened opened, RoomMessage.Found found) {
        // A server can give this client a connection id of yesterday and replay what was founded under it.
        boolean own = shell.inFlight
                .filter(sent -> sent.payload().equals(entry.payload()))
                .isPresent();
        if (entry.from().equals(shell.me) && !own)
            return new Change.Bad(
                    Alarm.ENVELOPE_INVALID, "a group came back as this member's own that it did not found");
        try {
            KeyPackageInfo founder =
                    shell.ports.group().inspect(found.keyPackage().toArray());
            if (opened.signedBy(founder.signatureKey())) {
                groups.founded(entry, founder.participant());
                return new Change.Founded(founder, shell.hosting.verify(found.rules()));
            }
            return new Change.Bad(Alarm.SIGNATURE_INVALID, "a new group is not signed by its founder's KeyPackage");
        } catch (GroupException invalid) {
            return new Change.Bad(Alarm.JOIN_INVALID, invalid.getMessage());
        } catch (RulesException invalid) {
            return new Change.Bad(Alarm.RULES_INVALID, invalid.getMessage());
        }
    }

    private Change commit(LogEntry.Commit entry, Opened opened, RoomMessage.Commit commit) {
        List<Admitted> admitted = new ArrayList<>();
        for (RoomMessage.Joined join : commit.joins())
            admitted.add(new Admitted(join.connection(), join.sequence(), join.leaf()));
        List<ConnectionId> connections =
                admitted.stream().map(Admitted::connection).toList();
        Optional<Handed> handed = Optional.empty();
        try {
            if (commit.handed().isPresent())
                handed = Optional.of(new Handed(
                        shell.hosting.verify(commit.handed().get().told()),
                        commit.handed().get().passes(),
                        commit.handed().get().complete()));
        } catch (RulesException invalid) {
            return new Change.Bad(Alarm.RULES_INVALID, invalid.getMessage());
        }
        groups.named(entry, commit);
        Reading reading;
        switch (RoomMachine.reading(shell.state, entry.from(), entry.group(), entry.epoch(), connections)) {
            case OWN -> {
                Shell.Own own = shell.inFlight.orElseThrow();
                if (!own.payload().equals(entry.payload()))
                    return new Change.Bad(Alarm.ENVELOPE_INVALID, "the own commit came back changed");
                reading = new Reading.Own(own.next().view());
            }
            case STAGE -> {
                Optional<Reading> staged = stage(opened, commit);
                if (staged.isEmpty())
                    return new Change.Bad(Alarm.SIGNATURE_INVALID, "a commit's envelope is not its committer's");
                reading = staged.get();
            }
            case WELCOME -> reading = welcome(entry.from(), opened, commit);
            case NOTHING -> reading = new Reading.Foreign();
            default -> throw new IllegalStateException("every case is above");
        }
        return new Change.Commit(
                opened.seenSequence(), commit.since(), admitted, commit.seats(), commit.banned(), handed, reading);
    }

    /** Empty if the envelope was not signed by the member who made the commit. */
    private Optional<Reading> stage(Opened opened, RoomMessage.Commit commit) {
        try {
            Staged staged = shell.ports.group().stage(commit.commit().toArray());
            shell.offered = staged.next();
            Optional<Member> committer =
                    shell.state.group().orElseThrow().view().member(staged.committer());
            if (committer
                    .filter(member -> opened.signedBy(member.signatureKey()))
                    .isEmpty()) return Optional.empty();
            List<Map.Entry<Bytes, Integer>> added = new ArrayList<>();
            for (var add : staged.added()) added.add(Map.entry(add.reference(), add.leaf()));
            Optional<GroupView> next = staged.next().map(GroupPort.Prospect::view);
            return Optional.of(new Reading.Staged(staged.committer(), added, staged.removed(), next));
        } catch (GroupException invalid) {
            return Optional.of(new Reading.Unusable(invalid.getMessage()));
        }
    }

    private Reading welcome(ConnectionId from, Opened opened, RoomMessage.Commit commit) {
        if (shell.draft.isEmpty() || commit.welcome().isEmpty()) return new Reading.Unusable("there is no Welcome");
        try {
            GroupPort.Prospect prospect = shell.ports
                    .group()
                    .join(shell.draft.get(), commit.welcome().get().toArray());
            shell.offered = Optional.of(prospect);
            GroupView view = prospect.view();
            Optional<Member> ghost = groups.ghost(view);
            if (ghost.isPresent()) {
                String what = "a new group holds " + ghost.get().name() + ", who did not ask to join";
                shell.listener.alarm(Alarm.GHOST_ADDED, what);
                return new Reading.Unusable(what);
            }
            Optional<Member> seated = commit.seats().entrySet().stream()
                    .filter(seat -> seat.getValue().equals(from))
                    .findFirst()
                    .flatMap(seat -> view.member(seat.getKey()));
            if (seated.filter(member -> opened.signedBy(member.signatureKey())).isPresent())
                return new Reading.Welcomed(view);
            return new Reading.Unusable("the Welcome's envelope is not signed by the committer");
        } catch (GroupException invalid) {
            return new Reading.Unusable(invalid.getMessage());
        }
    }

    // Direct messages

    void sent(ServerFrame.Sent sent) {
        var context = new EnvelopeContext.Send(shell.link.room(), shell.log.orElseThrow(), sent.from(), shell.me);
        Result result = open(context, sent.payload());
        if (result.opened().isEmpty()) {
            shell.listener.alarm(result.alarm(), result.problem());
            return;
        }
        Opened opened = result.opened().get();
        if (opened.message() instanceof RoomMessage.Attach attach) {
            try {
                shell.handle(new RoomEvent.Sent(sent.from(), attach(opened, attach)));
            } catch (RulesException invalid) {
                shell.listener.alarm(Alarm.RULES_INVALID, invalid.getMessage());
            }
            return;
        }
        if (opened.message() instanceof RoomMessage.Wait wait) {
            try {
                shell.handle(new RoomEvent.ToldToWait(sent.from(), wait.host(), shell.hosting.verify(wait.rules())));
            } catch (RulesException invalid) {
                shell.listener.alarm(Alarm.RULES_INVALID, invalid.getMessage());
            }
            return;
        }
        if (byAuthor(sent.from(), opened)) {
            deliver(sent.from(), opened);
            return;
        }
        // The sender may be in a group or on a connection that this member gets to know in a moment.
        hold(sent.from(), opened);
    }

    /** Delivers what was held and can be attributed now. */
    void retryHeld() {
        for (Held message : List.copyOf(held)) {
            // What is delivered may lead to a step of the machine, which tries again.
            if (byAuthor(message.from(), message.opened()) && held.remove(message))
                deliver(message.from(), message.opened());
        }
    }

    private void hold(ConnectionId from, Opened opened) {
        held.add(new Held(from, opened));
        if (held.size() > HELD) held.poll();
    }

    /** On a new connection: what came before {@code sequence} is not seen. */
    void entered(long sequence) {
        groups = new Founded(sequence);
    }

    void forgetHeld() {
        held.clear();
    }

    private void deliver(ConnectionId from, Opened opened) {
        Member author = RoomMachine.author(shell.state, from).orElseThrow();
        if (author.participant().equals(shell.state.self())) return;
        switch (opened.message()) {
            case RoomMessage.Signal signal ->
                shell.listener.signal(author.participant(), signal.session(), signal.data());
            case RoomMessage.State state ->
                shell.listener.state(
                        author.participant(),
                        new Tracks(state.microphone(), state.camera(), state.screen(), state.screenAudio()));
            case RoomMessage.Tell tell -> {
                try {
                    shell.handle(new RoomEvent.PathHeard(shell.hosting.verify(tell.told())));
                } catch (RulesException invalid) {
                    shell.listener.alarm(Alarm.RULES_INVALID, invalid.getMessage());
                }
            }
            default -> throw new IllegalStateException("only signals, states and paths are delivered");
        }
    }
}
