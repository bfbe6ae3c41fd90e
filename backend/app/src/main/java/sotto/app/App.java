package sotto.app;

import java.io.IOException;
import java.net.URI;
import java.security.SecureRandom;
import java.time.Clock;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Optional;
import sotto.app.call.CallDesk;
import sotto.app.call.CallThread;
import sotto.app.call.CallTools;
import sotto.app.call.DryRun;
import sotto.app.call.LeafWatch;
import sotto.app.call.NameLookup;
import sotto.app.net.ServerConnector;
import sotto.app.relay.RelayTunnels;
import sotto.bridge.local.BridgeSettings;
import sotto.bridge.local.LocalBridge;
import sotto.keys.frames.SendKeyLedger;
import sotto.keys.groups.mls.MlsGroupEngine;
import sotto.keys.identity.Identities;
import sotto.keys.identity.Identity;
import sotto.keys.journal.KeyJournal;
import sotto.keys.store.FileProfileStore;
import sotto.keys.store.ProfileStore;

/**
 * The running app without its window: profile, identity, call engine, local bridge, and a coordination server of its
 * own if none is named. Several with different profiles can run in one process.
 */
public final class App implements RunningApp {
    /** Shown to people and to support. */
    public static final String VERSION = "0.1.0";

    /** Journal entries kept: some hours of calls. */
    private static final int JOURNAL_ENTRIES = 20_000;

    private final Deque<Runnable> closing = new ArrayDeque<>();
    private final LocalBridge bridge;
    private final KeyJournal journal;
    private final URI server;
    private final String fingerprint;

    private App(AppSettings settings, Runnable profileIsOurs) throws IOException {
        try {
            SecureRandom random = new SecureRandom();
            Clock clock = Clock.systemUTC();
            journal = new KeyJournal(clock, JOURNAL_ENTRIES);
            ProfileStore store = FileProfileStore.open(settings.profile());
            closing.push(store::close);
            profileIsOurs.run();
            Optional<OwnServer> own =
                    settings.server().isPresent() ? Optional.empty() : Optional.of(new OwnServer(settings));
            own.ifPresent(starting -> closing.push(starting::close));
            Identity identity = Identities.loadOrCreate(store, journal);
            closing.push(identity::close);
            fingerprint = identity.publicKey().fingerprint();
            ServerConnector connector = new ServerConnector();
            closing.push(connector::close);
            CallThread thread = new CallThread();
            closing.push(thread::close);
            CallTools tools = new CallTools(
                    identity,
                    new MlsGroupEngine(clock, journal),
                    new SendKeyLedger(),
                    journal,
                    connector,
                    random,
                    LeafWatch.inLongCalls(clock, random),
                    NameLookup.ofTheSystem(),
                    new DryRun(clock, random));
            RelayTunnels tunnels = new RelayTunnels(random, clock);
            closing.push(tunnels::close);
            server = own.isPresent() ? own.get().url() : settings.server().orElseThrow();
            CallDesk desk = new CallDesk(
                    thread,
                    tools,
                    new CallDesk.About(VERSION, settings.embedded(), server, fingerprint, settings.link()),
                    store,
                    settings.screens(),
                    tunnels);
            closing.push(desk::close);
            bridge = LocalBridge.start(BridgeSettings.DEFAULT.withPort(settings.port()), desk, desk, tunnels);
            closing.push(bridge::close);
        } catch (IOException | RuntimeException e) {
            close();
            throw e;
        }
    }

    /**
     * Starts everything; returns when the page can be opened.
     *
     * @throws sotto.keys.store.ProfileException if the profile is in use or damaged
     * @throws IOException if a port cannot be opened
     */
    public static App start(AppSettings settings) throws IOException {
        return start(settings, () -> {});
    }

    /**
     * Starts everything; returns when the page can be opened.
     *
     * @param profileIsOurs called as soon as the profile is locked for this process
     * @throws sotto.keys.store.ProfileException if the profile is in use or damaged
     * @throws IOException if a port cannot be opened
     */
    public static App start(AppSettings settings, Runnable profileIsOurs) throws IOException {
        return new App(settings, profileIsOurs);
    }

    /** An address that opens the page, once, within a minute. */
    @Override
    public URI newOneTimeUrl() {
        return bridge.newOneTimeUrl();
    }

    /** Loopback port of the page. */
    @Override
    public int port() {
        return bridge.port();
    }

    /** Where new rooms are made. */
    @Override
    public URI server() {
        return server;
    }

    @Override
    public String fingerprint() {
        return fingerprint;
    }

    /** The life of every key of this process. */
    @Override
    public KeyJournal journal() {
        return journal;
    }

    /** Leaves a running call, wipes its keys and lets go of the profile. */
    @Override
    public synchronized void close() {
        while (!closing.isEmpty()) closing.pop().run();
    }
}
