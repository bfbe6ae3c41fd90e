package sotto.server;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import sotto.rooms.wire.ClientFrame;
import sotto.rooms.wire.GroupId;
import sotto.rooms.wire.IceServer;
import sotto.rooms.wire.LogEntry;
import sotto.rooms.wire.RefusalCode;
import sotto.rooms.wire.ServerFrame;

class PagesTest extends ServerTest {

    @Test
    void healthTellsHowManyRoomsAndConnectionsThereAre() throws Exception {
        enter();
        enter();
        HttpResponse<String> answer = get("/health");
        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(answer.headers().firstValue("Content-Type"))
                .hasValueSatisfying(type -> assertThat(type).startsWith("application/json"));
        JsonNode health = new ObjectMapper().readTree(answer.body());
        assertThat(health.get("status").textValue()).isEqualTo("ok");
        assertThat(health.get("rooms").intValue()).isEqualTo(1);
        assertThat(health.get("connections").intValue()).isEqualTo(2);
    }

    @Test
    void metricsCountWhatHappened() throws Exception {
        TestClient client = enter();
        TestClient other = enter();
        client.nextEntry(LogEntry.Arrived.class);
        client.post("hello");
        for (int n = 0; n < 2; n++)
            client.send(new ClientFrame.Commit(new GroupId(1, 1), 3, TestClient.payload("commit")));
        client.send(new ClientFrame.Send(other.id(), TestClient.payload("for you")));
        client.send(new ClientFrame.Send(client.id(), TestClient.payload("for me")));
        client.await(ServerFrame.Sent.class);
        TestClient bad = connect();
        bad.sendText("{}");
        bad.await(ServerFrame.Refused.class);
        other.close();
        client.nextEntry(LogEntry.Gone.class);

        String metrics = get("/metrics").body();
        assertThat(metrics.lines())
                .contains(
                        "# TYPE sotto_rooms gauge",
                        "sotto_rooms 1",
                        "sotto_entries_total{kind=\"arrived\"} 2",
                        "sotto_entries_total{kind=\"gone\"} 1",
                        "sotto_entries_total{kind=\"message\"} 1",
                        "sotto_commits_total{outcome=\"accepted\"} 1",
                        "sotto_commits_total{outcome=\"lost\"} 1",
                        "sotto_sent_total 2",
                        "sotto_refused_total{code=\"malformed\"} 1",
                        "sotto_refused_total{code=\"room.full\"} 0");
        assertThat(metrics.lines())
                .anyMatch(line -> line.matches("sotto_bytes_total\\{direction=\"in\"} [1-9][0-9]*"))
                .anyMatch(line -> line.matches("sotto_bytes_total\\{direction=\"out\"} [1-9][0-9]*"))
                .allMatch(line -> line.matches("# (HELP|TYPE) .+|[a-z_]+(\\{[a-z]+=\"[a-z.]+\"})? [0-9]+"));
        assertThat(metrics).doesNotContain(room.toString(), "127.0.0.1");
        for (RefusalCode code : RefusalCode.values()) assertThat(metrics).contains("\"" + code.text() + "\"");
    }

    @Test
    void metricsCanBeSwitchedOff() throws Exception {
        restartWith(settings().withMetrics(false));
        assertThat(get("/metrics").statusCode()).isEqualTo(404);
        assertThat(get("/health").statusCode()).isEqualTo(200);
    }

    @Test
    void aLinkOpenedInABrowserIsExplainedWithoutScript() throws Exception {
        HttpResponse<String> answer = get("/j/" + room);
        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(answer.headers().firstValue("Content-Type"))
                .hasValueSatisfying(type -> assertThat(type).startsWith("text/html"));
        String page = answer.body();
        assertThat(page)
                .contains("Sotto")
                .doesNotContain("<script", "javascript:", " src=", " href=", " style=")
                .doesNotContainPattern("\\son[a-z]+=")
                .doesNotContain(room.toString());
        String style = page.substring(page.indexOf("<style>") + 7, page.indexOf("</style>"));
        String hash = Base64.getEncoder()
                .encodeToString(MessageDigest.getInstance("SHA-256").digest(style.getBytes(StandardCharsets.UTF_8)));
        assertThat(answer.headers().allValues("Content-Security-Policy"))
                .singleElement()
                .asString()
                .contains("default-src 'none'", "style-src 'sha256-" + hash + "'", "frame-ancestors 'none'")
                .doesNotContain("script-src", "unsafe");
        assertThat(answer.headers().firstValue("Referrer-Policy")).hasValue("no-referrer");
        assertThat(answer.headers().firstValue("X-Content-Type-Options")).hasValue("nosniff");
        assertThat(answer.headers().firstValue("Set-Cookie")).isEmpty();
    }

    @Test
    void theLinkPageDoesNotTellWhetherARoomIsInUse() throws Exception {
        String before = get("/j/" + room).body();
        enter();
        assertThat(get("/j/" + room).body()).isEqualTo(before);
    }

    @Test
    void whatIsNotThereIsNotFoundAndNamesNoProduct() throws Exception {
        for (String path : List.of("/", "/j/", "/j/short", "/j/" + room + "x", "/v1/other", "/%2e%2e/etc/passwd")) {
            HttpResponse<String> answer = get(path);
            assertThat(answer.statusCode()).as(path).isBetween(400, 404);
            assertThat(answer.headers().firstValue("Server")).isEmpty();
            assertThat(answer.body()).doesNotContainIgnoringCase("jetty", "javalin", "exception");
        }
    }

    @Test
    void iceServersOfTheOperatorReachTheClients() throws Exception {
        IceServer turn = new IceServer(List.of("turn:turn.example:3478"), Optional.of("me"), Optional.of("pw"));
        restartWith(settings().withIceServers(List.of(turn)));
        assertThat(connect().enter(room).iceServers()).containsExactly(turn);
        assertThat(ServerCommand.iceServer("turn:turn.example:3478,me,pw")).isEqualTo(turn);
    }

    @Test
    void anObserverSeesEveryFrameThatTheServerTook() throws Exception {
        server.close();
        List<ClientFrame> seen = new ArrayList<>();
        server = SottoServer.start(settings(), (text, frame) -> {
            synchronized (seen) {
                seen.add(frame);
            }
        });
        TestClient client = enter();
        client.post("one");
        client.nextEntry(LogEntry.Message.class);
        synchronized (seen) {
            assertThat(seen)
                    .containsExactly(new ClientFrame.Enter(1, room), new ClientFrame.Post(TestClient.payload("one")));
        }
    }

    @Test
    void severalServersLiveInOneProcess() throws Exception {
        try (SottoServer other = SottoServer.start(settings())) {
            assertThat(other.port()).isNotEqualTo(server.port());
            TestClient here = enter();
            TestClient there = TestClient.enter(http, other, room);
            toClose.add(there);
            assertThat(there.entered().present()).isEmpty();
            assertThat(there.entered().log()).isNotEqualTo(here.entered().log());
        }
        assertThat(get("/health").statusCode()).isEqualTo(200);
    }

    private HttpResponse<String> get(String path) throws Exception {
        return http.send(
                HttpRequest.newBuilder(URI.create(server.url() + path)).build(), HttpResponse.BodyHandlers.ofString());
    }
}
