package sotto.bridge.local;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.regex.Pattern;
import org.eclipse.jetty.http.HttpCookie;
import org.eclipse.jetty.http.HttpFields;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.server.handler.ErrorHandler;
import org.eclipse.jetty.util.Callback;
import sotto.bridge.gate.Gate;
import sotto.bridge.gate.Reason;
import sotto.bridge.gate.RefusedException;
import sotto.bridge.gate.Visitor;

/**
 * What every request meets before any route: the headers are set, Host, Origin and cookie are checked. It stands outside
 * of Javalin, so that no way of writing a path gets around it.
 */
final class FrontDoor extends Handler.Wrapper {
    /** The one address that needs no cookie; matched against the path as it came, undecoded. */
    private static final Pattern LAUNCH = Pattern.compile("/open/[A-Za-z0-9_-]{43}");

    /** Set as soon as the port is known; until then nobody is served. */
    private final CompletableFuture<Served> served = new CompletableFuture<>();

    private record Served(Gate gate, SecurityHeaders headers) {}

    void open(Gate gate, SecurityHeaders headers) {
        served.complete(new Served(gate, headers));
    }

    @Override
    public boolean handle(Request request, Response response, Callback callback) throws Exception {
        Served now = served.join();
        now.headers().putInto(response.getHeaders());
        Visitor visitor = visitor(request, now.gate().cookieName());
        try {
            now.gate().checkSource(visitor);
            boolean launch =
                    !visitor.socket() && LAUNCH.matcher(rawPath(request)).matches();
            if (!launch) now.gate().checkCookie(visitor);
        } catch (RefusedException e) {
            write(request, response, callback, 403, e.reason());
            return true;
        }
        return super.handle(
                new WithoutExtensions(request), new KeepHeaders(request, response, now.headers()), callback);
    }

    /** Jetty's own errors (malformed requests, for example) in plain text and with our headers. */
    ErrorHandler errors() {
        return new ErrorHandler() {
            @Override
            public boolean handle(Request request, Response response, Callback callback) {
                served.join().headers().putInto(response.getHeaders());
                int status = response.getStatus() < 400 ? 500 : response.getStatus();
                response.setStatus(status);
                response.getHeaders().put(HttpHeader.CONTENT_TYPE, "text/plain; charset=utf-8");
                response.write(
                        true, ByteBuffer.wrap(("Error " + status + "\n").getBytes(StandardCharsets.UTF_8)), callback);
                return true;
            }
        };
    }

    private static void write(Request request, Response response, Callback callback, int status, Reason reason) {
        byte[] page = HintPage.html(reason);
        response.setStatus(status);
        response.getHeaders().put(HttpHeader.CONTENT_TYPE, "text/html; charset=utf-8");
        response.getHeaders().put(HttpHeader.CONTENT_LENGTH, page.length);
        boolean head = request.getMethod().equals("HEAD");
        response.write(true, head ? null : ByteBuffer.wrap(page), callback);
    }

    private static Visitor visitor(Request request, String cookieName) {
        List<String> cookies = Request.getCookies(request).stream()
                .filter(cookie -> cookie.getName().equals(cookieName))
                .map(HttpCookie::getValue)
                .toList();
        // Either header is enough to be held to the rules of a socket.
        boolean socket = request.getHeaders().contains(HttpHeader.UPGRADE)
                || request.getHeaders().contains(HttpHeader.SEC_WEBSOCKET_KEY);
        return new Visitor(
                request.getMethod(),
                socket,
                header(request, "Host"),
                header(request, "Origin"),
                header(request, "Sec-Fetch-Site"),
                cookies);
    }

    /** All values of the header: a repeated one is then none that is expected. */
    private static String header(Request request, String name) {
        return String.join(", ", request.getHeaders().getValuesList(name));
    }

    private static String rawPath(Request request) {
        String path = request.getHttpURI().getPath();
        return path == null ? "" : path;
    }

    /**
     * Hides the offer to compress WebSocket messages: nothing is gained on a loopback, and what passes can be searched by
     * whoever audits it.
     */
    private static final class WithoutExtensions extends Request.Wrapper {
        private final HttpFields headers;

        WithoutExtensions(Request request) {
            super(request);
            headers = HttpFields.build(request.getHeaders())
                    .remove(HttpHeader.SEC_WEBSOCKET_EXTENSIONS)
                    .asImmutable();
        }

        @Override
        public HttpFields getHeaders() {
            return headers;
        }
    }

    /** Whoever resets the response on an error further in does not get rid of the headers. */
    private static final class KeepHeaders extends Response.Wrapper {
        private final SecurityHeaders headers;

        KeepHeaders(Request request, Response response, SecurityHeaders headers) {
            super(request, response);
            this.headers = headers;
        }

        @Override
        public void reset() {
            super.reset();
            headers.putInto(getHeaders());
        }

        @Override
        public void write(boolean last, ByteBuffer content, Callback callback) {
            if (!isCommitted()) headers.putInto(getHeaders());
            super.write(last, content, callback);
        }
    }
}
