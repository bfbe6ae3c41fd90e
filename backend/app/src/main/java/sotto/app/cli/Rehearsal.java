package sotto.app.cli;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.WebSocket;
import java.util.Base64;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import sotto.bridge.messages.BackendToPage;
import sotto.bridge.messages.BridgeCodec;
import sotto.bridge.messages.BridgeException;
import sotto.bridge.messages.PageToBackend;
import sotto.bridge.messages.Protocol;
import sotto.bridge.messages.WorkerToBackend;

/**
 * A page and its worker that come into the lobby and leave, without a browser: what the app does for its first page it
 * has then done once. For {@code --end-when-ready}, after which the virtual machine keeps the classes that were used.
 */
final class Rehearsal {
    private static final int PATIENCE_SECONDS = 10;
    private static final Pattern FILE = Pattern.compile("(?:src|href)=\"(/[^\"]+)\"");
    private static final byte[] SOME_PUBLIC_KEY = new byte[32];

    static {
        SOME_PUBLIC_KEY[0] = 9; // X25519's base point: nobody's, but well formed
    }

    private final HttpClient http;
    private final URI oneTimeUrl;
    private String cookie = "";

    private Rehearsal(HttpClient http, URI oneTimeUrl) {
        this.http = http;
        this.oneTimeUrl = oneTimeUrl;
    }

    static void play(URI oneTimeUrl) throws IOException, InterruptedException {
        // Version 2 would be asked for with an Upgrade, which the gate takes for a socket.
        HttpClient.Builder builder = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1);
        try (HttpClient http = builder.build()) {
            new Rehearsal(http, oneTimeUrl).play();
        } catch (ExecutionException | TimeoutException | BridgeException failure) {
            throw new IOException("the app did not answer as it should", failure);
        }
    }

    private void play()
            throws IOException, InterruptedException, ExecutionException, TimeoutException, BridgeException {
        HttpResponse<String> launch = get(oneTimeUrl);
        cookie = launch.headers().firstValue("Set-Cookie").orElse("").replaceFirst(";.*", "");
        String token = launch.headers().firstValue("Location").orElse("").replaceFirst("^/#", "");
        String page = get(oneTimeUrl.resolve("/")).body();
        for (String file :
                FILE.matcher(page).results().map(found -> found.group(1)).toList()) get(oneTimeUrl.resolve(file));

        Socket forPage = connect(Protocol.PAGE_PATH, token);
        forPage.say(BridgeCodec.PAGE_TO_BACKEND.encode(new PageToBackend.Hello(Protocol.VERSION)));
        forPage.await(BackendToPage.Welcome.class);
        forPage.say(BridgeCodec.PAGE_TO_BACKEND.encode(new PageToBackend.GetWorkerTicket()));
        String ticket = forPage.await(BackendToPage.WorkerTicket.class).ticket();
        Socket forWorker = connect(Protocol.WORKER_PATH, ticket);
        forWorker.say(BridgeCodec.WORKER_TO_BACKEND.encode(new WorkerToBackend.Hello(
                Protocol.VERSION, Base64.getUrlEncoder().withoutPadding().encodeToString(SOME_PUBLIC_KEY))));
        forWorker.next();
        forWorker.socket.abort();
        forPage.socket.abort();
    }

    private HttpResponse<String> get(URI address) throws IOException, InterruptedException {
        HttpRequest.Builder request = HttpRequest.newBuilder(address);
        if (!cookie.isEmpty()) request.header("Cookie", cookie);
        HttpResponse<String> response = http.send(request.build(), HttpResponse.BodyHandlers.ofString());
        if (response.statusCode() >= 400) throw new IOException("the page was answered with " + response.statusCode());
        return response;
    }

    private Socket connect(String path, String secret)
            throws InterruptedException, ExecutionException, TimeoutException {
        Socket socket = new Socket();
        String host = oneTimeUrl.getHost() + ":" + oneTimeUrl.getPort();
        socket.socket = http.newWebSocketBuilder()
                .header("Cookie", cookie)
                .header("Origin", "http://" + host)
                .subprotocols(Protocol.SUBPROTOCOL, Protocol.TOKEN_PREFIX + secret)
                .buildAsync(URI.create("ws://" + host + path), socket)
                .get(PATIENCE_SECONDS, TimeUnit.SECONDS);
        return socket;
    }

    /** One end of a socket; what comes is kept until it is asked for. */
    private static final class Socket implements WebSocket.Listener {
        private final LinkedBlockingQueue<String> heard = new LinkedBlockingQueue<>();
        private final StringBuilder part = new StringBuilder();
        private WebSocket socket;

        void say(String message) throws InterruptedException, ExecutionException, TimeoutException {
            socket.sendText(message, true).get(PATIENCE_SECONDS, TimeUnit.SECONDS);
        }

        String next() throws InterruptedException, TimeoutException {
            String message = heard.poll(PATIENCE_SECONDS, TimeUnit.SECONDS);
            if (message == null) throw new TimeoutException("no message came");
            return message;
        }

        <T extends BackendToPage> T await(Class<T> type)
                throws InterruptedException, TimeoutException, BridgeException {
            return Stream.of(BridgeCodec.BACKEND_TO_PAGE.decode(next()))
                    .filter(type::isInstance)
                    .map(type::cast)
                    .findFirst()
                    .orElseThrow(() -> new TimeoutException("another message came"));
        }

        @Override
        public CompletionStage<?> onText(WebSocket from, CharSequence text, boolean last) {
            part.append(text);
            if (last) {
                heard.add(part.toString());
                part.setLength(0);
            }
            from.request(1);
            return null;
        }
    }
}
