package sotto.server.relay.livekit;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import sotto.server.relay.RelayEngine;
import sotto.server.relay.RelayKey;

/** A LiveKit server as relay. */
public final class LiveKit implements RelayEngine {
    private static final int OK = 200;

    private final HttpClient http = HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(Duration.ofSeconds(2))
            .build();

    @Override
    public String token(RelayKey key, Seat seat) {
        return LiveKitToken.mint(key, seat);
    }

    /** LiveKit answers {@code GET /} with 200 while its own view of itself is fresh, with 406 otherwise. */
    @Override
    public CompletableFuture<Boolean> healthy(URI url, Duration patience) {
        HttpRequest question = HttpRequest.newBuilder(healthAddress(url))
                .timeout(patience)
                .GET()
                .build();
        return http.sendAsync(question, HttpResponse.BodyHandlers.discarding())
                .handle((answer, failed) -> failed == null && answer.statusCode() == OK);
    }

    /** {@code wss://host/path} is asked at {@code https://host/path/}. */
    static URI healthAddress(URI url) {
        String text = url.toString().replaceFirst("^ws", "http");
        return URI.create(text.endsWith("/") ? text : text + "/");
    }

    @Override
    public Path program(Consumer<String> progress) throws IOException {
        return LiveKitProgram.onThisMachine().find(progress);
    }

    @Override
    public Launch launch(Path program, RelayKey key, Binding binding) {
        String host = binding.host().contains(":") ? "[" + binding.host() + "]" : binding.host();
        String asked = host.equals("0.0.0.0") ? "127.0.0.1" : host.equals("[::]") ? "[::1]" : host;
        return new Launch(
                List.of(program.toString()),
                // In the environment, which its user alone can read: keys in arguments stand in the list of processes.
                Map.of("LIVEKIT_CONFIG", LiveKitConfig.of(key, binding)),
                URI.create("http://" + asked + ":" + binding.port()));
    }
}
