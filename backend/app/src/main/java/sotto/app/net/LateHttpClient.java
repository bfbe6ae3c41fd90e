package sotto.app.net;

import java.net.http.HttpClient;
import java.util.function.Supplier;

/**
 * An HTTP client that is made when it is first asked for. It brings all of TLS with it, which takes longer than the rest
 * of the app's own start, and which nothing needs before the first call.
 */
public final class LateHttpClient implements AutoCloseable {
    private final Supplier<HttpClient> making;
    private HttpClient client;
    private boolean closed;

    public LateHttpClient(Supplier<HttpClient> making) {
        this.making = making;
    }

    /** The same one each time; once closed, one that opens nothing. */
    public synchronized HttpClient get() {
        if (client == null) {
            client = making.get();
            if (closed) client.shutdownNow();
        }
        return client;
    }

    /** Breaks off all that is open. */
    @Override
    public synchronized void close() {
        closed = true;
        if (client != null) client.shutdownNow();
    }
}
