package sotto.rooms.session;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.EnumMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import sotto.rooms.RoomLink;
import sotto.rooms.envelope.EnvelopeContext;
import sotto.rooms.envelope.LogChain;
import sotto.rooms.envelope.Opener;
import sotto.rooms.envelope.RoomMessage;
import sotto.rooms.envelope.Sealer;
import sotto.rooms.group.ParticipantId;
import sotto.rooms.machine.Alarm;
import sotto.rooms.machine.End;
import sotto.rooms.machine.RoomEvent;
import sotto.rooms.machine.RoomMachine;
import sotto.rooms.machine.RoomState;
import sotto.rooms.machine.RoomTimer;
import sotto.rooms.session.GroupPort.Draft;
import sotto.rooms.session.GroupPort.GroupException;
import sotto.rooms.session.GroupPort.Prospect;
import sotto.rooms.wire.ClientFrame;
import sotto.rooms.wire.ConnectionId;
import sotto.rooms.wire.LogEntry;
import sotto.rooms.wire.LogHead;
import sotto.rooms.wire.LogId;
import sotto.rooms.wire.ServerFrame;
import sotto.rooms.wire.WireCodec;
import sotto.rooms.wire.WireException;
import sotto.rooms.wire.WireLimits;

/**
 * Turns what happens into the machine's events and carries out its effects. Lives on the session's executor; holds what
 * the machine must not: keys, bytes, connections, timers.
 */
final class Shell {
    /** Logs of one room in one stay: each is a restart of the server. */
    private static final int LOGS = 100_000;

    /** Own signals kept for participants who are not connected. */
    private static final int OUTBOX = 512;

    final RoomLink link;
    final RoomPorts ports;
    final RoomListener listener;
    RoomState state;
    Tracks tracks = Tracks.NONE;
    /** Whether there were ever tracks to tell of. Until then nobody is told: none is what others assume. */
    boolean sentSomething;

    boolean over;

    // the connection
    private ServerPort.Connection connection;
    private long connections;
    Optional<LogId> log = Optional.empty();
    private final Set<LogId> logs = new HashSet<>();
    ConnectionId me;
    LogChain chain;
    /** What was seen last of this log on the connection before, if there was one. */
    private Optional<LogHead> seenBefore = Optional.empty();

    Opener opener;
    Sealer sealer;

    // MLS
    Optional<Draft> draft = Optional.empty();
    Optional<Own> inFlight = Optional.empty();
    Optional<Prospect> offered = Optional.empty();

    final RelayDesk relay = new RelayDesk(this);
    private final Effects effects = new Effects(this);
    private final Reader reader = new Reader(this);
    final Hosting hosting = new Hosting(this);
    private final Map<RoomTimer, Timers.Timer> timers = new EnumMap<>(RoomTimer.class);
    private final Deque<RoomEvent> events = new ArrayDeque<>();
    private final Deque<Outgoing> outbox = new ArrayDeque<>();

    /** An own group or commit that the server has not answered. */
    record Own(Prospect next, sotto.rooms.wire.Payload payload, Optional<Draft> draft) {}

    private record Outgoing(ParticipantId to, RoomMessage.Signal signal) {}

    Shell(RoomLink link, RoomPorts ports, RoomListener listener) {
        this.link = link;
        this.ports = ports;
        this.listener = listener;
    }

    /** Begins to connect before the leaf is drafted: neither needs the other, and both take a while. */
    void enter() {
        if (state != null || over) return;
        connect();
        try {
            Draft first = ports.group().draft();
            draft = Optional.of(first);
            state = RoomState.start(first.info().participant(), first.info().identity(), link.path());
        } catch (GroupException failed) {
            disconnect();
            over = true;
            listener.ended(End.GROUP_FAILED, failed.getMessage());
            return;
        }
        handle(new RoomEvent.Enter());
    }

    /** Gives an event to the machine and runs what follows from it. */
    void handle(RoomEvent event) {
        if (over) return;
        if (state == null) {
            if (event instanceof RoomEvent.Leave) {
                disconnect();
                over = true;
                listener.ended(End.LEFT, "left before entering");
            }
            return;
        }
        events.add(event);
        if (events.size() > 1) return; // the loop below, further up the stack, takes it
        try {
            while (!events.isEmpty() && !over) {
                RoomMachine.Next next = RoomMachine.step(state, events.peek());
                state = next.state();
                for (var effect : next.effects()) effects.run(effect);
                events.poll();
                discardOffered();
            }
        } catch (RuntimeException failed) {
            // A port broke its contract. Going on in an unknown state would be unsafe.
            finish();
            listener.ended(End.GROUP_FAILED, failed.toString());
            throw failed;
        }
        if (over) return;
        reader.retryHeld();
        flushOutbox();
    }

    /** What an entry offered and the machine did not take. */
    private void discardOffered() {
        offered.ifPresent(ports.group()::discard);
        offered = Optional.empty();
    }

    void setState(Tracks now) {
        if (tracks.equals(now)) return;
        tracks = now;
        sentSomething = true;
        handle(new RoomEvent.TracksChanged());
    }

    void signal(ParticipantId to, RoomMessage.Signal signal) {
        if (over || state == null) return;
        outbox.add(new Outgoing(to, signal));
        if (outbox.size() > OUTBOX) outbox.poll();
        flushOutbox();
    }

    /** Sends the signals whose addressee can be reached now, each participant's in order. */
    private void flushOutbox() {
        if (outbox.isEmpty() || sealer == null) return;
        outbox.removeIf(out -> {
            Optional<ConnectionId> to = RoomMachine.route(state, out.to());
            to.ifPresent(receiver -> send(receiver, out.signal()));
            return to.isPresent();
        });
    }

    void send(ConnectionId to, RoomMessage message) {
        var context = new EnvelopeContext.Send(link.room(), log.orElseThrow(), me, to);
        var payload = sealer.seal(context, chain.head(), message, ports.group()::sign);
        transmit(new ClientFrame.Send(to, payload));
    }

    void post(RoomMessage message, java.util.function.UnaryOperator<byte[]> signer) {
        post(message, chain.head(), signer);
    }

    /**
     * Posts that this member is back. Says what it saw of the log before it lost its connection, not what the server
     * now says the log is: where that was another, the others are told by this message, before any of them takes this
     * member for one who shares their keys.
     */
    void postAttach(RoomMessage.Attach attach) {
        post(attach, seenBefore.orElseGet(chain::head), ports.group()::sign);
    }

    private void post(RoomMessage message, LogHead seen, java.util.function.UnaryOperator<byte[]> signer) {
        var context = new EnvelopeContext.Message(link.room(), log.orElseThrow(), me);
        transmit(new ClientFrame.Post(sealer.seal(context, seen, message, signer)));
    }

    void transmit(ClientFrame frame) {
        if (connection != null) connection.send(WireCodec.encode(frame));
    }

    // The connection

    /** Connects, unless that was begun already. */
    void connect() {
        if (connection != null) return;
        long number = ++connections;
        connection = ports.server().connect(link.server(), new ServerPort.Events() {
            @Override
            public void opened() {
                onExecutor(number, () -> transmit(new ClientFrame.Enter(WireLimits.VERSION, link.room())));
            }

            @Override
            public void frame(String text) {
                onExecutor(number, () -> received(text));
            }

            @Override
            public void closed(String detail) {
                onExecutor(number, Shell.this::disconnected);
            }
        });
    }

    private void onExecutor(long number, Runnable task) {
        ports.executor().execute(() -> {
            if (!over && number == connections) task.run();
        });
    }

    void disconnect() {
        if (connection != null) connection.close();
    }

    private void disconnected() {
        connection = null;
        sealer = null;
        connections++; // nothing more from this one
        reader.forgetHeld();
        relay.disconnected();
        handle(new RoomEvent.Disconnected());
    }

    private void received(String text) {
        ServerFrame frame;
        try {
            frame = WireCodec.decodeServer(text);
        } catch (WireException malformed) {
            boolean version = malformed.reason() == WireException.Reason.VERSION;
            handle(new RoomEvent.Refused(version ? End.SERVER_VERSION : End.SERVER_MALFORMED));
            return;
        }
        switch (frame) {
            case ServerFrame.Entered entered -> entered(entered);
            case ServerFrame.Entry entry -> {
                if (sealer != null) entry(entry.entry());
            }
            case ServerFrame.Sent sent -> {
                if (sealer != null) reader.sent(sent);
            }
            case ServerFrame.Lost lost -> handle(new RoomEvent.Lost(lost.group(), lost.epoch()));
            case ServerFrame.Ticket ticket -> relay.ticket(ticket.ticket());
            case ServerFrame.Ice ice -> relay.ice(ice);
            case ServerFrame.Refused refused -> refused(refused);
        }
    }

    private void entered(ServerFrame.Entered entered) {
        if (sealer != null || entered.version() != WireLimits.VERSION) {
            handle(new RoomEvent.Refused(sealer != null ? End.SERVER_MALFORMED : End.SERVER_VERSION));
            return;
        }
        me = entered.connection();
        seenBefore = Optional.empty();
        if (log.filter(entered.log()::equals).isPresent()) {
            seenBefore = Optional.of(chain.head());
            chain.enter(entered.head());
        } else {
            // Its messages were opened once; with nothing left to tell them from new ones, they could be replayed.
            if (!logs.add(entered.log()) || logs.size() > LOGS) {
                listener.alarm(Alarm.LOG_BROKEN, "the server went back to an earlier log of this room");
                handle(new RoomEvent.Refused(End.SERVER_MALFORMED));
                return;
            }
            log = Optional.of(entered.log());
            chain = new LogChain(entered.head());
            opener = new Opener(link.secret(), link.room(), entered.log(), ports.group()::signed);
        }
        byte[] salt = new byte[Sealer.SALT_BYTES];
        ports.random().fill(salt);
        sealer = new Sealer(link.secret(), link.room(), entered.log(), me, salt);
        relay.entered(entered);
        reader.entered(entered.head().sequence());
        handle(new RoomEvent.Entered(me, entered.log(), entered.head().sequence(), entered.present()));
    }

    private void entry(LogEntry entry) {
        // Out of order: the machine refuses it by its sequence, so nothing of its content is looked at.
        if (entry.sequence() != chain.head().sequence() + 1) {
            handle(new RoomEvent.Arrived(entry.sequence(), entry.from()));
            return;
        }
        RoomEvent event = reader.entry(entry);
        chain.append(entry);
        handle(event);
    }

    private void refused(ServerFrame.Refused refused) {
        if (relay.refused(refused) || !refused.fatal()) return; // what matters is noticed by its missing answer
        Optional<End> end = switch (refused.code()) {
            case VERSION -> Optional.of(End.SERVER_VERSION);
            case MALFORMED, SIZE -> Optional.of(End.SERVER_MALFORMED);
            // Once inside, a full room may be full of this client's own dead connection: tries again.
            case ROOM_FULL -> state.everInside() ? Optional.empty() : Optional.of(End.ROOM_FULL);
            case SERVER_FULL, ADDRESS_FULL, GROUPS_FULL ->
                state.everInside() ? Optional.empty() : Optional.of(End.SERVER_FULL);
            case RATE, TO_UNKNOWN, TIMEOUT, STOPPING, RELAY_NONE, RELAY_PASS -> Optional.empty();
        };
        end.ifPresent(reason -> handle(new RoomEvent.Refused(reason)));
    }

    // Timers

    void setTimer(RoomTimer timer, int millis) {
        cancelTimer(timer);
        timers.put(timer, ports.timers().schedule(millis, new TimerTask(timer)));
    }

    void cancelTimer(RoomTimer timer) {
        Timers.Timer set = timers.remove(timer);
        if (set != null) set.cancel();
        generations.merge(timer, 1L, Long::sum);
    }

    private final Map<RoomTimer, Long> generations = new EnumMap<>(RoomTimer.class);

    /** A timer that ran out counts only if it was neither cancelled nor set anew before its turn came. */
    private final class TimerTask implements Runnable {
        private final RoomTimer timer;
        private final long generation;

        TimerTask(RoomTimer timer) {
            this.timer = timer;
            generation = generations.getOrDefault(timer, 0L);
        }

        @Override
        public void run() {
            ports.executor().execute(() -> {
                if (over || generations.getOrDefault(timer, 0L) != generation) return;
                timers.remove(timer);
                handle(new RoomEvent.Fired(timer));
            });
        }
    }

    /** Drops everything that the session holds. */
    void finish() {
        over = true;
        for (RoomTimer timer : RoomTimer.values()) cancelTimer(timer);
        discardOffered();
        inFlight.ifPresent(own -> {
            ports.group().discard(own.next());
            own.draft().ifPresent(Draft::close);
        });
        inFlight = Optional.empty();
        draft.ifPresent(Draft::close);
        draft = Optional.empty();
        outbox.clear();
        reader.forgetHeld();
        disconnect();
    }
}
