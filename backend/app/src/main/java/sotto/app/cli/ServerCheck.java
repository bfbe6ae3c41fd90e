package sotto.app.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;

/** Tells a user early that the named server does not answer. The app starts all the same: the server may come back. */
final class ServerCheck {
    private static final Duration PATIENCE = Duration.ofSeconds(5);

    private ServerCheck() {}

    static void inBackground(URI server, PrintWriter err) {
        Thread.ofVirtual().start(() -> {
            try {
                check(server);
            } catch (IOException away) {
                String reason = away.getMessage() == null ? "no connection" : away.getMessage();
                err.println("The coordination server " + server + " does not answer (" + reason + ").");
                err.println("Calls cannot start until it does. Check the address, or leave --server out.");
                err.flush();
            } catch (InterruptedException ending) {
                Thread.currentThread().interrupt();
            }
        });
    }

    /** @throws IOException if there is nothing, or something that is not a coordination server */
    static void check(URI server) throws IOException, InterruptedException {
        try (HttpClient http = HttpClient.newBuilder().connectTimeout(PATIENCE).build()) {
            HttpRequest request = HttpRequest.newBuilder(server.resolve("/health"))
                    .timeout(PATIENCE)
                    .build();
            int status =
                    http.send(request, HttpResponse.BodyHandlers.discarding()).statusCode();
            if (status != 200) throw new IOException("status " + status + ", so it is something else");
        }
    }
}
