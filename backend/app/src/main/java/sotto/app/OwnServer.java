package sotto.app;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.URI;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import sotto.server.ServerSettings;
import sotto.server.SottoServer;

/** The app's own coordination server. It starts on a thread of its own, beside the rest of the app. */
final class OwnServer implements AutoCloseable {
    private final CompletableFuture<SottoServer> started = new CompletableFuture<>();

    OwnServer(AppSettings settings) {
        ServerSettings asked =
                ServerSettings.defaults().withPort(0).withMetrics(false).withRelay(settings.relay());
        Thread.ofPlatform().name("own-server-start").start(() -> {
            try {
                started.complete(SottoServer.start(asked, null, settings.relayProgress()));
            } catch (IOException | RuntimeException | Error failure) {
                started.completeExceptionally(failure);
            }
        });
    }

    /**
     * Waits until it accepts connections.
     *
     * @throws IOException if it cannot
     */
    URI url() throws IOException {
        try {
            return URI.create(started.get().url());
        } catch (ExecutionException failure) {
            throw new IOException(failure.getCause().getMessage(), failure.getCause());
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new InterruptedIOException("interrupted while the app's own server was starting");
        }
    }

    @Override
    public void close() {
        started.thenAccept(SottoServer::close)
                .exceptionally(neverStarted -> null)
                .join();
    }
}
