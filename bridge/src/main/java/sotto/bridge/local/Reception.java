package sotto.bridge.local;

import java.security.SecureRandom;
import java.time.Duration;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import sotto.bridge.gate.Effect;
import sotto.bridge.gate.Effect.AdmitWorker;
import sotto.bridge.gate.Effect.Ask;
import sotto.bridge.gate.Effect.CloseMoved;
import sotto.bridge.gate.Effect.CloseWorker;
import sotto.bridge.gate.Effect.GiveTicket;
import sotto.bridge.gate.Effect.GiveToken;
import sotto.bridge.gate.Effect.LetIn;
import sotto.bridge.gate.Effect.PageLeft;
import sotto.bridge.gate.Effect.RefuseTicket;
import sotto.bridge.gate.Effect.TellToWait;
import sotto.bridge.gate.Effect.TurnAway;
import sotto.bridge.gate.Effect.Wake;
import sotto.bridge.gate.Gate;
import sotto.bridge.gate.SocketId;
import sotto.bridge.messages.BackendToPage;
import sotto.bridge.messages.PageToBackend;
import sotto.bridge.messages.Protocol;
import sotto.bridge.messages.WorkerToBackend;
import sotto.bridge.seal.SealedChannel;

/**
 * The sockets that are open, and what the gate wants done with them. Everything happens on one thread, in the order in
 * which it is handed in; that thread also calls the listeners.
 */
final class Reception implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Reception.class);
    /** Messages that are none, before the socket is closed. */
    private static final int FAULTS = 3;
    /** Messages of one socket that may wait for the thread. */
    private static final int MOST_UNREAD = 1024;
    /** So that a timer never fires just before the instant that it was set for. */
    private static final Duration LATE = Duration.ofMillis(10);

    /** Keeps quiet sockets open; Javalin's own pings run on a thread that would keep the process alive. */
    static final Duration PING = Duration.ofSeconds(20);

    private final Gate gate;
    private final SecureRandom random;
    private final PageListener pageListener;
    private final WorkerListener workerListener;
    private final ScheduledExecutorService thread;
    private final Map<SocketId, PageSocket> pages = new HashMap<>();
    private final Map<SocketId, WorkerSocket> workers = new HashMap<>();

    Reception(Gate gate, SecureRandom random, PageListener pageListener, WorkerListener workerListener) {
        this.gate = gate;
        this.random = random;
        this.pageListener = pageListener;
        this.workerListener = workerListener;
        this.thread = Executors.newSingleThreadScheduledExecutor(
                Thread.ofPlatform().daemon().name("sotto-bridge").factory());
        thread.scheduleAtFixedRate(() -> guarded(this::ping), PING.toNanos(), PING.toNanos(), TimeUnit.NANOSECONDS);
    }

    // What the sockets' threads hand in

    void pageOpened(PageSocket page, String token) {
        inOrder(() -> {
            pages.put(page.id(), page);
            run(gate.pageArrived(page.id(), token));
        });
    }

    void pageSaid(PageSocket page, PageToBackend message) {
        if (page.unread.incrementAndGet() > MOST_UNREAD) page.cutOff();
        else
            inOrder(() -> {
                page.unread.decrementAndGet();
                hear(page, message);
            });
    }

    /** @param problem what was wrong, in words that quote nothing of the message */
    void pageFaulted(PageSocket page, String problem) {
        if (page.unread.incrementAndGet() > MOST_UNREAD) page.cutOff();
        else
            inOrder(() -> {
                page.unread.decrementAndGet();
                fault(page, problem);
            });
    }

    void pageClosed(PageSocket page) {
        inOrder(() -> {
            run(gate.pageGone(page.id()));
            page.state = PageSocket.State.LEFT;
            pages.remove(page.id());
        });
    }

    void workerOpened(WorkerSocket worker, SocketId owner) {
        inOrder(() -> {
            workers.put(worker.id(), worker);
            run(gate.workerArrived(worker.id(), owner));
        });
    }

    void workerSaid(WorkerSocket worker, WorkerToBackend message) {
        if (worker.unread.incrementAndGet() > MOST_UNREAD) worker.cutOff();
        else
            inOrder(() -> {
                worker.unread.decrementAndGet();
                if (worker.admitted) hear(worker, message);
            });
    }

    /** @param problem as with {@link #pageFaulted} */
    void workerFaulted(WorkerSocket worker, String problem) {
        if (worker.unread.incrementAndGet() > MOST_UNREAD) worker.cutOff();
        else
            inOrder(() -> {
                worker.unread.decrementAndGet();
                fault(worker, problem);
            });
    }

    void workerClosed(WorkerSocket worker) {
        inOrder(() -> {
            end(worker);
            run(gate.workerGone(worker.id()));
        });
    }

    /** Ends every socket, tells the listeners, and stops the thread. */
    @Override
    public void close() {
        inOrder(() -> {
            List.copyOf(workers.values()).forEach(this::end);
            List.copyOf(pages.values()).forEach(this::leave);
        });
        thread.shutdown();
    }

    // Messages

    private void hear(PageSocket page, PageToBackend message) {
        switch (page.state) {
            case LEFT -> {}
            case ARRIVED -> {
                // A page says hello before it knows that it has to wait; that counts once it is let in.
                page.early.add(message);
                if (page.early.size() > PageSocket.MOST_EARLY) page.close(Problems.MALFORMED);
            }
            case LET_IN -> {
                if (page.helloSeen) take(page, message);
                else greet(page, message);
            }
        }
    }

    private void greet(PageSocket page, PageToBackend message) {
        if (message instanceof PageToBackend.Hello hello && hello.version() == Protocol.VERSION) {
            page.helloSeen = true;
            pageListener.message(page, hello);
        } else {
            page.close(Problems.VERSION);
        }
    }

    private void take(PageSocket page, PageToBackend message) {
        switch (message) {
            case PageToBackend.Hello hello -> fault(page, "a second hello");
            case PageToBackend.GetWorkerTicket wish -> run(gate.ticketWanted(page.id()));
            case PageToBackend.AnswerPage answer -> run(gate.answer(page.id(), answer.request(), answer.allow()));
            default -> pageListener.message(page, message);
        }
    }

    private void fault(PageSocket page, String problem) {
        if (page.state == PageSocket.State.LEFT) return;
        LOG.warn("{} sent a message that is none: {}", page, problem);
        if (++page.faults >= FAULTS) page.close(Problems.MALFORMED);
        else page.send(new BackendToPage.Notice("A message of this page was refused: " + problem));
    }

    private void hear(WorkerSocket worker, WorkerToBackend message) {
        if (message instanceof WorkerToBackend.Hello hello) {
            openChannel(worker, hello);
        } else if (!worker.isOpen()) {
            fault(worker, "no hello before other messages");
        } else if (message instanceof WorkerToBackend.Done done) {
            if (!worker.acknowledge(done.sequence())) fault(worker, "done.sequence was not open");
        } else {
            workerListener.message(worker, message);
        }
    }

    private void openChannel(WorkerSocket worker, WorkerToBackend.Hello hello) {
        if (worker.isOpen()) {
            fault(worker, "a second hello");
            return;
        }
        if (hello.version() != Protocol.VERSION) {
            worker.close(Close.POLICY, "version");
            return;
        }
        try {
            byte[] publicKey = Base64.getUrlDecoder().decode(hello.publicKey());
            worker.open(SealedChannel.open(publicKey, random));
        } catch (IllegalArgumentException e) {
            worker.close(Close.POLICY, "public key");
            return;
        }
        workerListener.connected(worker);
    }

    private void fault(WorkerSocket worker, String problem) {
        LOG.warn("{} sent a message that is none: {}", worker, problem);
        if (++worker.faults >= FAULTS) worker.close(Close.POLICY, "malformed messages");
    }

    // Effects

    private void run(List<Effect> effects) {
        for (Effect effect : effects) run(effect);
    }

    private void run(Effect effect) {
        switch (effect) {
            case LetIn in -> letIn(pages.get(in.page()));
            case PageLeft left -> leave(pages.get(left.page()));
            case GiveToken give -> tell(give.page(), new BackendToPage.PageToken(give.token()));
            case TellToWait wait -> tell(wait.waiting(), new BackendToPage.WaitForYes());
            case Ask ask -> tell(ask.page(), new BackendToPage.AnotherPageAsks(ask.request(), whoAsks(ask)));
            case CloseMoved moved -> pages.get(moved.page()).close(Problems.MOVED);
            case TurnAway away -> turnAway(away);
            case GiveTicket give -> tell(give.page(), new BackendToPage.WorkerTicket(give.ticket()));
            case RefuseTicket refuse -> tell(refuse.page(), new BackendToPage.Notice("No second worker was allowed."));
            case AdmitWorker admit -> workers.get(admit.worker()).admitted = true;
            case CloseWorker close -> closeWorker(workers.get(close.worker()));
            case Wake wake -> later(wake.after().plus(LATE));
        }
    }

    private String whoAsks(Ask ask) {
        return switch (ask.subject()) {
            case ANOTHER_WORKER -> "a second frame worker of this page";
            case ANOTHER_PAGE ->
                pages.values().stream()
                        .filter(page -> page.state == PageSocket.State.ARRIVED)
                        .map(PageSocket::userAgent)
                        .findFirst()
                        .orElse("");
        };
    }

    private void letIn(PageSocket page) {
        page.state = PageSocket.State.LET_IN;
        pageListener.connected(page);
        List<PageToBackend> early = List.copyOf(page.early);
        page.early.clear();
        early.forEach(message -> hear(page, message));
    }

    private void leave(PageSocket page) {
        boolean wasLetIn = page.state == PageSocket.State.LET_IN;
        page.state = PageSocket.State.LEFT;
        if (wasLetIn) pageListener.closed(page);
    }

    private void turnAway(TurnAway away) {
        PageSocket page = pages.get(away.socket());
        WorkerSocket worker = workers.get(away.socket());
        if (page != null) {
            page.state = PageSocket.State.LEFT;
            page.close(Problems.refused(away.reason()));
        }
        if (worker != null) worker.close(Close.POLICY, away.reason().name());
    }

    private void closeWorker(WorkerSocket worker) {
        if (worker == null) return; // ended when the bridge was closed, of which the gate hears nothing
        worker.close();
        end(worker);
    }

    private void end(WorkerSocket worker) {
        workers.remove(worker.id());
        boolean wasAdmitted = worker.admitted;
        worker.admitted = false;
        worker.end();
        if (wasAdmitted && worker.isOpen()) workerListener.closed(worker);
    }

    private void tell(SocketId page, BackendToPage message) {
        PageSocket socket = pages.get(page);
        if (socket != null) socket.send(message);
    }

    // The thread

    private void ping() {
        pages.values().forEach(PageSocket::ping);
        workers.values().forEach(WorkerSocket::ping);
    }

    private void inOrder(Runnable work) {
        try {
            thread.execute(() -> guarded(work));
        } catch (RejectedExecutionException e) {
            LOG.debug("came after the bridge was closed");
        }
    }

    private void later(Duration after) {
        try {
            thread.schedule(() -> guarded(() -> run(gate.tick())), after.toNanos(), TimeUnit.NANOSECONDS);
        } catch (RejectedExecutionException e) {
            LOG.debug("came after the bridge was closed");
        }
    }

    /** A listener that fails must not take the bridge's thread with it. */
    private static void guarded(Runnable work) {
        try {
            work.run();
        } catch (RuntimeException e) {
            LOG.error("a listener of the bridge failed", e);
        }
    }
}
