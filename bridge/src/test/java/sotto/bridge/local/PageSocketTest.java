package sotto.bridge.local;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.net.http.WebSocketHandshakeException;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import sotto.bridge.local.Fixture.Session;
import sotto.bridge.messages.BackendToPage;
import sotto.bridge.messages.Limits;
import sotto.bridge.messages.PageToBackend;
import sotto.bridge.messages.Protocol;

/** Who gets the page's socket, and what happens to what is said on it. */
class PageSocketTest {
    private static final String OTHER_TOKEN = "A".repeat(43);

    private Fixture fixture;
    private int port;

    @BeforeEach
    void start() throws Exception {
        fixture = new Fixture();
        port = fixture.port;
    }

    @AfterEach
    void stop() {
        fixture.close();
    }

    @Test
    void aLaunchedPageIsLetInAndBothSidesHearEachOther() throws Exception {
        Session session = fixture.launch();
        TestSocket page = fixture.openPage(session).say(new PageToBackend.Hello(Protocol.VERSION));
        assertThat(page.subprotocol()).isEqualTo(Protocol.SUBPROTOCOL);
        PageLink link = (PageLink) fixture.next("page connected").link();
        assertThat(link.userAgent()).isEqualTo("Test page");
        Fixture.Heard hello = fixture.next("page message");
        assertThat(hello.message()).isEqualTo(new PageToBackend.Hello(Protocol.VERSION));
        assertThat(hello.thread()).isEqualTo("sotto-bridge");
        link.send(new BackendToPage.Notice("one"));
        link.send(new BackendToPage.Notice("two"));
        assertThat(page.next(BackendToPage.Notice.class).text()).isEqualTo("one");
        assertThat(page.next(BackendToPage.Notice.class).text()).isEqualTo("two");
        page.close();
        fixture.next("page closed");
    }

    @Test
    void aReloadComesBackWithItsToken() throws Exception {
        Session session = fixture.launch();
        fixture.page(session).close();
        fixture.next("page closed");
        fixture.page(session);
    }

    @Test
    void handshakesThatDoNotComeFromOurPageAreRefused() throws Exception {
        Session session = fixture.launch();
        String host = "Host: 127.0.0.1:" + port;
        String origin = "Origin: http://127.0.0.1:" + port;
        String cookie = "Cookie: " + session.cookie();
        String offer = "Sec-WebSocket-Protocol: sotto.v1, token." + session.token();
        String path = Protocol.PAGE_PATH;
        assertThat(Raw.handshake(port, path, host, origin, cookie, offer).status())
                .as("the good one")
                .isEqualTo(101);
        assertThat(Raw.handshake(port, path, host, origin, offer).status())
                .as("no cookie")
                .isEqualTo(403);
        assertThat(Raw.handshake(port, path, host, cookie, offer).status())
                .as("no origin")
                .isEqualTo(403);
        assertThat(Raw.handshake(port, path, host, cookie, offer, "Origin: http://evil.example")
                        .status())
                .as("wrong origin")
                .isEqualTo(403);
        assertThat(Raw.handshake(port, path, host, cookie, offer, "Origin: http://127.0.0.1:1")
                        .status())
                .as("another port")
                .isEqualTo(403);
        assertThat(Raw.handshake(port, path, "Host: evil.example:" + port, cookie, offer, origin)
                        .status())
                .as("DNS rebinding")
                .isEqualTo(403);
        assertThat(Raw.handshake(port, path, host, host, cookie, offer, origin).status())
                .as("two hosts")
                .isIn(400, 403);
        assertThat(Raw.handshake(port, path, host, cookie, offer, origin, "Sec-Fetch-Site: cross-site")
                        .status())
                .as("cross-site")
                .isEqualTo(403);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "sotto.v2",
                "token.AAAA, sotto.v1",
                "sotto.v1, token.short",
                "sotto.v1, other",
                "sotto.v1, token.AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA, x",
            })
    void anOfferOfOtherProtocolsIsRefused(String offer) throws Exception {
        Session session = fixture.launch();
        Raw answer = Raw.handshake(
                port,
                Protocol.PAGE_PATH,
                "Host: 127.0.0.1:" + port,
                "Origin: http://127.0.0.1:" + port,
                "Cookie: " + session.cookie(),
                "Sec-WebSocket-Protocol: " + offer);
        assertThat(answer.status()).isEqualTo(403);
    }

    @Test
    void nothingIsCompressedSoThatARecordingCanBeSearched() throws Exception {
        Session session = fixture.launch();
        Raw answer = Raw.handshake(
                port,
                Protocol.PAGE_PATH,
                "Host: 127.0.0.1:" + port,
                "Origin: http://127.0.0.1:" + port,
                "Cookie: " + session.cookie(),
                "Sec-WebSocket-Protocol: sotto.v1, token." + session.token(),
                "Sec-WebSocket-Extensions: permessage-deflate; client_max_window_bits");
        assertThat(answer.status()).isEqualTo(101);
        assertThat(answer.headers()).doesNotContainKey("Sec-WebSocket-Extensions");
    }

    @Test
    void theCookieAloneIsTurnedAwayWhileNobodyCanBeAsked() throws Exception {
        Session session = fixture.launch();
        TestSocket noToken = TestSocket.connect(port, Protocol.PAGE_PATH, session.cookie(), Protocol.SUBPROTOCOL);
        assertThat(noToken.next(BackendToPage.Closed.class).problem().code()).isEqualTo("bridge.refused");
        noToken.closeCode();
        TestSocket wrongToken = fixture.openPage(new Session(session.cookie(), OTHER_TOKEN));
        wrongToken.next(BackendToPage.Closed.class);
        wrongToken.closeCode();
        assertThat(fixture.heard).isEmpty();
    }

    @Test
    void aDuplicatedTabWaitsForTheYesAndThenTakesOver() throws Exception {
        Session session = fixture.launch();
        TestSocket first = fixture.page(session);
        TestSocket second = fixture.openPage(session).say(new PageToBackend.Hello(Protocol.VERSION));
        second.next(BackendToPage.WaitForYes.class);
        BackendToPage.AnotherPageAsks asks = first.next(BackendToPage.AnotherPageAsks.class);
        assertThat(asks.userAgent()).isEqualTo("Test page");
        assertThat(fixture.heard).isEmpty();

        first.say(new PageToBackend.AnswerPage(asks.request(), true));
        assertThat(first.next(BackendToPage.Closed.class).problem().what()).contains("moved to another window");
        first.closeCode();
        String token = second.next(BackendToPage.PageToken.class).token();
        fixture.next("page closed");
        fixture.next("page connected");
        fixture.next("page message");

        second.close();
        fixture.next("page closed");
        TestSocket oldToken = fixture.openPage(session);
        oldToken.next(BackendToPage.Closed.class);
        fixture.page(new Session(session.cookie(), token));
    }

    @Test
    void aNoKeepsTheFirstPageAndTurnsTheSecondAway() throws Exception {
        Session session = fixture.launch();
        TestSocket first = fixture.page(session);
        Session fresh = fixture.launch();
        TestSocket second = fixture.openPage(fresh);
        second.next(BackendToPage.WaitForYes.class);
        TestSocket third = fixture.openPage(fresh);
        assertThat(third.next(BackendToPage.Closed.class).problem().what()).contains("already waiting");
        String request = first.next(BackendToPage.AnotherPageAsks.class).request();
        first.say(new PageToBackend.AnswerPage("AAAAAAAAAAAAAAAAAAAAAA", true));
        first.say(new PageToBackend.AnswerPage(request, false));
        assertThat(second.next(BackendToPage.Closed.class).problem().what()).contains("said no");
        second.closeCode();
        first.say(new PageToBackend.NewRoom(BackendToPage.Path.DIRECT));
        assertThat(fixture.next("page message").message())
                .isEqualTo(new PageToBackend.NewRoom(BackendToPage.Path.DIRECT));
    }

    @Test
    void aWaitingPageHearsNothingAndItsWishesDoNotReachTheApp() throws Exception {
        Session session = fixture.launch();
        TestSocket first = fixture.page(session);
        PageToBackend.Hello hello = new PageToBackend.Hello(Protocol.VERSION);
        TestSocket second =
                fixture.openPage(session).say(hello).say(new PageToBackend.NewRoom(BackendToPage.Path.DIRECT));
        second.next(BackendToPage.WaitForYes.class);
        String request = first.next(BackendToPage.AnotherPageAsks.class).request();
        // Nor can it say yes to itself.
        second.say(new PageToBackend.AnswerPage(request, true));
        first.say(new PageToBackend.AnswerPage(request, false));
        second.next(BackendToPage.Closed.class);
        second.closeCode();
        assertThat(fixture.heard).isEmpty();
    }

    @Test
    void aSecondPageWithTheTokenComesInWhenTheFirstGoesAndOneWithoutItDoesNot() throws Exception {
        Session session = fixture.launch();
        TestSocket first = fixture.page(session);
        TestSocket reload = fixture.openPage(session);
        reload.next(BackendToPage.WaitForYes.class);
        first.close();
        fixture.next("page closed");
        fixture.next("page connected");
        reload.next(BackendToPage.PageToken.class);

        TestSocket cookieOnly = TestSocket.connect(port, Protocol.PAGE_PATH, session.cookie(), Protocol.SUBPROTOCOL);
        cookieOnly.next(BackendToPage.WaitForYes.class);
        reload.close();
        assertThat(cookieOnly.next(BackendToPage.Closed.class).problem().code()).isEqualTo("bridge.refused");
    }

    @Test
    void questionsAreLimited() throws Exception {
        Session session = fixture.launch();
        TestSocket first = fixture.page(session);
        for (int i = 0; i < 5; i++) {
            TestSocket other = fixture.openPage(session);
            other.next(BackendToPage.WaitForYes.class);
            String request = first.next(BackendToPage.AnotherPageAsks.class).request();
            first.say(new PageToBackend.AnswerPage(request, false));
            other.next(BackendToPage.Closed.class);
        }
        TestSocket sixth = fixture.openPage(session);
        assertThat(sixth.next(BackendToPage.Closed.class).problem().what()).contains("Too many");
    }

    @Test
    void twoBridgesInOneBrowserDoNotOverwriteOrOpenEachOther() throws Exception {
        try (Fixture other = new Fixture()) {
            Session ours = fixture.launch();
            Session theirs = other.launch();
            String both = ours.cookie() + "; " + theirs.cookie();
            assertThat(ours.cookie().split("=")[0]).isNotEqualTo(theirs.cookie().split("=")[0]);
            assertThat(Raw.get(port, "/", "Cookie: " + both).status()).isEqualTo(200);
            assertThat(Raw.get(other.port, "/", "Cookie: " + both).status()).isEqualTo(200);
            assertThat(Raw.get(port, "/", "Cookie: " + theirs.cookie()).status())
                    .isEqualTo(403);
            // A page of one port has both cookies, but not the other's token, and shows its own origin.
            TestSocket crossed = fixture.openPage(new Session(both, theirs.token()));
            crossed.next(BackendToPage.Closed.class);
            assertThatThrownBy(() -> TestSocket.connect(
                            TestSocket.CLIENT,
                            port,
                            other.port,
                            Protocol.PAGE_PATH,
                            both,
                            Protocol.SUBPROTOCOL,
                            "token." + ours.token()))
                    .isInstanceOf(ExecutionException.class)
                    .hasCauseInstanceOf(WebSocketHandshakeException.class);
            fixture.page(new Session(both, ours.token()));
            other.page(new Session(both, theirs.token()));
        }
    }

    @Test
    void whatIsNoMessageIsNamedAndOnlyTheThirdClosesTheSocket() throws Exception {
        TestSocket page = fixture.page(fixture.launch());
        page.sayText("{\"type\":\"leave\",\"more\":1}");
        assertThat(page.next(BackendToPage.Notice.class).text()).contains("leave has 1 unknown field");
        page.sayBinary(new byte[3]);
        assertThat(page.next(BackendToPage.Notice.class).text()).contains("binary");
        page.say(new PageToBackend.Leave());
        fixture.next("page message");
        page.sayText("{");
        assertThat(page.next(BackendToPage.Closed.class).problem().code()).isEqualTo("bridge.malformed");
        page.closeCode();
        fixture.next("page closed");
    }

    @Test
    void anOversizedFrameClosesTheSocketAndNeverReachesTheApp() throws Exception {
        TestSocket page = fixture.page(fixture.launch());
        try {
            page.sayText("x".repeat(Limits.MESSAGE_BYTES + 1));
        } catch (CompletionException e) {
            // The bridge may have closed the socket before all was written.
            assertThat(e).hasCauseInstanceOf(java.io.IOException.class);
        }
        assertThat(page.closeCode()).isIn(1009, 1006);
        fixture.next("page closed");
    }

    @Test
    void aPageThatTakesNothingIsCutOff() throws Exception {
        Session session = fixture.launch();
        HttpClient.newHttpClient()
                .newWebSocketBuilder()
                .header("Origin", "http://127.0.0.1:" + port)
                .header("Cookie", session.cookie())
                .subprotocols(Protocol.SUBPROTOCOL, "token." + session.token())
                .buildAsync(URI.create("ws://127.0.0.1:" + port + Protocol.PAGE_PATH), new WebSocket.Listener() {
                    @Override
                    public void onOpen(WebSocket socket) {
                        // Asks for nothing, so the client stops reading.
                    }
                })
                .get(10, TimeUnit.SECONDS);
        PageLink link = (PageLink) fixture.next("page connected").link();
        BackendToPage.Notice large = new BackendToPage.Notice("x".repeat(200_000));
        for (int i = 0; i < 500 && fixture.heard.isEmpty(); i++) link.send(large);
        fixture.next("page closed");
        link.send(large);
    }

    @Test
    void aClosedBridgeTellsItsListenersAndLeavesNoThreadThatKeepsTheProcessAlive() throws Exception {
        fixture.page(fixture.launch());
        fixture.bridge.close();
        fixture.next("page closed");
        assertThat(Thread.getAllStackTraces().keySet())
                .filteredOn(thread -> thread.isAlive() && !thread.isDaemon())
                .extracting(Thread::getName)
                .noneMatch(name -> name.contains("Javalin") || name.contains("qtp") || name.contains("sotto"));
    }

    @Test
    void theFirstMessageHasToBeAHelloOfThisVersion() throws Exception {
        TestSocket newer = fixture.openPage(fixture.launch()).say(new PageToBackend.Hello(Protocol.VERSION + 1));
        assertThat(newer.next(BackendToPage.Closed.class).problem().code()).isEqualTo("bridge.version");
        newer.closeCode();
        fixture.next("page connected");
        fixture.next("page closed");
        TestSocket rude = fixture.openPage(fixture.launch()).say(new PageToBackend.NewRoom(BackendToPage.Path.DIRECT));
        assertThat(rude.next(BackendToPage.Closed.class).problem().code()).isEqualTo("bridge.version");
    }
}
