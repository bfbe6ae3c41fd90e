package sotto.app.cli;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.WebSocket;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import sotto.bridge.messages.BackendToPage;
import sotto.bridge.messages.BackendToWorker;
import sotto.bridge.messages.BridgeCodec;
import sotto.bridge.messages.BridgeException;
import sotto.bridge.messages.PageToBackend;
import sotto.bridge.messages.Protocol;
import sotto.bridge.messages.WorkerToBackend;

/**
 * A page and its worker without a browser, which say what those would say. The worker's public key is one whose private
 * half nobody has: the keys that are sealed to it can be opened nowhere.
 */
final class RehearsedPage implements AutoCloseable {
    private static final int PATIENCE_SECONDS = 10;
    private static final Pattern FILE = Pattern.compile("(?:src|href)=\"(/[^\"]+)\"");

    private final HttpClient http;
    private final URI oneTimeUrl;
    private final String cookie;
    private final Socket page;
    private final Socket worker;

    /** Comes into the lobby: loads the page with its files and says hello, as the worker does. */
    RehearsedPage(HttpClient http, URI oneTimeUrl) throws IOException, InterruptedException {
        this.http = http;
        this.oneTimeUrl = oneTimeUrl;
        HttpResponse<String> launch = get(oneTimeUrl, "");
        cookie = launch.headers().firstValue("Set-Cookie").orElse("").replaceFirst(";.*", "");
        String token = launch.headers().firstValue("Location").orElse("").replaceFirst("^/#", "");
        String html = get(oneTimeUrl.resolve("/"), cookie).body();
        for (String file :
                FILE.matcher(html).results().map(found -> found.group(1)).toList())
            get(oneTimeUrl.resolve(file), cookie);

        page = connect(Protocol.PAGE_PATH, token);
        say(new PageToBackend.Hello(Protocol.VERSION));
        await(BackendToPage.Welcome.class, any -> true);
        say(new PageToBackend.GetWorkerTicket());
        String ticket = await(BackendToPage.WorkerTicket.class, any -> true).ticket();
        byte[] nobodysKey = new byte[32];
        new SecureRandom().nextBytes(nobodysKey);
        worker = connect(Protocol.WORKER_PATH, ticket);
        worker.say(BridgeCodec.WORKER_TO_BACKEND.encode(new WorkerToBackend.Hello(
                Protocol.VERSION, Base64.getUrlEncoder().withoutPadding().encodeToString(nobodysKey))));
        if (!(fromWorker() instanceof BackendToWorker.Open)) throw new IOException("the worker's channel did not open");
    }

    void say(PageToBackend message) throws IOException, InterruptedException {
        page.say(BridgeCodec.PAGE_TO_BACKEND.encode(message));
    }

    /** Waits for a message that fits; passes over what comes before it. */
    <T extends BackendToPage> T await(Class<T> type, Predicate<T> fits) throws IOException, InterruptedException {
        while (true) {
            BackendToPage message = decoded(() -> BridgeCodec.BACKEND_TO_PAGE.decode(page.next()));
            if (type.isInstance(message) && fits.test(type.cast(message))) return type.cast(message);
            if (message instanceof BackendToPage.CallFailed failed)
                throw new IOException(failed.problem().what());
        }
    }

    /** Waits until so many are in the call, and what they compare has been made. */
    BackendToPage.CallState awaitPeople(int number) throws IOException, InterruptedException {
        return await(
                BackendToPage.CallState.class,
                call -> call.participants().size() == number && (number == 1) == (call.safetyNumber() == null));
    }

    /** Waits for what the worker is told next, sealed, and says that it is done. */
    void workerDoes() throws IOException, InterruptedException {
        if (!(fromWorker() instanceof BackendToWorker.Sealed next))
            throw new IOException("the worker was told something else");
        worker.say(BridgeCodec.WORKER_TO_BACKEND.encode(new WorkerToBackend.Done(next.sequence())));
    }

    private BackendToWorker fromWorker() throws IOException, InterruptedException {
        return decoded(() -> BridgeCodec.BACKEND_TO_WORKER.decode(worker.next()));
    }

    /** Something that was said to the page or the worker. */
    private interface Heard<T> {
        T read() throws IOException, InterruptedException, BridgeException;
    }

    private static <T> T decoded(Heard<T> heard) throws IOException, InterruptedException {
        try {
            return heard.read();
        } catch (BridgeException malformed) {
            throw new IOException("the app said something malformed", malformed);
        }
    }

    private HttpResponse<String> get(URI address, String cookie) throws IOException, InterruptedException {
        HttpRequest.Builder request = HttpRequest.newBuilder(address);
        if (!cookie.isEmpty()) request.header("Cookie", cookie);
        HttpResponse<String> response = http.send(request.build(), HttpResponse.BodyHandlers.ofString());
        if (response.statusCode() >= 400) throw new IOException("the page was answered with " + response.statusCode());
        return response;
    }

    private Socket connect(String path, String secret) throws IOException, InterruptedException {
        Socket socket = new Socket();
        String host = oneTimeUrl.getHost() + ":" + oneTimeUrl.getPort();
        socket.socket = Socket.soon(http.newWebSocketBuilder()
                .header("Cookie", cookie)
                .header("Origin", "http://" + host)
                .subprotocols(Protocol.SUBPROTOCOL, Protocol.TOKEN_PREFIX + secret)
                .buildAsync(URI.create("ws://" + host + path), socket));
        return socket;
    }

    /** Page and worker are gone at once, without a word. */
    @Override
    public void close() {
        worker.socket.abort();
        page.socket.abort();
    }

    /** One end of a socket; what comes is kept until it is asked for. */
    private static final class Socket implements WebSocket.Listener {
        private final LinkedBlockingQueue<String> heard = new LinkedBlockingQueue<>();
        private final StringBuilder part = new StringBuilder();
        private WebSocket socket;

        void say(String message) throws IOException, InterruptedException {
            soon(socket.sendText(message, true));
        }

        String next() throws IOException, InterruptedException {
            String message = heard.poll(PATIENCE_SECONDS, TimeUnit.SECONDS);
            if (message == null) throw new IOException("no message came");
            return message;
        }

        static <T> T soon(CompletableFuture<T> future) throws IOException, InterruptedException {
            try {
                return future.get(PATIENCE_SECONDS, TimeUnit.SECONDS);
            } catch (ExecutionException | TimeoutException failure) {
                throw new IOException("a socket of the rehearsal failed", failure);
            }
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
