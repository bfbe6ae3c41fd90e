package sotto.app.call;

import java.net.InetAddress;
import java.net.URI;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import sotto.app.net.ServerConnector;
import sotto.app.relay.RelayTunnels;
import sotto.bridge.local.PageLink;
import sotto.bridge.local.WorkerLink;
import sotto.bridge.messages.BackendToPage;
import sotto.bridge.messages.BackendToPage.CallState;
import sotto.bridge.messages.PageToBackend;
import sotto.bridge.messages.Problem;
import sotto.bridge.messages.WorkerToBackend;
import sotto.bridge.seal.WorkerCommand;
import sotto.bridge.seal.WorkerCommands;
import sotto.keys.frames.SendKeyLedger;
import sotto.keys.groups.mls.MlsGroupEngine;
import sotto.keys.identity.Identity;
import sotto.keys.journal.KeyJournal;
import sotto.keys.store.FileProfileStore;

/**
 * A person with a real call engine, real MLS and a real connection to a real server. In the place of page and worker
 * stands this class: it says what they would say and keeps what they are told.
 */
final class TestPerson implements AutoCloseable {
    /** Names that this person's computer knows, instead of asking a name server. */
    private static final Map<String, String> NAMES = Map.of("turn.example", "192.0.2.7");

    final String name;
    final KeyJournal journal = new KeyJournal(Clock.systemUTC(), 10_000);
    final CallThread thread = new CallThread();
    final CallDesk desk;
    /** Down when the desk has begun a dry run, which is none here. */
    final CountDownLatch dryRun = new CountDownLatch(1);

    private final RelayTunnels tunnels;
    final Page page = new Page();
    Worker worker;

    private final Identity identity = Identity.generate(journal);
    private final ServerConnector connector = new ServerConnector();
    private final FileProfileStore store;

    TestPerson(String name, URI server, Path folder) throws Exception {
        this(name, server, folder, Clock.systemUTC(), Duration.ofHours(1));
    }

    /**
     * @param clock dates and judges leaves
     * @param leafWatched how often the own leaf is looked at
     */
    TestPerson(String name, URI server, Path folder, Clock clock, Duration leafWatched) throws Exception {
        this.name = name;
        store = FileProfileStore.open(folder);
        SecureRandom random = new SecureRandom();
        CallTools tools = new CallTools(
                identity,
                new MlsGroupEngine(clock, journal),
                new SendKeyLedger(),
                journal,
                connector,
                random,
                new LeafWatch(clock, Duration.ofHours(36), leafWatched, random),
                new NameLookup(host -> InetAddress.getAllByName(NAMES.getOrDefault(host, host))),
                dryRun::countDown);
        tunnels = new RelayTunnels(random, clock);
        desk = new CallDesk(
                thread,
                tools,
                new CallDesk.About("test", false, server, identity.publicKey().fingerprint(), Optional.empty()),
                store,
                List::of,
                tunnels);
        desk.connected(page);
        say(new PageToBackend.Hello(1));
        newWorker();
    }

    void say(PageToBackend message) {
        desk.message(page, message);
    }

    /** A worker comes; the one before, if any, goes. */
    Worker newWorker() {
        if (worker != null) desk.closed(worker);
        worker = new Worker();
        desk.connected(worker);
        return worker;
    }

    /** Waits until the call thread has done what it had to do, and what followed from that. */
    void settle() throws Exception {
        for (int i = 0; i < 5; i++) CompletableFuture.runAsync(() -> {}, thread).get(20, TimeUnit.SECONDS);
    }

    String newRoom() throws InterruptedException {
        say(new PageToBackend.NewRoom(BackendToPage.Path.DIRECT));
        return page.await(BackendToPage.RoomCreated.class, any -> true).link();
    }

    void join(String link) {
        say(new PageToBackend.Join(link, name));
    }

    /** Waits for a state of the call that fits. */
    CallState state(Predicate<CallState> fits) throws InterruptedException {
        return page.await(CallState.class, fits);
    }

    /** Waits until exactly these are in the call, and what people compare has been made. */
    CallState with(String... names) throws InterruptedException {
        List<String> sorted = List.of(names).stream().sorted().toList();
        return state(state -> state.participants().stream()
                        .map(BackendToPage.Participant::name)
                        .sorted()
                        .toList()
                        .equals(sorted)
                && state.participants().stream()
                        .noneMatch(one -> one.fingerprint().isEmpty())
                && (names.length < 2 || state.safetyNumber() != null));
    }

    @Override
    public void close() {
        desk.close();
        tunnels.close();
        thread.close();
        connector.close();
        identity.close();
        store.close();
    }

    /** Keeps what the page is told. */
    static final class Page implements PageLink {
        private static final long PATIENCE_SECONDS = 20;
        private final BlockingQueue<BackendToPage> told = new LinkedBlockingQueue<>();
        final List<BackendToPage> all = new ArrayList<>();

        @Override
        public void send(BackendToPage message) {
            synchronized (all) {
                all.add(message);
            }
            told.add(message);
        }

        <T extends BackendToPage> T await(Class<T> type, Predicate<T> fits) throws InterruptedException {
            while (true) {
                BackendToPage next = told.poll(PATIENCE_SECONDS, TimeUnit.SECONDS);
                if (next == null) throw new AssertionError("no " + type.getSimpleName() + " that fits; told: " + all);
                if (type.isInstance(next) && fits.test(type.cast(next))) return type.cast(next);
            }
        }

        @Override
        public void close(Problem problem) {}

        @Override
        public String userAgent() {
            return "test";
        }
    }

    /** One installed key, as bytes in hexadecimal. */
    record Key(long keyId, long kid, String participant, long epoch, String bytes) {}

    /** Keeps the keys that the worker is given, and answers as the worker would. */
    final class Worker implements WorkerLink {
        private final Map<Long, Key> sending = new HashMap<>();
        private final Map<Long, Key> receiving = new HashMap<>();
        private final List<Key> everSent = new ArrayList<>();
        private boolean forgotAll;

        @Override
        public synchronized CompletableFuture<Void> send(WorkerCommands commands) {
            byte[] encoded = commands.encode();
            int at = 2;
            for (WorkerCommand command : commands.commands()) {
                switch (command) {
                    case WorkerCommand.InstallSend send -> {
                        Key key = key(send.key(), encoded, at);
                        sending.values().removeIf(old -> (old.kid() & 0xC0) == (key.kid() & 0xC0));
                        sending.put(key.keyId(), key);
                        everSent.add(key);
                        desk.message(this, new WorkerToBackend.Switched(key.keyId()));
                        at += 1 + 81 + 2;
                    }
                    case WorkerCommand.InstallReceive receive -> {
                        Key key = key(receive.key(), encoded, at);
                        receiving.put(key.keyId(), key);
                        at += 1 + 81;
                    }
                    case WorkerCommand.Forget forget -> {
                        receiving.remove(forget.keyId());
                        at += 5;
                    }
                    case WorkerCommand.ForgetAll all -> {
                        forgotAll = true;
                        receiving.clear();
                        sending.clear();
                        at += 1;
                    }
                }
            }
            notifyAll();
            return CompletableFuture.completedFuture(null);
        }

        private static Key key(sotto.bridge.seal.FrameKey key, byte[] encoded, int at) {
            // docs/protocol.md §9: type, key id, KID, track, epoch, participant, then key and salt.
            int from = at + 1 + 4 + 8 + 1 + 8 + 16;
            return new Key(
                    key.keyId(),
                    key.kid(),
                    key.participant(),
                    key.epoch(),
                    HexFormat.of().formatHex(encoded, from, from + 44));
        }

        synchronized List<Key> sending() {
            return List.copyOf(sending.values());
        }

        synchronized List<Key> receiving() {
            return List.copyOf(receiving.values());
        }

        synchronized List<Key> everSent() {
            return List.copyOf(everSent);
        }

        /** Waits until send keys of this epoch are installed. */
        synchronized List<Key> sendingIn(long epoch) throws InterruptedException {
            long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
            while (sending.values().stream().noneMatch(key -> key.epoch() == epoch)) {
                long left = TimeUnit.NANOSECONDS.toMillis(end - System.nanoTime());
                if (left <= 0) throw new AssertionError("no send key of epoch " + epoch + ", but " + sending);
                wait(left);
            }
            return List.copyOf(sending.values());
        }

        synchronized boolean forgotAll() {
            return forgotAll;
        }

        @Override
        public void close() {}
    }
}
