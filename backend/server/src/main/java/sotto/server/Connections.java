package sotto.server;

import java.net.Inet6Address;
import java.net.InetAddress;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import sotto.rooms.wire.RefusalCode;

/**
 * All open connections: counts them against the limits, and looks after them from one thread: pings the silent, ends
 * the dead, cuts those that do not close.
 */
final class Connections implements AutoCloseable {
    private final ServerSettings settings;
    private final Set<RoomConnection> open = ConcurrentHashMap.newKeySet();
    private final Map<String, Integer> byAddress = new ConcurrentHashMap<>();
    private final ScheduledExecutorService thread = Executors.newSingleThreadScheduledExecutor(
            Thread.ofPlatform().name("sotto-server-presence").daemon().factory());

    Connections(ServerSettings settings) {
        this.settings = settings;
    }

    ScheduledFuture<?> start() {
        // Twice per ping interval: a silent connection ends at most half an interval late.
        long every = settings.timing().ping().toMillis() / 2 + 1;
        return thread.scheduleAtFixedRate(this::tick, every, every, TimeUnit.MILLISECONDS);
    }

    private void tick() {
        long now = System.nanoTime();
        for (RoomConnection connection : open) {
            try {
                connection.tick(now);
            } catch (RuntimeException broken) {
                // One connection's trouble must not end the looking after all others.
                connection.abort();
            }
        }
    }

    /** Runs something soon, without any lock of the caller. */
    void later(Runnable action) {
        try {
            thread.execute(action);
        } catch (RejectedExecutionException closed) {
            // The server is closing and ends every connection itself.
        }
    }

    /** @return why it may not stay, if so; it counts until {@link #remove} in either case */
    Optional<RefusalCode> add(RoomConnection connection) {
        open.add(connection);
        int fromThere = byAddress.merge(connection.addressGroup(), 1, Integer::sum);
        if (open.size() > settings.capacity().connections()) return Optional.of(RefusalCode.SERVER_FULL);
        if (fromThere > settings.capacity().perAddress()) return Optional.of(RefusalCode.ADDRESS_FULL);
        return Optional.empty();
    }

    void remove(RoomConnection connection) {
        if (open.remove(connection))
            byAddress.computeIfPresent(connection.addressGroup(), (address, count) -> count == 1 ? null : count - 1);
    }

    int count() {
        return open.size();
    }

    /** Whether so many sockets are open, refused ones included, that not even a refusal is worth its cost. */
    boolean flooded() {
        return open.size() >= 2L * settings.capacity().connections();
    }

    Set<RoomConnection> all() {
        return open;
    }

    @Override
    public void close() {
        thread.shutdownNow();
    }

    /** What counts as one address: an IPv4 address, or an IPv6 /64, since one subscriber gets at least that. */
    static String addressGroup(InetAddress address) {
        byte[] bytes = address.getAddress();
        return HexFormat.of().formatHex(address instanceof Inet6Address ? Arrays.copyOf(bytes, 8) : bytes);
    }
}
