package sotto.app.relay;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.net.http.HttpClient;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.Base64;
import java.util.Deque;
import java.util.Iterator;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.function.BiConsumer;
import sotto.app.net.LateHttpClient;
import sotto.bridge.local.TunnelListener;
import sotto.rooms.wire.RelayTicket;

/** Gives names to tunnels, each good once and for ten seconds, and carries what goes through them. Thread-safe. */
public final class RelayTunnels implements TunnelListener, AutoCloseable {
    static final Duration NAME_LIFE = Duration.ofSeconds(10);
    private static final Duration CONNECT = Duration.ofSeconds(3);
    /** Names that wait to be used; the oldest goes for a new one. */
    private static final int MOST_NAMES = 4;

    private record Named(byte[] name, RelayTicket ticket, BiConsumer<String, TunnelFailure> failed, Instant end) {}

    private final SecureRandom random;
    private final InstantSource clock;
    private final LateHttpClient http = new LateHttpClient(RelayTunnels::client);
    private final Deque<Named> names = new ArrayDeque<>();
    private final Set<Carrier> open = ConcurrentHashMap.newKeySet();

    public RelayTunnels(SecureRandom random, InstantSource clock) {
        this.random = Objects.requireNonNull(random, "random");
        this.clock = Objects.requireNonNull(clock, "clock");
    }

    private static HttpClient client() {
        return HttpClient.newBuilder()
                .version(HttpClient.Version.HTTP_1_1)
                .followRedirects(HttpClient.Redirect.NEVER)
                .connectTimeout(CONNECT)
                .executor(Executors.newThreadPerTaskExecutor(
                        Thread.ofVirtual().name("sotto-relay-tunnel-", 0).factory()))
                .build();
    }

    /**
     * A name for a tunnel that this ticket opens: 32 random bytes in base64url.
     *
     * @param failed told the name and why, on any thread, if the node never answers as a relay
     */
    public String issue(RelayTicket ticket, BiConsumer<String, TunnelFailure> failed) {
        byte[] bytes = new byte[32];
        random.nextBytes(bytes);
        String name = Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
        synchronized (names) {
            if (names.size() == MOST_NAMES) names.removeFirst();
            names.addLast(new Named(
                    name.getBytes(US_ASCII), ticket, failed, clock.instant().plus(NAME_LIFE)));
        }
        return name;
    }

    @Override
    public Optional<Tunnel> redeem(String name) {
        byte[] shown = name.getBytes(US_ASCII);
        Instant now = clock.instant();
        Named found = null;
        synchronized (names) {
            for (Iterator<Named> all = names.iterator(); all.hasNext(); ) {
                Named one = all.next();
                boolean same = MessageDigest.isEqual(one.name(), shown);
                boolean over = !now.isBefore(one.end());
                if (same && !over) found = one;
                if (same || over) all.remove();
            }
        }
        if (found == null) return Optional.empty();
        BiConsumer<String, TunnelFailure> failed = found.failed();
        Carrier carrier =
                new Carrier(http.get(), CONNECT, found.ticket(), why -> failed.accept(name, why), open::remove);
        open.add(carrier);
        return Optional.of(carrier);
    }

    /** The call is over: names are no longer good, and tunnels end. */
    public void closeAll() {
        synchronized (names) {
            names.clear();
        }
        open.forEach(Carrier::end);
    }

    @Override
    public void close() {
        closeAll();
        http.close();
    }
}
