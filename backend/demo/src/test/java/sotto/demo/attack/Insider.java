package sotto.demo.attack;

import java.security.SecureRandom;
import java.time.Clock;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.Optional;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.function.UnaryOperator;
import sotto.app.net.ServerConnector;
import sotto.keys.groups.Group;
import sotto.keys.groups.GroupException;
import sotto.keys.groups.LeafDraft;
import sotto.keys.groups.PendingCommit;
import sotto.keys.groups.StagedCommit;
import sotto.keys.groups.mls.Attacker;
import sotto.keys.groups.mls.MlsGroupEngine;
import sotto.keys.identity.Identity;
import sotto.keys.identity.ParticipantId;
import sotto.keys.journal.KeyJournal;
import sotto.rooms.LinkException;
import sotto.rooms.RoomLink;
import sotto.rooms.RoomPath;
import sotto.rooms.envelope.EnvelopeContext;
import sotto.rooms.envelope.EnvelopeException;
import sotto.rooms.envelope.LogChain;
import sotto.rooms.envelope.Opened;
import sotto.rooms.envelope.Opener;
import sotto.rooms.envelope.RawSealer;
import sotto.rooms.envelope.RoomMessage;
import sotto.rooms.group.Bytes;
import sotto.rooms.session.ServerPort;
import sotto.rooms.wire.ClientFrame;
import sotto.rooms.wire.ConnectionId;
import sotto.rooms.wire.GroupId;
import sotto.rooms.wire.LogEntry;
import sotto.rooms.wire.LogHead;
import sotto.rooms.wire.LogId;
import sotto.rooms.wire.Payload;
import sotto.rooms.wire.ServerFrame;
import sotto.rooms.wire.WireCodec;
import sotto.rooms.wire.WireException;
import sotto.rooms.wire.WireLimits;

/**
 * Somebody with the link, and after {@link #join} with a valid leaf, who says whatever the attack wants said. Follows the
 * group's commits as an honest member does, so that lies can be told from inside at any epoch. Speaks the wire itself.
 */
final class Insider implements ServerPort.Events, AutoCloseable {
    /** A request to join that stands in the log. */
    record Asked(ConnectionId from, long sequence, byte[] keyPackage) {}

    private final String name;
    private final RoomLink link;
    private final ServerConnector connector;
    private final MlsGroupEngine engine = new MlsGroupEngine(Clock.systemUTC(), new KeyJournal(Clock.systemUTC(), 16));
    final Identity identity = Identity.generate(new KeyJournal(Clock.systemUTC(), 16));
    /** What it tells of path and rules: what the link says. */
    static final RoomMessage.Told TOLD = new RoomMessage.Told(RoomPath.DIRECT, 0, List.of());

    private final ParticipantId participant = ParticipantId.random(new SecureRandom());
    private final byte[] salt = Attacker.random(16);
    private final RawSealer sealer;
    private long counter;

    private ServerPort.Connection connection;
    private LogId log;
    private LogChain chain;
    private Opener opener;
    private LeafDraft draft;
    private Group group;
    private long since;
    private PendingCommit pending;
    private boolean exposed;
    private boolean asks;
    private String failure = "";

    ConnectionId me;
    final List<LogEntry> entries = new ArrayList<>();
    private final List<ServerFrame> answers = new ArrayList<>();
    private final List<Asked> requests = new ArrayList<>();
    private final Map<Integer, ConnectionId> seats = new TreeMap<>();
    private final Map<LogEntry, RoomMessage> read = new HashMap<>();

    Insider(String name, String link, ServerConnector connector) {
        this.name = name;
        this.connector = connector;
        try {
            this.link = RoomLink.parse(link);
        } catch (LinkException never) {
            throw new IllegalArgumentException(never);
        }
        sealer = new RawSealer(this.link.secret(), salt);
    }

    String name() {
        return name;
    }

    synchronized String failure() {
        return failure;
    }

    Bytes identityKey() {
        return Bytes.of(identity.publicKey().bytes());
    }

    /** Whether it is in a group, as far as it knows. */
    synchronized boolean member() {
        return (group != null && !group.closed() || asks) && !exposed;
    }

    /** It asked to be let in, and may be. */
    synchronized void asksFor() {
        asks = true;
    }

    /** It has been found out: from now on nobody is to have it in the roster. */
    synchronized void exposed() {
        exposed = true;
    }

    MlsGroupEngine engine() {
        return engine;
    }

    Group group() {
        return group;
    }

    byte[] room() {
        return link.room().bytes();
    }

    // Coming in

    void enter() throws InterruptedException {
        connection = connector.connect(link.server(), this);
        raw(new ClientFrame.Enter(WireLimits.VERSION, link.room()));
        await(
                "its own arrival",
                () -> entries.stream().anyMatch(one -> one.from().equals(me)));
    }

    LeafDraft newDraft() throws GroupException {
        return engine.draft(identity, room(), participant, name);
    }

    void join() throws Exception {
        synchronized (this) {
            draft = newDraft();
            post(new RoomMessage.Join(Bytes.of(draft.keyPackage())), draft::sign);
        }
        await("admission", () -> group != null);
    }

    /** Founds a group of its own; it is in force when the server has accepted it. */
    synchronized GroupId found() throws Exception {
        LeafDraft mine = newDraft();
        GroupId id = GroupId.of(Attacker.random(GroupId.BYTES));
        commitFrame(id, 0, chain.head(), new RoomMessage.Found(Bytes.of(mine.keyPackage()), List.of()), mine::sign);
        if (group != null) group.close();
        group = engine.found(mine, new sotto.keys.groups.GroupId(id.bytes()));
        seats.clear();
        seats.put(0, me);
        long head = chain.head().sequence();
        await(
                "its group",
                () -> entries.stream()
                        .anyMatch(one -> one instanceof LogEntry.Commit commit
                                && commit.sequence() > head
                                && commit.group().equals(id)));
        since = entries.stream()
                .filter(one ->
                        one instanceof LogEntry.Commit commit && commit.group().equals(id))
                .findFirst()
                .orElseThrow()
                .sequence();
        return id;
    }

    // Hearing

    synchronized void await(String what, BooleanSupplier so) throws InterruptedException {
        long end = System.nanoTime() + Scene.PATIENCE.toNanos();
        while (!so.getAsBoolean()) {
            long left = end - System.nanoTime();
            if (left <= 0) throw new AssertionError(name + " waited in vain for " + what + "; " + failure);
            TimeUnit.NANOSECONDS.timedWait(this, left);
        }
    }

    /** Waits until somebody of this name has asked to join. */
    synchronized Asked asked(String who) throws InterruptedException {
        await(
                who + " asking",
                () -> requests.stream().anyMatch(one -> nameIn(one).equals(who)));
        return requests.reversed().stream()
                .filter(one -> nameIn(one).equals(who))
                .findFirst()
                .orElseThrow();
    }

    private String nameIn(Asked asked) {
        try {
            return engine.inspect(asked.keyPackage(), room()).name();
        } catch (GroupException invalid) {
            return "";
        }
    }

    /** Waits for an answer of the server to it alone. */
    <T extends ServerFrame> T answer(Class<T> type) throws InterruptedException {
        await("a " + type.getSimpleName(), () -> answers.stream().anyMatch(type::isInstance));
        synchronized (this) {
            T found = answers.stream()
                    .filter(type::isInstance)
                    .map(type::cast)
                    .findFirst()
                    .orElseThrow();
            answers.remove(found);
            return found;
        }
    }

    /** Whether it has read a message of this kind. */
    synchronized boolean heard(Class<? extends RoomMessage> type) {
        return read.values().stream().anyMatch(type::isInstance);
    }

    /** What the latest message of this kind says. */
    synchronized <T extends RoomMessage> T lastSaid(Class<T> type) {
        return type.cast(read.get(last(type)));
    }

    /** The latest entry of this kind of message. */
    synchronized LogEntry last(Class<? extends RoomMessage> type) {
        return entries.reversed().stream()
                .filter(one -> type.isInstance(read.get(one)))
                .findFirst()
                .orElseThrow(() -> new NoSuchElementException("no " + type.getSimpleName()));
    }

    synchronized sotto.keys.groups.Member memberNamed(String who) {
        return group.roster().stream()
                .filter(one -> one.name().equals(who))
                .findFirst()
                .orElseThrow();
    }

    int leaf(String who) {
        return memberNamed(who).leaf();
    }

    synchronized ConnectionId connection(String who) {
        return seats.get(leaf(who));
    }

    /** Waits until this commit of its own stands in the log: nobody else's of that epoch can come before it any more. */
    void awaitCommit(Evil evil) throws InterruptedException {
        await(
                "its commit",
                () -> entries.stream()
                        .anyMatch(one -> one instanceof LogEntry.Commit commit
                                && commit.from().equals(me)
                                && commit.epoch() == evil.epoch));
    }

    /** How many of its messages stand in the log. */
    synchronized int said() {
        return (int) entries.stream()
                .filter(one -> one instanceof LogEntry.Message && one.from().equals(me))
                .count();
    }

    synchronized long since() {
        return since;
    }

    synchronized LogHead head() {
        return chain.head();
    }

    // Speaking

    byte[] sign(byte[] content) {
        return group.sign(content);
    }

    EnvelopeContext.Message onLog(ConnectionId from) {
        return new EnvelopeContext.Message(link.room(), log, from);
    }

    EnvelopeContext.Send toOne(ConnectionId from, ConnectionId to) {
        return new EnvelopeContext.Send(link.room(), log, from, to);
    }

    /** Seals anything, as the next envelope of its own connection. */
    synchronized Payload seal(EnvelopeContext context, LogHead seen, byte[] json, UnaryOperator<byte[]> signer) {
        return sealer.seal(context, counter++, seen, json, signer);
    }

    /** Seals anything with a salt of its own: as another client on that connection. */
    synchronized Payload sealAs(EnvelopeContext context, RoomMessage message, UnaryOperator<byte[]> signer) {
        return new RawSealer(link.secret(), Attacker.random(16))
                .seal(context, 0, chain.head(), RawSealer.encode(message), signer);
    }

    void raw(ClientFrame frame) {
        connection.send(WireCodec.encode(frame));
    }

    void post(RoomMessage message) {
        post(message, this::sign);
    }

    synchronized void post(RoomMessage message, UnaryOperator<byte[]> signer) {
        postJson(RawSealer.encode(message), signer);
    }

    synchronized void postJson(byte[] json, UnaryOperator<byte[]> signer) {
        raw(new ClientFrame.Post(seal(onLog(me), chain.head(), json, signer)));
    }

    void send(ConnectionId to, RoomMessage message) {
        send(to, message, this::sign);
    }

    synchronized void send(ConnectionId to, RoomMessage message, UnaryOperator<byte[]> signer) {
        raw(new ClientFrame.Send(to, seal(toOne(me, to), chain.head(), RawSealer.encode(message), signer)));
    }

    synchronized void commitFrame(
            GroupId id, long epoch, LogHead seen, RoomMessage message, UnaryOperator<byte[]> signer) {
        commitJson(id, epoch, seen, RawSealer.encode(message), signer);
    }

    synchronized void commitJson(GroupId id, long epoch, LogHead seen, byte[] json, UnaryOperator<byte[]> signer) {
        var context = new EnvelopeContext.Commit(link.room(), log, me, id, epoch);
        raw(new ClientFrame.Commit(id, epoch, seal(context, seen, json, signer)));
    }

    /** A commit that is as it should be until something in it is changed. */
    final class Evil {
        GroupId id = GroupId.of(group.id().bytes());
        long epoch = group.epoch() + 1;
        byte[] commit = new byte[0];
        Optional<byte[]> welcome = Optional.empty();
        long age = since;
        List<RoomMessage.Joined> joins = new ArrayList<>();
        SortedMap<Integer, ConnectionId> seating = new TreeMap<>();
        SortedSet<Bytes> banned = new TreeSet<>();
        LogHead seen = chain.head();
        UnaryOperator<byte[]> signer = Insider.this::sign;

        /** By the honest engine: these added, those removed. */
        Evil honest(List<Asked> adds, List<Integer> removes) throws GroupException {
            // The group is the connection's thread's as well.
            synchronized (Insider.this) {
                PendingCommit made =
                        group.commit(adds.stream().map(Asked::keyPackage).toList(), removes);
                StagedCommit staged = group.stage(made.commit());
                try {
                    commit = made.commit();
                    if (!adds.isEmpty()) adding(adds, removes, made, staged);
                } finally {
                    group.discard(staged);
                }
            }
            return this;
        }

        private void adding(List<Asked> adds, List<Integer> removes, PendingCommit made, StagedCommit staged) {
            welcome = made.welcome();
            seating.putAll(seats);
            removes.forEach(seating::remove);
            for (int i = 0; i < adds.size(); i++)
                joins.add(new RoomMessage.Joined(
                        adds.get(i).from(),
                        adds.get(i).sequence(),
                        staged.added().get(i).member().leaf()));
        }

        /** By the library without our checks. */
        Evil made(Attacker.Made made) {
            commit = made.commit();
            return this;
        }

        void send() {
            Optional<RoomMessage.Handed> handed = joins.isEmpty()
                    ? Optional.empty()
                    : Optional.of(new RoomMessage.Handed(TOLD, new TreeSet<>(), true));
            commitFrame(
                    id,
                    epoch,
                    seen,
                    new RoomMessage.Commit(
                            Bytes.of(commit), welcome.map(Bytes::of), age, joins, seating, banned, handed),
                    signer);
        }

        /** Sends it and takes it for the group's next epoch if the server does. */
        void sendAndFollow() {
            synchronized (Insider.this) {
                pending = new PendingCommit(commit, welcome.orElse(null));
                send();
            }
        }
    }

    synchronized Evil evil() {
        return new Evil();
    }

    // The connection

    @Override
    public void opened() {}

    @Override
    public synchronized void frame(String text) {
        try {
            ServerFrame frame = WireCodec.decodeServer(text);
            switch (frame) {
                case ServerFrame.Entered entered -> {
                    me = entered.connection();
                    log = entered.log();
                    chain = new LogChain(entered.head());
                    opener = new Opener(link.secret(), link.room(), log);
                }
                case ServerFrame.Entry entry -> {
                    chain.append(entry.entry());
                    entries.add(entry.entry());
                    entry(entry.entry());
                }
                default -> answers.add(frame);
            }
        } catch (WireException | RuntimeException unexpected) {
            failure = unexpected.toString();
        }
        notifyAll();
    }

    private void entry(LogEntry entry) {
        switch (entry) {
            case LogEntry.Arrived arrived -> {}
            case LogEntry.Gone gone -> seats.values().remove(gone.from());
            case LogEntry.Message message -> {
                RoomMessage said = open(onLog(message.from()), entry, message.payload());
                if (said instanceof RoomMessage.Join join)
                    requests.add(new Asked(
                            message.from(),
                            message.sequence(),
                            join.keyPackage().toArray()));
                else if (said instanceof RoomMessage.Attach attach && group != null)
                    seats.put(attach.leaf(), message.from());
            }
            case LogEntry.Commit commit -> {
                var context =
                        new EnvelopeContext.Commit(link.room(), log, commit.from(), commit.group(), commit.epoch());
                if (open(context, entry, commit.payload()) instanceof RoomMessage.Commit said) follow(commit, said);
            }
        }
    }

    private RoomMessage open(EnvelopeContext context, LogEntry entry, Payload payload) {
        try {
            Opened opened = opener.open(context, payload);
            read.put(entry, opened.message());
            return opened.message();
        } catch (EnvelopeException notForUs) {
            return null;
        }
    }

    private void follow(LogEntry.Commit entry, RoomMessage.Commit said) {
        try {
            boolean admitted =
                    said.joins().stream().anyMatch(one -> one.connection().equals(me));
            if (draft != null && admitted && said.welcome().isPresent()) {
                group = engine.join(draft, said.welcome().get().toArray());
                draft = null;
                since = said.since();
                seats.clear();
                seats.putAll(said.seats());
                seat(said);
                return;
            }
            boolean next = group != null
                    && !group.closed()
                    && Bytes.of(group.id().bytes())
                            .equals(Bytes.of(entry.group().bytes()))
                    && entry.epoch() == group.epoch() + 1;
            if (!next || entry.from().equals(me) && pending == null) return;
            pending = null;
            StagedCommit staged = group.stage(said.commit().toArray());
            seats.put(staged.committer(), entry.from());
            staged.removed().forEach(seats::remove);
            group.adopt(staged);
            seat(said);
        } catch (GroupException notForUs) {
            // It is not in this group any more.
        }
    }

    private void seat(RoomMessage.Commit said) {
        for (RoomMessage.Joined join : said.joins()) seats.put(join.leaf(), join.connection());
    }

    @Override
    public void closed(String detail) {}

    @Override
    public void close() {
        if (connection != null) connector.cut(connection);
        link.close();
    }
}
