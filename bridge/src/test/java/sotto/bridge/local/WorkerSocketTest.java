package sotto.bridge.local;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.http.WebSocketHandshakeException;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.Base64;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import sotto.bridge.gate.GateTimes;
import sotto.bridge.local.Fixture.Session;
import sotto.bridge.messages.BackendToPage;
import sotto.bridge.messages.BackendToWorker;
import sotto.bridge.messages.PageToBackend;
import sotto.bridge.messages.Protocol;
import sotto.bridge.messages.Track;
import sotto.bridge.messages.WorkerToBackend;
import sotto.bridge.seal.FrameKey;
import sotto.bridge.seal.TestWorker;
import sotto.bridge.seal.WorkerCommand;
import sotto.bridge.seal.WorkerCommands;

/** Who gets the worker's socket, and how keys travel on it. */
class WorkerSocketTest {
    private Fixture fixture;
    private Session session;
    private TestSocket page;

    @BeforeEach
    void start() throws Exception {
        start(Duration.ofMinutes(1));
    }

    /** @param workerClosing how long the old worker's end is waited for before the user is asked */
    private void start(Duration workerClosing) throws Exception {
        GateTimes times = GateTimes.DEFAULT;
        fixture = new Fixture(BridgeSettings.DEFAULT.withTimes(new GateTimes(
                times.launchSecret(), times.launchToken(), times.ticket(), times.question(), workerClosing)));
        session = fixture.launch();
        page = fixture.page(session);
    }

    @AfterEach
    void stop() {
        fixture.close();
    }

    private static WorkerCommands someKey(long id) {
        byte[] key = new byte[32];
        byte[] salt = new byte[12];
        new SecureRandom().nextBytes(key);
        new SecureRandom().nextBytes(salt);
        return WorkerCommands.of(new WorkerCommand.InstallReceive(
                new FrameKey(id, id, Track.CAMERA, 1, "AAECAwQFBgcICQoLDA0ODw", key, salt)));
    }

    @Test
    void keysReachTheWorkerSealedAndInOrderAndAreAcknowledged() throws Exception {
        TestSocket socket = fixture.openWorker(session, fixture.ticket(page));
        TestWorker worker = new TestWorker();
        WorkerLink link = fixture.greet(socket, worker);
        CompletableFuture<Void> first = link.send(someKey(1));
        CompletableFuture<Void> second = link.send(WorkerCommands.of(new WorkerCommand.Forget(1)));
        BackendToWorker.Sealed one = socket.nextForWorker(BackendToWorker.Sealed.class);
        BackendToWorker.Sealed two = socket.nextForWorker(BackendToWorker.Sealed.class);
        assertThat(one.sequence()).isZero();
        assertThat(two.sequence()).isEqualTo(1);
        assertThat(worker.unseal(one).toString()).contains("frame/1");
        assertThat(worker.unseal(two).commands()).containsExactly(new WorkerCommand.Forget(1));
        assertThat(first).isNotDone();
        socket.say(new WorkerToBackend.Done(0));
        first.get(10, TimeUnit.SECONDS);
        assertThat(second).isNotDone();
        socket.say(new WorkerToBackend.Switched(1));
        assertThat(fixture.next("worker message").message()).isEqualTo(new WorkerToBackend.Switched(1));
        socket.close();
        fixture.next("worker closed");
        assertThatThrownBy(() -> second.get(10, TimeUnit.SECONDS)).hasCauseInstanceOf(WorkerGoneException.class);
        assertThat(link.send(someKey(2))).isCompletedExceptionally();
    }

    @Test
    void aTicketIsGoodOnce() throws Exception {
        String ticket = fixture.ticket(page);
        TestSocket first = fixture.openWorker(session, ticket);
        fixture.greet(first, new TestWorker());
        assertThatThrownBy(() -> fixture.openWorker(session, ticket))
                .hasCauseInstanceOf(WebSocketHandshakeException.class);
        first.close();
        fixture.next("worker closed");
        assertThatThrownBy(() -> fixture.openWorker(session, ticket))
                .hasCauseInstanceOf(WebSocketHandshakeException.class);
    }

    @Test
    void thePageTokenIsNoTicketAndATicketIsNoPageToken() throws Exception {
        assertThatThrownBy(() -> fixture.openWorker(session, session.token()))
                .hasCauseInstanceOf(WebSocketHandshakeException.class);
        assertThatThrownBy(() ->
                        TestSocket.connect(fixture.port, Protocol.WORKER_PATH, session.cookie(), Protocol.SUBPROTOCOL))
                .hasCauseInstanceOf(WebSocketHandshakeException.class);
        String ticket = fixture.ticket(page);
        page.close();
        fixture.next("page closed");
        TestSocket withTicket = fixture.openPage(new Session(session.cookie(), ticket));
        withTicket.next(BackendToPage.Closed.class);
        assertThatThrownBy(() -> fixture.openWorker(session, ticket))
                .as("the page that got the ticket is gone")
                .hasCauseInstanceOf(WebSocketHandshakeException.class);
    }

    @Test
    void otherWaysOfWritingTheWorkersPathDoNotGetAroundTheTicket() throws Exception {
        for (String path : new String[] {
            "/bridge/worker/",
            "//bridge/worker",
            "/bridge/worker;x=1",
            "/bridge/./worker",
            "/bridge/%77orker",
            "/x/../bridge/worker",
            "/BRIDGE/WORKER"
        }) {
            Raw answer = Raw.handshake(
                    fixture.port,
                    path,
                    "Host: 127.0.0.1:" + fixture.port,
                    "Origin: http://127.0.0.1:" + fixture.port,
                    "Cookie: " + session.cookie(),
                    "Sec-WebSocket-Protocol: sotto.v1");
            assertThat(answer.status()).as(path).isNotEqualTo(101);
        }
    }

    @Test
    void aSecondWorkerNeedsTheUsersYesAndThenReplacesTheFirst() throws Exception {
        fixture.close();
        start(Duration.ofMillis(1));
        TestSocket first = fixture.openWorker(session, fixture.ticket(page));
        fixture.greet(first, new TestWorker());

        page.say(new PageToBackend.GetWorkerTicket());
        BackendToPage.AnotherPageAsks asks = page.next(BackendToPage.AnotherPageAsks.class);
        page.say(new PageToBackend.AnswerPage(asks.request(), false));
        page.next(BackendToPage.Notice.class);
        assertThat(first.isOpen()).isTrue();

        page.say(new PageToBackend.GetWorkerTicket());
        asks = page.next(BackendToPage.AnotherPageAsks.class);
        assertThat(asks.userAgent()).contains("frame worker");
        page.say(new PageToBackend.AnswerPage(asks.request(), true));
        String ticket = page.next(BackendToPage.WorkerTicket.class).ticket();
        TestSocket second = fixture.openWorker(session, ticket);
        first.closeCode();
        fixture.next("worker closed");
        fixture.greet(second, new TestWorker());
    }

    @Test
    void thePagesOwnReplacementIsNotAskedAbout() throws Exception {
        TestSocket first = fixture.openWorker(session, fixture.ticket(page));
        fixture.greet(first, new TestWorker());
        // The wish may be heard before the old worker's end.
        page.say(new PageToBackend.GetWorkerTicket());
        first.close();
        String ticket = page.next(BackendToPage.WorkerTicket.class).ticket();
        fixture.next("worker closed");
        fixture.greet(fixture.openWorker(session, ticket), new TestWorker());
    }

    @Test
    void theWorkerGoesWithItsPageAndIsToldOfFirst() throws Exception {
        TestSocket socket = fixture.openWorker(session, fixture.ticket(page));
        fixture.greet(socket, new TestWorker());
        page.close();
        fixture.next("worker closed");
        fixture.next("page closed");
        socket.closeCode();
    }

    @Test
    void aKeyOfLowOrderOpensNoChannel() throws Exception {
        TestSocket socket = fixture.openWorker(session, fixture.ticket(page));
        String zero = Base64.getUrlEncoder().withoutPadding().encodeToString(new byte[32]);
        socket.say(new WorkerToBackend.Hello(Protocol.VERSION, zero));
        assertThat(socket.closeCode()).isEqualTo(Close.POLICY);
        assertThat(fixture.heard).isEmpty();
    }

    @Test
    void aWorkerThatTalksNonsenseIsCutAfterTheThirdTime() throws Exception {
        TestSocket socket = fixture.openWorker(session, fixture.ticket(page));
        fixture.greet(socket, new TestWorker());
        socket.say(new WorkerToBackend.Done(7)).sayText("[]");
        socket.say(new WorkerToBackend.Forgot(3));
        fixture.next("worker message");
        socket.sayText("{\"type\":\"done\",\"sequence\":-1}");
        assertThat(socket.closeCode()).isEqualTo(Close.POLICY);
        fixture.next("worker closed");
    }
}
