package sotto.app.call;

import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import sotto.app.relay.RelayTunnels;
import sotto.bridge.local.PageLink;
import sotto.bridge.local.PageListener;
import sotto.bridge.local.WorkerLink;
import sotto.bridge.local.WorkerListener;
import sotto.bridge.messages.BackendToPage;
import sotto.bridge.messages.BackendToPage.ScreenSource;
import sotto.bridge.messages.PageToBackend;
import sotto.bridge.messages.Problem;
import sotto.bridge.messages.Protocol;
import sotto.bridge.messages.WorkerToBackend;
import sotto.keys.journal.KeyJournal;
import sotto.keys.store.ProfileStore;
import sotto.rooms.LinkException;
import sotto.rooms.RoomLink;
import sotto.rooms.RoomPath;
import sotto.rooms.group.Bytes;
import sotto.rooms.wire.RelayTicket;

/**
 * Answers the page, keeps the one call that may run, and gives the worker to it. The bridge calls from its own threads;
 * everything is handed over to the call thread.
 */
public final class CallDesk implements PageListener, WorkerListener, Call.Owner, AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(CallDesk.class);

    /** How long a call goes on while its page is gone: a reload takes less. */
    private static final Duration WITHOUT_PAGE = Duration.ofSeconds(10);

    /** From a worker, which comes with the lobby, to the dry run: until then the page itself needs the processor. */
    private static final Duration LOBBY_FIRST = Duration.ofMillis(700);

    /** Journal entries in one answer. */
    private static final int JOURNAL_PAGE = 500;

    /** What the page is told once it has said hello. */
    public record About(String version, boolean embedded, URI server, String fingerprint, Optional<String> openLink) {}

    private final CallThread thread;
    private final CallTools tools;
    private final About about;
    private final PreferencesFile preferences;
    private final Supplier<List<ScreenSource>> screens;
    private final RelayTunnels tunnels;

    private Optional<PageLink> page = Optional.empty();
    private Optional<WorkerLink> worker = Optional.empty();
    private Optional<Call> call = Optional.empty();
    /** Whether there was a dry run or a call. */
    private boolean ran;

    /**
     * @param store where the preferences are kept
     * @param tunnels carry the page's signalling to relays
     */
    public CallDesk(
            CallThread thread,
            CallTools tools,
            About about,
            ProfileStore store,
            Supplier<List<ScreenSource>> screens,
            RelayTunnels tunnels) {
        this.thread = thread;
        this.tools = tools;
        this.about = about;
        this.preferences = new PreferencesFile(store);
        this.screens = screens;
        this.tunnels = tunnels;
        thread.onFailure(() -> call.ifPresent(Call::fail));
    }

    @Override
    public void connected(PageLink link) {
        thread.execute(() -> page = Optional.of(link));
    }

    @Override
    public void message(PageLink link, PageToBackend message) {
        thread.execute(() -> {
            if (page.filter(link::equals).isPresent()) handle(message);
        });
    }

    @Override
    public void closed(PageLink link) {
        thread.execute(() -> {
            if (page.filter(link::equals).isEmpty()) return;
            page = Optional.empty();
            call.ifPresent(running -> running.later(WITHOUT_PAGE, it -> {
                if (page.isEmpty()) it.leave();
            }));
        });
    }

    private void handle(PageToBackend message) {
        switch (message) {
            case PageToBackend.Hello hello -> welcome();
            case PageToBackend.SavePreferences save -> preferences.save(save.preferences());
            case PageToBackend.NewRoom room -> newRoom(room.path());
            case PageToBackend.CheckLink check -> checkLink(check.link());
            case PageToBackend.Join join -> join(join);
            case PageToBackend.Leave leave -> call.ifPresent(Call::leave);
            case PageToBackend.Signal signal ->
                call.ifPresent(running -> running.signalTo(signal.to(), signal.session(), signal.data()));
            case PageToBackend.SetMediaState set -> call.ifPresent(running -> running.setMedia(set.state()));
            case PageToBackend.SetPath set ->
                call.ifPresent(
                        running -> running.setPath(RoomPath.valueOf(set.path().name())));
            case PageToBackend.SetRules set ->
                call.ifPresent(running -> running.setRules(set.locked(), set.membersSwitchPath()));
            case PageToBackend.Admit admit -> call.ifPresent(running -> running.admit(admit.id(), admit.allow()));
            case PageToBackend.RemoveParticipant remove ->
                call.ifPresent(running -> running.removeParticipant(remove.id()));
            case PageToBackend.LiftRemoval lift -> call.ifPresent(running -> running.liftRemoval(lift.id()));
            case PageToBackend.NameHost name -> call.ifPresent(running -> running.nameHost(name.id(), name.host()));
            case PageToBackend.GetRelayTunnel get ->
                call.ifPresentOrElse(
                        running -> running.askRelay(Optional.ofNullable(get.failed())),
                        () -> toPage(new BackendToPage.RelayRefused(Problems.noRelay())));
            case PageToBackend.GetJournal get -> toPage(journal(get.after()));
            case PageToBackend.GetScreenSources get -> sendScreenSources();
            // The bridge's own business, which it does not pass on.
            case PageToBackend.GetWorkerTicket get -> {}
            case PageToBackend.AnswerPage answer -> {}
        }
    }

    private void welcome() {
        toPage(new BackendToPage.Welcome(
                Protocol.VERSION,
                about.version(),
                about.embedded(),
                about.server().toString(),
                about.fingerprint(),
                preferences.get(),
                about.openLink().orElse(null)));
        call.ifPresent(Call::tellPage);
    }

    private void newRoom(BackendToPage.Path path) {
        try (RoomLink link = RoomLink.create(
                about.server(),
                tools.random(),
                RoomPath.valueOf(path.name()),
                Bytes.of(tools.identity().publicKey().bytes()))) {
            toPage(new BackendToPage.RoomCreated(link.text()));
        } catch (LinkException e) {
            toPage(new BackendToPage.CallFailed(
                    Problems.badServer(about.server().toString(), e.getMessage())));
        }
    }

    private void checkLink(String text) {
        try (RoomLink link = RoomLink.parse(text)) {
            toPage(new BackendToPage.LinkChecked(text, null));
            LOG.debug("a link to {} is well formed", link.server());
        } catch (LinkException e) {
            toPage(new BackendToPage.LinkChecked(text, Problems.badLink(e.getMessage())));
        }
    }

    private void join(PageToBackend.Join join) {
        if (call.isPresent()) {
            toPage(new BackendToPage.CallFailed(Problems.alreadyInCall()));
        } else if (worker.isEmpty()) {
            toPage(new BackendToPage.CallFailed(Problems.workerMissing()));
        } else {
            try {
                Call entering = new Call(RoomLink.parse(join.link()), join.name(), tools, thread, this);
                call = Optional.of(entering);
                ran = true;
                entering.enter(worker);
            } catch (LinkException e) {
                toPage(new BackendToPage.CallFailed(Problems.badLink(e.getMessage())));
            }
        }
    }

    private BackendToPage.Journal journal(long after) {
        return new BackendToPage.Journal(tools.journal().entries().stream()
                .filter(entry -> entry.sequence() > after)
                .limit(JOURNAL_PAGE)
                .map(CallDesk::journalEntry)
                .toList());
    }

    private static BackendToPage.JournalEntry journalEntry(KeyJournal.Entry entry) {
        return new BackendToPage.JournalEntry(
                entry.sequence(),
                entry.at().toEpochMilli(),
                entry.event().name().toLowerCase(java.util.Locale.ROOT),
                entry.key().toString(),
                entry.detail());
    }

    private void sendScreenSources() {
        // Asking the window system takes a while, and must not hold up keys.
        Thread.ofVirtual().name("screen-sources").start(() -> {
            List<ScreenSource> sources = screens.get();
            thread.execute(() -> toPage(new BackendToPage.ScreenSources(sources)));
        });
    }

    @Override
    public void connected(WorkerLink link) {
        thread.execute(() -> {
            worker = Optional.of(link);
            call.ifPresent(running -> running.workerCame(link));
            if (!ran) thread.later(LOBBY_FIRST, this::runDry);
        });
    }

    /** Once, and not after a call has begun, which does it all itself. */
    private void runDry() {
        if (ran) return;
        ran = true;
        Thread.ofPlatform().name("sotto-dry-run").daemon().start(tools.dryRun());
    }

    @Override
    public void message(WorkerLink link, WorkerToBackend message) {
        thread.execute(() -> call.filter(running -> worker.filter(link::equals).isPresent())
                .ifPresent(running -> {
                    switch (message) {
                        case WorkerToBackend.Switched switched -> running.workerSwitched(switched.keyId());
                        case WorkerToBackend.Forgot forgot -> running.workerForgot(forgot.keyId());
                        case WorkerToBackend.Hello hello -> {}
                        case WorkerToBackend.Done done -> {}
                    }
                }));
    }

    @Override
    public void closed(WorkerLink link) {
        thread.execute(() -> {
            if (worker.filter(link::equals).isEmpty()) return;
            worker = Optional.empty();
            call.ifPresent(running -> running.workerWent(link));
        });
    }

    @Override
    public void toPage(BackendToPage message) {
        page.ifPresent(link -> link.send(message));
    }

    @Override
    public void relayTicket(RelayTicket ticket) {
        if (page.isEmpty()) return;
        String name = tunnels.issue(ticket, (tunnel, why) -> {
            Problem problem = Problems.relayFailed(why, ticket.url().getHost());
            thread.execute(() -> toPage(new BackendToPage.RelayTunnelFailed(tunnel, problem)));
        });
        toPage(new BackendToPage.RelayTunnel(ticket.node(), name));
    }

    @Override
    public void over() {
        tunnels.closeAll();
        call = Optional.empty();
    }

    /** Leaves a running call and wipes its keys; waits for it, two seconds at most. */
    @Override
    public void close() {
        CountDownLatch done = new CountDownLatch(1);
        // Leaving is a task of its own on the same thread: it has to be over before the keys that sign it are wiped.
        thread.execute(() -> call.ifPresent(Call::leave));
        thread.execute(() -> thread.execute(() -> {
            call.ifPresent(Call::close);
            done.countDown();
        }));
        try {
            if (!done.await(2, TimeUnit.SECONDS)) LOG.warn("the call did not end in time");
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
