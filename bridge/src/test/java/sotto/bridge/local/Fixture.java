package sotto.bridge.local;

import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import sotto.bridge.messages.BackendToPage;
import sotto.bridge.messages.PageToBackend;
import sotto.bridge.messages.Protocol;
import sotto.bridge.messages.WorkerToBackend;
import sotto.bridge.seal.TestWorker;

/** A running bridge whose listeners write down what they hear. */
final class Fixture implements AutoCloseable {
    static final String RESOURCES = "/sotto/bridge/local/web/";

    /** One call of a listener. */
    record Heard(String what, Object link, Object message, String thread) {}

    final LinkedBlockingQueue<Heard> heard = new LinkedBlockingQueue<>();
    final LocalBridge bridge;
    final int port;
    final TestTunnels tunnels = new TestTunnels();

    Fixture() throws PortInUseException {
        this(BridgeSettings.DEFAULT);
    }

    Fixture(BridgeSettings settings) throws PortInUseException {
        bridge = LocalBridge.start(
                settings.withResources(RESOURCES),
                new PageListener() {
                    @Override
                    public void connected(PageLink page) {
                        note("page connected", page, null);
                    }

                    @Override
                    public void message(PageLink page, PageToBackend message) {
                        note("page message", page, message);
                    }

                    @Override
                    public void closed(PageLink page) {
                        note("page closed", page, null);
                    }
                },
                new WorkerListener() {
                    @Override
                    public void connected(WorkerLink worker) {
                        note("worker connected", worker, null);
                    }

                    @Override
                    public void message(WorkerLink worker, WorkerToBackend message) {
                        note("worker message", worker, message);
                    }

                    @Override
                    public void closed(WorkerLink worker) {
                        note("worker closed", worker, null);
                    }
                },
                tunnels);
        port = bridge.port();
    }

    private void note(String what, Object link, Object message) {
        heard.add(new Heard(what, link, message, Thread.currentThread().getName()));
    }

    Heard next(String what) throws InterruptedException {
        Heard next = heard.poll(10, TimeUnit.SECONDS);
        if (next == null || !next.what().equals(what)) throw new AssertionError("wanted " + what + ", heard " + next);
        return next;
    }

    /** What a browser has after it opened a one-time URL. */
    record Session(String cookie, String token) {}

    Session launch() throws Exception {
        Raw answer = Raw.get(port, bridge.newOneTimeUrl().getPath());
        if (answer.status() != 303) throw new AssertionError("not let in: " + answer);
        return new Session(
                answer.header("Set-Cookie").split(";")[0],
                answer.header("Location").substring("/#".length()));
    }

    TestSocket openPage(Session session) throws Exception {
        return TestSocket.connect(
                port, Protocol.PAGE_PATH, session.cookie(), Protocol.SUBPROTOCOL, "token." + session.token());
    }

    /** A page that was let in and has said hello. */
    TestSocket page(Session session) throws Exception {
        TestSocket page = openPage(session).say(new PageToBackend.Hello(Protocol.VERSION));
        next("page connected");
        next("page message");
        return page;
    }

    String ticket(TestSocket page) throws InterruptedException {
        page.say(new PageToBackend.GetWorkerTicket());
        return page.next(BackendToPage.WorkerTicket.class).ticket();
    }

    TestSocket openWorker(Session session, String ticket) throws Exception {
        return TestSocket.connect(
                port, Protocol.WORKER_PATH, session.cookie(), Protocol.SUBPROTOCOL, "token." + ticket);
    }

    /** Says hello for the worker, and takes the opening. */
    WorkerLink greet(TestSocket socket, TestWorker worker) throws Exception {
        socket.say(new WorkerToBackend.Hello(Protocol.VERSION, worker.publicKeyText()));
        worker.open(socket.nextForWorker(sotto.bridge.messages.BackendToWorker.Open.class));
        return (WorkerLink) next("worker connected").link();
    }

    @Override
    public void close() {
        bridge.close();
    }
}
