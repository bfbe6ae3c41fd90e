package sotto.demo;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.microsoft.playwright.Route;
import com.microsoft.playwright.WebSocketFrame;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/**
 * The page gets no byte of a key. All that passes between backend, page and worker in a call with key changes is
 * recorded and searched for the keys, which a tampered worker of the same person gives away.
 */
class NoKeyReachesThePageTest extends BrowserTest {
    @Test
    void whatPageAndLoopbackSawHoldsNoByteOfAKey() throws Exception {
        ServerProcess server = server();
        Person ada = person("Ada", server.url());
        Person watched = newcomer("Bruno", server.url(), Person.Role.KEY_THIEF, Person.resource("record-page.js"));
        List<String> pageSocket = new ArrayList<>();
        watched.page.onWebSocket(socket -> {
            socket.onFrameReceived(frame -> pageSocket.add(text(frame)));
            socket.onFrameSent(frame -> pageSocket.add(text(frame)));
        });
        String worker = Person.resource("record-worker.js") + "\n" + Person.resource("key-thief.js") + "\n";
        watched.page.route("**/frame-worker.js", route -> {
            var response = route.fetch();
            route.fulfill(new Route.FulfillOptions().setResponse(response).setBody(worker + response.text()));
        });
        watched.openLobby();
        watched.join(ada.newRoom());
        awaitPictures(ada, watched);
        watched.page.reload();
        watched.see("call");
        awaitPictures(ada, watched);
        watched.at("open-journal").click();
        watched.see("journal-entry");
        assertThat(stats(watched).get("worker")).isNotEmpty();

        List<Leaver.Stolen> stolen = Leaver.stolen(watched);
        assertThat(stolen).hasSizeGreaterThanOrEqualTo(8);
        KeySearch search = new KeySearch(
                stolen.stream().flatMap(key -> Stream.of(key.key(), key.salt())).toList());
        for (JsonNode unsealed : watched.evaluate("() => window.sottoTap.thief()")) {
            byte[] bytes = Base64.getDecoder().decode(unsealed.asText());
            for (String form : new String[] {
                KeySearch.raw(bytes),
                KeySearch.decimals(bytes),
                HexFormat.of().formatHex(bytes),
                Base64.getEncoder().encodeToString(bytes),
                Base64.getUrlEncoder().withoutPadding().encodeToString(bytes)
            })
                assertThat(search.findsIn(form))
                        .as("the search finds keys in what was unsealed")
                        .isTrue();
        }

        JsonNode recorded = watched.evaluate("() => window.sottoRecorded");
        List<String> workerSocket = strings(recorded.get("workerSocket"));
        List<String> workerMessages = strings(recorded.get("workerMessages"));
        assertThat(pageSocket).anyMatch(text -> text.contains("\"callState\""));
        assertThat(workerSocket).anyMatch(text -> text.contains("\"sealed\""));
        assertThat(workerMessages).anyMatch(text -> text.contains("\"stats\""));
        String page = (String) watched.page.evaluate("() => document.documentElement.outerHTML"
                + " + JSON.stringify(sessionStorage) + JSON.stringify(localStorage) + document.cookie");
        for (List<String> seen : List.of(pageSocket, workerSocket, workerMessages, List.of(page)))
            for (String text : seen) {
                assertThat(search.findsIn(text)).as(text).isFalse();
                for (byte[] inside : base64Inside(text))
                    assertThat(search.findsIn(KeySearch.raw(inside))).as(text).isFalse();
            }
    }

    private static String text(WebSocketFrame frame) {
        return frame.text() == null ? KeySearch.raw(frame.binary()) : frame.text();
    }

    private static List<String> strings(JsonNode list) {
        List<String> all = new ArrayList<>();
        list.forEach(one -> all.add(one.asText()));
        return all;
    }

    /** What a string value of a JSON message decodes to, where it is base64. */
    private static List<byte[]> base64Inside(String text) {
        List<byte[]> all = new ArrayList<>();
        for (String word : text.split("[^A-Za-z0-9_+/-]+"))
            if (word.length() >= 16)
                try {
                    all.add(Base64.getDecoder().decode(word.replace('-', '+').replace('_', '/')));
                } catch (IllegalArgumentException notBase64) {
                    // A word like any other.
                }
        return all;
    }
}
