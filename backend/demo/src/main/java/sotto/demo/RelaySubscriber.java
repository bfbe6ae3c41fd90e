package sotto.demo;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.microsoft.playwright.BrowserContext;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.Route;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import sotto.rooms.LinkException;
import sotto.rooms.RoomLink;
import sotto.rooms.wire.ClientFrame;
import sotto.rooms.wire.ServerFrame;
import sotto.rooms.wire.WireCodec;
import sotto.rooms.wire.WireException;
import sotto.rooms.wire.WireLimits;

/**
 * Somebody who may use the relay but is not in the call: takes a place in the room at the coordination server, asks for a
 * ticket like anybody, subscribes to all that the relay has of the call with LiveKit's own client, and tries to play it.
 * Has no keys: the room id alone, as the operator of the server has it.
 */
final class RelaySubscriber implements AutoCloseable {
    private static final Duration PATIENCE = Duration.ofSeconds(20);
    private static final String PLACE = "http://127.0.0.1/outsider";
    private static final ObjectMapper JSON = new ObjectMapper();

    private final HttpClient http = HttpClient.newHttpClient();
    private final Connection connection = new Connection();
    private final WebSocket socket;
    private final BrowserContext context;
    private final Page page;

    /**
     * What it got.
     *
     * @param codes bar codes seen
     * @param listened how often it listened for a tone
     * @param tones how often one stood out; ciphertext sounds as noise, in which now and then one does
     */
    record Heard(int tracks, long frames, long decoded, long audioPackets, int codes, int listened, int tones) {
        boolean followed() {
            return codes > 0 || 2 * tones > listened;
        }
    }

    /**
     * Enters the call's room at the relay.
     *
     * @throws IOException if there is no ticket, or the relay does not let it in
     */
    RelaySubscriber(String link, URI server, Browser browser, Path client) throws IOException {
        try (RoomLink room = RoomLink.parse(link)) {
            socket = http.newWebSocketBuilder()
                    .buildAsync(URI.create(server.toString().replaceFirst("^http", "ws") + WireLimits.PATH), connection)
                    .join();
            socket.sendText(WireCodec.encode(new ClientFrame.Enter(WireLimits.VERSION, room.room())), true)
                    .join();
        } catch (LinkException e) {
            throw new IllegalArgumentException(e);
        }
        socket.sendText(WireCodec.encode(new ClientFrame.Ticket(Optional.empty(), Optional.empty())), true)
                .join();
        ServerFrame.Ticket ticket = connection.ticket();
        context = browser.context();
        context.addInitScript(Person.resource("synthetic.js"));
        page = context.newPage();
        page.route(
                PLACE,
                route -> route.fulfill(new Route.FulfillOptions()
                        .setContentType("text/html")
                        .setBody("<!doctype html><title>Outsider</title>")));
        page.navigate(PLACE);
        page.addScriptTag(new Page.AddScriptTagOptions().setPath(client));
        page.addScriptTag(new Page.AddScriptTagOptions().setContent(Person.resource("relay-subscriber.js")));
        page.evaluate(
                "({ url, token }) => sottoSubscriber.start(url, token)",
                Map.of(
                        "url",
                        ticket.ticket().url().toString(),
                        "token",
                        ticket.ticket().token()));
    }

    /** Goes, and tells what it got. */
    Heard end() throws IOException {
        Object heard = page.evaluate("async () => JSON.stringify(await sottoSubscriber.end())");
        JsonNode node = JSON.readTree((String) heard);
        return JSON.treeToValue(node, Heard.class);
    }

    @Override
    public void close() {
        context.close();
        socket.abort();
        http.close();
    }

    /** Waits for the one frame that matters. */
    private static final class Connection implements WebSocket.Listener {
        private final StringBuilder text = new StringBuilder();
        private final CompletableFuture<ServerFrame> answer = new CompletableFuture<>();

        @Override
        public CompletionStage<?> onText(WebSocket from, CharSequence part, boolean last) {
            text.append(part);
            if (last) {
                try {
                    ServerFrame frame = WireCodec.decodeServer(text.toString());
                    if (frame instanceof ServerFrame.Ticket || frame instanceof ServerFrame.Refused)
                        answer.complete(frame);
                } catch (WireException e) {
                    answer.completeExceptionally(e);
                }
                text.setLength(0);
            }
            from.request(1);
            return null;
        }

        ServerFrame.Ticket ticket() throws IOException {
            try {
                if (answer.get(PATIENCE.toMillis(), TimeUnit.MILLISECONDS) instanceof ServerFrame.Ticket ticket)
                    return ticket;
                throw new IOException("the outsider got no relay ticket");
            } catch (ExecutionException | TimeoutException e) {
                throw new IOException("the outsider got no relay ticket", e);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new IOException("interrupted", e);
            }
        }
    }
}
