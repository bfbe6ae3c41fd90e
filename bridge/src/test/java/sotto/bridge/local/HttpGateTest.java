package sotto.bridge.local;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What comes over plain HTTP: cookie, Host, Origin, one-time URL, files, headers. */
class HttpGateTest {
    private final AtomicReference<Instant> now = new AtomicReference<>(Instant.parse("2026-01-01T00:00:00Z"));
    private final InstantSource clock = now::get;
    private Fixture fixture;
    private int port;

    @BeforeEach
    void start() throws Exception {
        fixture = new Fixture(BridgeSettings.DEFAULT.withClock(clock));
        port = fixture.port;
    }

    @AfterEach
    void stop() {
        fixture.close();
    }

    @Test
    void aOneTimeUrlLetsOneBrowserInOnce() throws Exception {
        String path = fixture.bridge.newOneTimeUrl().getPath();
        Raw first = Raw.get(port, path);
        assertThat(first.status()).isEqualTo(303);
        assertThat(first.header("Location")).matches("/#[A-Za-z0-9_-]{43}");
        assertThat(first.header("Set-Cookie"))
                .matches("sotto-" + port + "=[A-Za-z0-9_-]{43}; Path=/; HttpOnly; SameSite=Strict");
        Raw again = Raw.get(port, path);
        assertThat(again.status()).isEqualTo(403);
        assertThat(again.headers()).doesNotContainKeys("Set-Cookie", "Location");
        assertThat(again.body()).contains("already used").contains("fresh").doesNotContain("<script");
    }

    @Test
    void aOneTimeUrlExpires() throws Exception {
        String path = fixture.bridge.newOneTimeUrl().getPath();
        now.updateAndGet(time -> time.plus(Duration.ofSeconds(60)));
        assertThat(Raw.get(port, path).status()).isEqualTo(403);
    }

    @Test
    void askingForTheHeadOfAOneTimeUrlDoesNotUseItUp() throws Exception {
        String path = fixture.bridge.newOneTimeUrl().getPath();
        Raw head = Raw.send(port, "HEAD " + path + " HTTP/1.1", "Host: 127.0.0.1:" + port);
        assertThat(head.headers()).doesNotContainKeys("Set-Cookie", "Location");
        assertThat(Raw.get(port, path).status()).isEqualTo(303);
    }

    @Test
    void guessesAreSlowedDownAndDoNotShutOutWhoHasAGoodUrl() throws Exception {
        for (int i = 0; i < 20; i++)
            assertThat(Raw.get(port, "/open/" + "A".repeat(43)).status()).isEqualTo(403);
        assertThat(Raw.get(port, "/open/" + "A".repeat(43)).status()).isEqualTo(429);
        assertThat(Raw.get(port, fixture.bridge.newOneTimeUrl().getPath()).status())
                .isEqualTo(303);
    }

    @Test
    void withoutTheCookieThereIsOnlyAHint() throws Exception {
        for (String path : List.of("/", "/frame-worker.js", "/nothing.js", "/open/short", "/open/", "/bridge/page")) {
            Raw answer = Raw.get(port, path);
            assertThat(answer.status()).as(path).isEqualTo(403);
            assertThat(answer.body()).contains("did not let this page in").doesNotContain("<script");
        }
        Raw wrong = Raw.get(port, "/", "Cookie: sotto-" + port + "=" + "A".repeat(43));
        assertThat(wrong.status()).isEqualTo(403);
    }

    @Test
    void theCookieOpensThePagesFiles() throws Exception {
        String cookie = "Cookie: " + fixture.launch().cookie();
        Raw page = Raw.get(port, "/", cookie);
        assertThat(page.status()).isEqualTo(200);
        assertThat(page.header("Content-Type")).isEqualToIgnoringWhitespace("text/html;charset=utf-8");
        assertThat(page.body()).contains("<title>Sotto</title>");
        assertThat(Raw.get(port, "/frame-worker.js", cookie).header("Content-Type"))
                .startsWith("text/javascript");
        assertThat(Raw.get(port, "/assets/index.css", cookie).header("Content-Type"))
                .startsWith("text/css");
    }

    @Test
    void aCookieThatAnotherServerHasPutBesideOursDoesNotHideIt() throws Exception {
        String planted = "sotto-" + port + "=" + "A".repeat(43);
        Raw answer = Raw.get(
                port, "/", "Cookie: " + planted + "; " + fixture.launch().cookie());
        assertThat(answer.status()).isEqualTo(200);
    }

    @ParameterizedTest
    @ValueSource(strings = {"localhost:%d", "evil.example:%d", "127.0.0.1", "127.0.0.1:1", "[::1]:%d", "127.1:%d", ""})
    void anotherHostIsRefusedAlsoWithTheCookie(String host) throws Exception {
        String cookie = fixture.launch().cookie();
        Raw answer = Raw.send(port, "GET / HTTP/1.1", "Host: " + host.formatted(port), "Cookie: " + cookie);
        assertThat(answer.status()).isIn(400, 403);
        assertThat(answer.body()).doesNotStartWith("<!doctype html><title>");
    }

    @Test
    void anotherHostCannotRedeemAOneTimeUrl() throws Exception {
        String path = fixture.bridge.newOneTimeUrl().getPath();
        Raw rebound = Raw.send(port, "GET " + path + " HTTP/1.1", "Host: evil.example:" + port);
        assertThat(rebound.status()).isEqualTo(403);
        assertThat(Raw.get(port, path).status()).isEqualTo(303);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "Origin: http://evil.example",
                "Origin: null",
                "Origin: http://127.0.0.1:1",
                "Origin: https://127.0.0.1:%d",
                "Sec-Fetch-Site: cross-site",
                "Sec-Fetch-Site: same-site",
            })
    void anotherSiteIsRefusedAlsoWithTheCookie(String header) throws Exception {
        String cookie = fixture.launch().cookie();
        assertThat(Raw.get(port, "/", "Cookie: " + cookie, header.formatted(port))
                        .status())
                .isEqualTo(403);
    }

    @Test
    void whatIsNoReadNeedsOurOwnOrigin() throws Exception {
        String cookie = "Cookie: " + fixture.launch().cookie();
        String host = "Host: 127.0.0.1:" + port;
        for (String method : List.of("POST", "PUT", "DELETE", "OPTIONS", "PATCH", "TRACE")) {
            assertThat(Raw.send(port, method + " / HTTP/1.1", host, cookie, "Content-Length: 0")
                            .status())
                    .as(method)
                    .isIn(403, 405);
            Raw own = Raw.send(
                    port,
                    method + " / HTTP/1.1",
                    host,
                    cookie,
                    "Content-Length: 0",
                    "Origin: http://127.0.0.1:" + port);
            assertThat(own.status()).as(method).isBetween(400, 499);
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/../secret/outside.js",
                "/%2e%2e/secret/outside.js",
                "/..%2fsecret/outside.js",
                "/assets/../../secret/outside.js",
                "/assets/%2e%2e/%2e%2e/secret/outside.js",
                "/..;/secret/outside.js",
                "/assets/..\\..\\secret\\outside.js",
                "//secret/outside.js",
                "/%00.js",
                "/assets",
                "/assets/",
                "/notes.txt",
                "/.index.html",
                "/index.html/",
                "/../LocalBridge.class",
            })
    void noPathLeadsOutOfTheFolderOrToWhatIsNoPageFile(String path) throws Exception {
        Raw answer = Raw.get(port, path, "Cookie: " + fixture.launch().cookie());
        assertThat(answer.status()).isBetween(400, 499);
        assertThat(answer.body()).doesNotContain("SECRET").doesNotContain("index.css");
    }

    @Test
    void everyResponseCarriesTheSecurityHeaders() throws Exception {
        String cookie = "Cookie: " + fixture.launch().cookie();
        String host = "Host: 127.0.0.1:" + port;
        String origin = "Origin: http://127.0.0.1:" + port;
        List<Raw> answers = List.of(
                Raw.get(port, "/", cookie),
                Raw.get(port, "/frame-worker.js", cookie),
                Raw.get(port, "/missing.js", cookie),
                Raw.get(port, "/"),
                Raw.get(port, fixture.bridge.newOneTimeUrl().getPath()),
                Raw.get(port, "/open/" + "A".repeat(43)),
                Raw.get(port, "/%2e%2e/x", cookie),
                Raw.get(port, "/%zz", cookie),
                Raw.get(port, "/x%00y", cookie),
                Raw.get(port, "/a;b/../c", cookie),
                Raw.send(port, "GET / HTTP/1.1", "Host: evil.example"),
                Raw.send(port, "HEAD / HTTP/1.1", host, cookie),
                Raw.send(port, "POST / HTTP/1.1", host, cookie, origin, "Content-Length: 0"),
                Raw.send(port, "BREW / HTTP/1.1", host, cookie, origin),
                Raw.get(port, "/", cookie, "X-Large: " + "x".repeat(20_000)),
                Raw.handshake(port, "/bridge/page", host, cookie, origin),
                Raw.handshake(port, "/bridge/worker", host, cookie, origin),
                Raw.handshake(port, "/bridge/nothing", host, cookie, origin, "Sec-WebSocket-Protocol: sotto.v1"));
        for (Raw answer : answers) {
            new SecurityHeaders(port)
                    .all()
                    .forEach((name, value) -> assertThat(answer.header(name))
                            .as(name + " of " + answer)
                            .isEqualTo(value));
            assertThat(answer.headers()).doesNotContainKey("Server");
        }
        assertThat(answers.getFirst().header("Content-Security-Policy"))
                .startsWith("default-src 'none'; script-src 'self'; worker-src 'self'")
                .contains("connect-src 'self' ws://127.0.0.1:" + port + ";")
                .endsWith("require-trusted-types-for 'script'; trusted-types sotto")
                .doesNotContain("unsafe");
    }

    @Test
    void aPortInUseIsNamed() {
        BridgeSettings same = BridgeSettings.DEFAULT.withPort(port);
        assertThatThrownBy(() -> new Fixture(same))
                .isInstanceOf(PortInUseException.class)
                .hasMessageContaining("port " + port);
    }
}
