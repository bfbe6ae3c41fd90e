package sotto.app.window;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.WebSocket;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/** As much of Chromium's DevTools protocol as the window's tests need. */
final class DevTools implements AutoCloseable {
    private static final ObjectMapper JSON = new ObjectMapper();

    private final HttpClient http = HttpClient.newHttpClient();
    private final int port;
    private final AtomicInteger lastId = new AtomicInteger();
    private final Map<Integer, CompletableFuture<JsonNode>> waiting = new ConcurrentHashMap<>();
    private final WebSocket socket;

    /** Connects to the only page. */
    DevTools(int port) throws Exception {
        this.port = port;
        JsonNode pages = pages();
        if (pages.size() != 1) throw new IOException("not one page but " + pages.size());
        socket = http.newWebSocketBuilder()
                .buildAsync(URI.create(pages.get(0).get("webSocketDebuggerUrl").asText()), new Listener())
                .get(10, TimeUnit.SECONDS);
    }

    /** All that is open, the page first. */
    JsonNode pages() throws Exception {
        HttpRequest list = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + "/json/list"))
                .build();
        return JSON.readTree(
                http.send(list, HttpResponse.BodyHandlers.ofString()).body());
    }

    /** The value of a JavaScript expression; a promise is waited for. */
    JsonNode evaluate(String expression) throws Exception {
        ObjectNode parameters = JSON.createObjectNode()
                .put("expression", expression)
                .put("awaitPromise", true)
                .put("returnByValue", true)
                .put("userGesture", true);
        JsonNode answer = call("Runtime.evaluate", parameters).get(30, TimeUnit.SECONDS);
        if (answer.has("exceptionDetails")) throw new AssertionError(answer.get("exceptionDetails"));
        return answer.get("result").path("value");
    }

    CompletableFuture<JsonNode> call(String method, ObjectNode parameters) {
        int id = lastId.incrementAndGet();
        CompletableFuture<JsonNode> answer = new CompletableFuture<>();
        waiting.put(id, answer);
        ObjectNode message = JSON.createObjectNode().put("id", id).put("method", method);
        message.set("params", parameters);
        socket.sendText(message.toString(), true);
        return answer;
    }

    CompletableFuture<JsonNode> call(String method) {
        return call(method, JSON.createObjectNode());
    }

    static ObjectNode object() {
        return JSON.createObjectNode();
    }

    @Override
    public void close() {
        socket.abort();
        http.close();
    }

    private final class Listener implements WebSocket.Listener {
        private final StringBuilder text = new StringBuilder();

        @Override
        public CompletionStage<?> onText(WebSocket from, CharSequence part, boolean last) {
            text.append(part);
            if (last) {
                try {
                    JsonNode message = JSON.readTree(text.toString());
                    CompletableFuture<JsonNode> answer =
                            waiting.remove(message.path("id").asInt());
                    if (answer != null) answer.complete(message.path("result"));
                } catch (IOException malformed) {
                    throw new IllegalStateException(malformed);
                }
                text.setLength(0);
            }
            from.request(1);
            return null;
        }
    }
}
