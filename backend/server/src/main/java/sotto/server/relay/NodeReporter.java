package sotto.server.relay;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Clock;
import java.time.Duration;
import java.util.Base64;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Tells a coordination server once a second that the relay node on this machine is there. */
final class NodeReporter implements AutoCloseable {
    private static final Pattern ROOMS = Pattern.compile("\\{\"rooms\":([0-9]{1,9})}");
    private static final int OK = 200;
    private static final int UNKNOWN = -1;

    private final URI address;
    private final NodeSecret secret;
    private final String node;
    private final URI url;
    private final Consumer<String> progress;
    private final Clock clock;
    private final HttpClient http =
            HttpClient.newBuilder().connectTimeout(Duration.ofSeconds(2)).build();
    private final ScheduledExecutorService thread = Executors.newSingleThreadScheduledExecutor(
            Thread.ofPlatform().name("sotto-relay-beat").daemon().factory());

    private volatile NodeBeat.State state = NodeBeat.State.DOWN;
    private volatile int rooms = UNKNOWN;
    private String told = "";
    private long time;

    /**
     * @param server scheme, host and port of the coordination server
     * @param url where clients reach the node
     * @param progress told when registering begins to work or ceases to
     */
    NodeReporter(URI server, NodeSecret secret, String node, URI url, Consumer<String> progress, Clock clock) {
        this.address = server.resolve(NodeBeat.PATH);
        this.secret = secret;
        this.node = node;
        this.url = url;
        this.progress = progress;
        this.clock = clock;
    }

    void start() {
        thread.scheduleAtFixedRate(this::beat, 0, NodeRegistry.BEAT.toMillis(), TimeUnit.MILLISECONDS);
    }

    /** Told with the next beat, which is sent at once. */
    void state(NodeBeat.State now) {
        // Draining is for good: a relay that comes back meanwhile is not open for new rooms.
        if (state == NodeBeat.State.DRAINING && now != NodeBeat.State.GONE) return;
        state = now;
        // What the server counted before it knew may have grown since.
        rooms = UNKNOWN;
        if (!thread.isShutdown()) thread.execute(this::beat);
    }

    /** Rooms on this node, by the server's last word since it knows the state; negative while there is none. */
    int rooms() {
        return rooms;
    }

    private void beat() {
        try {
            time = Math.max(time + 1, clock.millis());
            NodeBeat.State sent = state;
            byte[] body = new NodeBeat(node, url, sent, time).encode();
            String mac = Base64.getUrlEncoder().withoutPadding().encodeToString(secret.beatMac(body));
            HttpResponse<String> answer = http.send(
                    HttpRequest.newBuilder(address)
                            .timeout(Duration.ofSeconds(2))
                            .header("Authorization", NodeBeat.SCHEME + mac)
                            .header("Content-Type", "application/json")
                            .POST(HttpRequest.BodyPublishers.ofByteArray(body))
                            .build(),
                    HttpResponse.BodyHandlers.ofString());
            if (answer.statusCode() == OK) {
                Matcher count = ROOMS.matcher(answer.body());
                if (count.matches() && sent == state) rooms = Integer.parseInt(count.group(1));
                tell("registered with " + address.getAuthority());
            } else {
                tell(answer.statusCode() + " from " + address.getAuthority() + ": " + reason(answer));
            }
        } catch (IOException unreachable) {
            tell("can't reach " + address.getAuthority() + "; trying on");
        } catch (InterruptedException closing) {
            Thread.currentThread().interrupt();
        }
    }

    private static String reason(HttpResponse<String> answer) {
        String text = answer.body().replaceAll("[^\\x20-\\x7e]", " ");
        return switch (answer.statusCode()) {
            case 400, 401, 409, 503 -> text.substring(0, Math.min(200, text.length()));
            case 404 -> "it takes no relay nodes (--relay-node-secret-file)";
            default -> "not an answer of a coordination server";
        };
    }

    private void tell(String now) {
        if (now.equals(told)) return;
        told = now;
        progress.accept(now);
    }

    /** Says goodbye, as far as the server hears it within a moment. */
    @Override
    public void close() {
        state(NodeBeat.State.GONE);
        thread.shutdown();
        try {
            if (!thread.awaitTermination(3, TimeUnit.SECONDS)) thread.shutdownNow();
        } catch (InterruptedException interrupted) {
            thread.shutdownNow();
            Thread.currentThread().interrupt();
        }
        http.shutdownNow();
    }
}
