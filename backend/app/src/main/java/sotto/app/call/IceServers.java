package sotto.app.call;

import java.time.Duration;
import java.util.List;
import java.util.function.Consumer;
import sotto.bridge.messages.BackendToPage;
import sotto.rooms.session.Timers;
import sotto.rooms.wire.IceServer;

/**
 * The STUN and TURN servers of one call: their names are turned into addresses, and their credentials are renewed when
 * half of their life is over, so that whatever connects, or looks for another way, has ones that work. Call thread only.
 *
 * <p>No clock is compared with the server's: lives are counted from when the credentials came. A computer that slept has
 * lost its connection to the server, and gets fresh credentials with the next one.
 */
final class IceServers {
    /** Between two questions, if the server did not answer the first. */
    private static final Duration AGAIN = Duration.ofSeconds(2);

    private final CallThread thread;
    private final NameLookup lookup;
    private final Runnable ask;
    private final Consumer<List<BackendToPage.IceServer>> tell;

    private Timers.Timer renewal = () -> {};
    /** Rises with each list of the server's: a slow lookup of an older one comes too late. */
    private int came;

    private boolean over;

    /**
     * @param ask asks the server for fresh ones
     * @param tell given those for the page, on the call thread
     */
    IceServers(CallThread thread, NameLookup lookup, Runnable ask, Consumer<List<BackendToPage.IceServer>> tell) {
        this.thread = thread;
        this.lookup = lookup;
        this.ask = ask;
        this.tell = tell;
    }

    /** The server has sent these. */
    void came(List<IceServer> servers) {
        int number = ++came;
        renewal.cancel();
        servers.stream()
                .flatMap(server -> server.life().stream())
                .min(Duration::compareTo)
                .ifPresent(life -> renewAfter(life.dividedBy(2)));
        List<String> urls =
                servers.stream().flatMap(server -> server.urls().stream()).toList();
        if (urls.stream().allMatch(NameLookup::isAddress)) {
            tell.accept(forPage(servers, lookup));
            return;
        }
        // A name server may take its time, and must not hold up keys.
        Thread.ofVirtual().name("sotto-ice-names").start(() -> {
            List<BackendToPage.IceServer> found = forPage(servers, lookup);
            thread.execute(() -> {
                if (number == came && !over) tell.accept(found);
            });
        });
    }

    void close() {
        over = true;
        renewal.cancel();
    }

    private void renewAfter(Duration delay) {
        renewal = thread.schedule(delay.toMillis(), () -> {
            if (over) return;
            ask.run();
            renewAfter(AGAIN);
        });
    }

    private static List<BackendToPage.IceServer> forPage(List<IceServer> servers, NameLookup lookup) {
        return servers.stream()
                .flatMap(server -> server.urls().stream()
                        .flatMap(url -> lookup.byAddress(url).stream())
                        .map(url -> new BackendToPage.IceServer(
                                url,
                                server.username().orElse(null),
                                server.credential().orElse(null))))
                .toList();
    }
}
