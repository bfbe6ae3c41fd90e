package sotto.app;

import java.net.URI;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Supplier;
import sotto.bridge.messages.BackendToPage.ScreenSource;
import sotto.server.relay.RelaySettings;

/**
 * What one run of the app is told from outside. Everything else lives in the profile.
 *
 * @param profile folder of the identity and all that is remembered; made if it does not exist
 * @param server coordination server that new rooms are made on; empty: the app runs one of its own on a free loopback
 *     port
 * @param relay relays of the app's own server; none where another server is named, which has its own
 * @param relayProgress told what getting and running a relay comes to; on any thread
 * @param port loopback port of the page; 0 picks a free one
 * @param embedded whether the page is shown in the app's own window, which has no browser prompts: the page then asks
 *     for camera, microphone and screen itself
 * @param link call link that the app was started with, not yet checked; the lobby offers to join it
 * @param screens lists what can be shared; asked each time the user opens the picker, off the user-interface thread.
 *     Empty list outside of the app's own window
 */
public record AppSettings(
        Path profile,
        Optional<URI> server,
        RelaySettings relay,
        Consumer<String> relayProgress,
        int port,
        boolean embedded,
        Optional<String> link,
        Supplier<List<ScreenSource>> screens) {
    public AppSettings {
        profile = profile.toAbsolutePath().normalize();
        Objects.requireNonNull(server, "server");
        Objects.requireNonNull(relay, "relay");
        Objects.requireNonNull(relayProgress, "relayProgress");
        Objects.requireNonNull(link, "link");
        Objects.requireNonNull(screens, "screens");
        if (port < 0 || port > 65_535) throw new IllegalArgumentException("not a port: " + port);
        server.ifPresent(AppSettings::requireServer);
        if (server.isPresent() && relay.any())
            throw new IllegalArgumentException("the server that is named has relays of its own");
    }

    /** A server is an origin: {@code https}, or {@code http} for tests and loopback; no path, query or user info. */
    private static void requireServer(URI server) {
        boolean scheme = "https".equals(server.getScheme()) || "http".equals(server.getScheme());
        boolean bare = server.getHost() != null
                && server.getRawUserInfo() == null
                && server.getRawQuery() == null
                && server.getRawFragment() == null
                && (server.getRawPath() == null
                        || server.getRawPath().isEmpty()
                        || server.getRawPath().equals("/"));
        if (!scheme || !bare) throw new IllegalArgumentException("not a server address: " + server);
    }
}
