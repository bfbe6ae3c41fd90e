package sotto.bridge.local;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.nio.ByteBuffer;
import java.util.HexFormat;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import sotto.bridge.messages.BackendToPage;
import sotto.bridge.messages.BackendToWorker;
import sotto.bridge.messages.BridgeCodec;
import sotto.bridge.messages.PageToBackend;
import sotto.bridge.messages.WorkerToBackend;

/** A page's or worker's end of a socket, on the JDK's client. */
final class TestSocket implements WebSocket.Listener {
    static final HttpClient CLIENT = HttpClient.newHttpClient();

    private final LinkedBlockingQueue<String> received = new LinkedBlockingQueue<>();
    private final CompletableFuture<Integer> closed = new CompletableFuture<>();
    private final StringBuilder part = new StringBuilder();
    private WebSocket socket;

    /** From a page of the bridge itself. */
    static TestSocket connect(int port, String path, String cookie, String... subprotocols) throws Exception {
        return connect(CLIENT, port, port, path, cookie, subprotocols);
    }

    /** @param originPort port of the page that connects */
    static TestSocket connect(
            HttpClient client, int originPort, int port, String path, String cookie, String... subprotocols)
            throws Exception {
        TestSocket test = new TestSocket();
        WebSocket.Builder builder = client.newWebSocketBuilder()
                .header("Origin", "http://127.0.0.1:" + originPort)
                .header("Cookie", cookie)
                .header("User-Agent", "Test page");
        if (subprotocols.length == 2) builder.subprotocols(subprotocols[0], subprotocols[1]);
        if (subprotocols.length == 1) builder.subprotocols(subprotocols[0]);
        test.socket = builder.buildAsync(URI.create("ws://127.0.0.1:" + port + path), test)
                .get(10, TimeUnit.SECONDS);
        return test;
    }

    String subprotocol() {
        return socket.getSubprotocol();
    }

    TestSocket say(PageToBackend message) {
        return sayText(BridgeCodec.PAGE_TO_BACKEND.encode(message));
    }

    TestSocket say(WorkerToBackend message) {
        return sayText(BridgeCodec.WORKER_TO_BACKEND.encode(message));
    }

    TestSocket sayText(String text) {
        socket.sendText(text, true).join();
        return this;
    }

    TestSocket sayBinary(byte[] bytes) {
        socket.sendBinary(ByteBuffer.wrap(bytes), true).join();
        return this;
    }

    String nextText() throws InterruptedException {
        String text = received.poll(10, TimeUnit.SECONDS);
        if (text == null) throw new AssertionError("nothing was received, closed: " + closed);
        return text;
    }

    <T extends BackendToPage> T next(Class<T> type) throws InterruptedException {
        return type.cast(BridgeCodec.BACKEND_TO_PAGE.decode(nextText()));
    }

    <T extends BackendToWorker> T nextForWorker(Class<T> type) throws InterruptedException {
        return type.cast(BridgeCodec.BACKEND_TO_WORKER.decode(nextText()));
    }

    /** Waits for the socket's end. */
    int closeCode() throws Exception {
        return closed.get(10, TimeUnit.SECONDS);
    }

    boolean isOpen() {
        return !closed.isDone();
    }

    void close() throws Exception {
        socket.sendClose(1000, "").exceptionally(e -> socket).get(10, TimeUnit.SECONDS);
    }

    @Override
    public CompletionStage<?> onText(WebSocket webSocket, CharSequence data, boolean last) {
        part.append(data);
        if (last) {
            received.add(part.toString());
            part.setLength(0);
        }
        webSocket.request(1);
        return null;
    }

    /** As hexadecimal digits, pieces joined. */
    @Override
    public CompletionStage<?> onBinary(WebSocket webSocket, ByteBuffer data, boolean last) {
        byte[] bytes = new byte[data.remaining()];
        data.get(bytes);
        part.append(HexFormat.of().formatHex(bytes));
        return onText(webSocket, "", last);
    }

    @Override
    public CompletionStage<?> onClose(WebSocket webSocket, int statusCode, String reason) {
        closed.complete(statusCode);
        return null;
    }

    @Override
    public void onError(WebSocket webSocket, Throwable error) {
        closed.complete(1006);
    }
}
