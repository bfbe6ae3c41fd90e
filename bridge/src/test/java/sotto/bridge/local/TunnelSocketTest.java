package sotto.bridge.local;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import java.net.http.WebSocketHandshakeException;
import java.util.HexFormat;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import sotto.bridge.local.Fixture.Session;

/** Who may speak to a relay through this computer, and what goes through. */
class TunnelSocketTest {
    private static final String NAME = "tunnel".repeat(7) + "x";

    private Fixture fixture;
    private Session session;

    @BeforeEach
    void start() throws Exception {
        fixture = new Fixture();
        session = fixture.launch();
        fixture.tunnels.names.add(NAME);
    }

    @AfterEach
    void stop() {
        fixture.close();
    }

    private TestSocket open(String path, String cookie) throws Exception {
        return TestSocket.connect(fixture.port, path, cookie);
    }

    private void refused(String path, String cookie) {
        Throwable refused = catchThrowable(() -> open(path, cookie));
        assertThat(refused).hasCauseInstanceOf(WebSocketHandshakeException.class);
        WebSocketHandshakeException handshake = (WebSocketHandshakeException) refused.getCause();
        assertThat(handshake.getResponse().statusCode()).isEqualTo(403);
    }

    private String heard() throws InterruptedException {
        return fixture.tunnels.heard.poll(10, TimeUnit.SECONDS);
    }

    private static String hex(byte[] bytes) {
        return HexFormat.of().formatHex(bytes);
    }

    @Test
    void aTunnelIsOpenedOnceAndCarriesBinaryMessagesBothWays() throws Exception {
        TestSocket page = open("/relay/" + NAME + "/rtc/v1?access_token=none&join_request=eA-_%3D", session.cookie());
        assertThat(heard()).isEqualTo("opened eA-_=");
        byte[] large = new byte[100_000];
        large[99_999] = 7;
        page.sayBinary(large);
        assertThat(page.nextText()).isEqualTo(hex(large));
        page.sayBinary("small".getBytes(US_ASCII));
        assertThat(page.nextText()).isEqualTo(hex("small".getBytes(US_ASCII)));
        refused("/relay/" + NAME + "/rtc/v1", session.cookie());
        page.sayBinary("close".getBytes(US_ASCII));
        assertThat(page.closeCode()).isEqualTo(1000);
        assertThat(heard()).isEqualTo("closed");
    }

    @Test
    void withoutTheCookieNobodyGetsInAndTheNameStaysGood() throws Exception {
        refused("/relay/" + NAME + "/rtc/v1", "sotto-" + fixture.port + "=" + "x".repeat(43));
        open("/relay/" + NAME + "/rtc/v1", session.cookie());
        assertThat(heard()).startsWith("opened");
    }

    @Test
    void aPageOfAnotherOriginIsRefused() {
        assertThatThrownBy(() -> TestSocket.connect(
                        TestSocket.CLIENT,
                        fixture.port == 80 ? 81 : 80,
                        fixture.port,
                        "/relay/" + NAME + "/rtc/v1",
                        session.cookie()))
                .hasCauseInstanceOf(WebSocketHandshakeException.class);
        assertThat(fixture.tunnels.names).containsExactly(NAME);
    }

    @Test
    void otherPathsNamesAndRequestsAreRefused() {
        refused("/relay/" + "y".repeat(43) + "/rtc/v1", session.cookie());
        refused("/relay/short/rtc/v1", session.cookie());
        refused("/relay/" + NAME + "/rtc/v1?join_request=%0d%0aX-Evil:1", session.cookie());
        refused("/relay/" + NAME + "/rtc/v1?join_request=" + "x".repeat(24_577), session.cookie());
        assertThat(fixture.tunnels.names).containsExactly(NAME);
    }

    @Test
    void whatIsTooLargeOrTextEndsTheTunnel() throws Exception {
        TestSocket page = open("/relay/" + NAME + "/rtc/v1", session.cookie());
        page.sayText("hello");
        page.closeCode();
        assertThat(heard()).startsWith("opened");
        assertThat(heard()).isEqualTo("closed");
    }

    @Test
    void theClientsQuestionWhyItWasRefusedIsAnsweredWithForbidden() throws Exception {
        assertThat(Raw.get(fixture.port, "/relay/" + NAME + "/rtc/v1/validate", "Cookie: " + session.cookie())
                        .status())
                .isEqualTo(403);
    }
}
