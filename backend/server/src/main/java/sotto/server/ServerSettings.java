package sotto.server;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import sotto.rooms.wire.IceServer;
import sotto.rooms.wire.WireLimits;
import sotto.server.relay.RelaySettings;

/**
 * Everything that an operator can set, with its default. The defaults suit one small public server; the command line
 * ({@code ./sotto server --help}) changes single values.
 *
 * @param iceServers handed to every client in {@code entered}; none by default: nothing of ours calls a third party
 * @param turn handed to every client with short-lived credentials of its own
 * @param relay none by default
 * @param metrics whether {@code /metrics} answers. It tells numbers only, but tells them to everybody
 */
public record ServerSettings(
        Listen listen,
        Capacity capacity,
        Rate rate,
        Timing timing,
        List<IceServer> iceServers,
        Optional<TurnServer> turn,
        RelaySettings relay,
        boolean metrics) {

    /** Port of {@code ./sotto server} when none is named. */
    public static final int DEFAULT_PORT = 7710;

    public ServerSettings {
        Objects.requireNonNull(listen, "listen");
        Objects.requireNonNull(capacity, "capacity");
        Objects.requireNonNull(rate, "rate");
        Objects.requireNonNull(timing, "timing");
        Objects.requireNonNull(turn, "turn");
        Objects.requireNonNull(relay, "relay");
        iceServers = List.copyOf(iceServers);
        int all = iceServers.size() + (turn.isPresent() ? 1 : 0);
        if (all > WireLimits.ICE_SERVERS)
            throw new IllegalArgumentException(
                    "there are " + all + " ICE servers, more than " + WireLimits.ICE_SERVERS);
    }

    /** Loopback only, no TLS, no ICE servers. */
    public static ServerSettings defaults() {
        return new ServerSettings(
                Listen.defaults(),
                Capacity.defaults(),
                Rate.defaults(),
                Timing.defaults(),
                List.of(),
                Optional.empty(),
                RelaySettings.off(),
                true);
    }

    /**
     * Where the server listens.
     *
     * @param host address to bind
     * @param port TCP port, 0 for any free one
     * @param tls certificate and key; without them plain HTTP, which clients take from loopback hosts only
     * @param behindProxy takes a client's address, for {@link Capacity#perAddress} alone, from the last
     *     {@code X-Forwarded-For} value. Only right if every request comes through a proxy that sets it
     */
    public record Listen(String host, int port, Optional<Tls> tls, boolean behindProxy) {
        public Listen {
            if (host.isBlank()) throw new IllegalArgumentException("host is empty");
            if (port < 0 || port > 65_535) throw new IllegalArgumentException("port is out of range: " + port);
            Objects.requireNonNull(tls, "tls");
        }

        static Listen defaults() {
            return new Listen("127.0.0.1", DEFAULT_PORT, Optional.empty(), false);
        }
    }

    /**
     * @param certificate PEM file with the certificate and its chain
     * @param key PEM file with its private key (PKCS #8, not encrypted)
     */
    public record Tls(Path certificate, Path key) {
        public Tls {
            Objects.requireNonNull(certificate, "certificate");
            Objects.requireNonNull(key, "key");
        }
    }

    /**
     * How much the server holds at once; each bounds memory.
     *
     * @param rooms rooms with somebody in them
     * @param people connections in one room
     * @param connections connections in all
     * @param perAddress connections from one IPv4 address or one IPv6 /64: an office behind one address fits
     * @param groups MLS groups per life of a room's log. A room needs a new one only when all members of the last died
     * @param outgoingBytes bytes waiting for one slow reader before its connection is ended
     */
    public record Capacity(int rooms, int people, int connections, int perAddress, int groups, int outgoingBytes) {
        public Capacity {
            atLeastOne("rooms", rooms);
            atLeastOne("people", people);
            if (people > WireLimits.PRESENT)
                throw new IllegalArgumentException(
                        "people is " + people + ", more than the " + WireLimits.PRESENT + " that a frame can name");
            atLeastOne("connections", connections);
            atLeastOne("connections per address", perAddress);
            atLeastOne("groups", groups);
            if (outgoingBytes < 2 * WireLimits.FRAME_BYTES)
                throw new IllegalArgumentException("outgoing bytes must hold at least two frames");
        }

        static Capacity defaults() {
            return new Capacity(10_000, 500, 20_000, 100, 1_000, 4 << 20);
        }
    }

    /**
     * What one connection may send: a bucket that holds {@code burst} and refills by {@code perSecond}. A join to a mesh
     * of 30 needs some 600 small frames (offers, answers, candidates) within seconds.
     */
    public record Rate(int framesPerSecond, int framesBurst, int bytesPerSecond, int bytesBurst) {
        public Rate {
            atLeastOne("frames per second", framesPerSecond);
            atLeastOne("frames burst", framesBurst);
            atLeastOne("bytes per second", bytesPerSecond);
            if (bytesBurst < WireLimits.FRAME_BYTES)
                throw new IllegalArgumentException("bytes burst must hold at least one frame");
        }

        static Rate defaults() {
            return new Rate(100, 1_000, 512 << 10, 4 << 20);
        }
    }

    /**
     * @param enter from the socket's opening to {@code enter}
     * @param ping silence after which the server pings
     * @param dead silence after which a connection counts as gone: several pings without an answer
     * @param closing time for a refused connection to close by itself before it is cut
     */
    public record Timing(Duration enter, Duration ping, Duration dead, Duration closing) {
        public Timing {
            positive("enter", enter);
            positive("ping", ping);
            positive("dead", dead);
            positive("closing", closing);
            // Not multipliedBy: it counts with BigDecimal, whose tables take longer to make than all that stands here.
            if (dead.compareTo(ping.plus(ping)) < 0)
                throw new IllegalArgumentException("dead must be at least twice ping");
        }

        static Timing defaults() {
            return new Timing(
                    Duration.ofSeconds(5), Duration.ofSeconds(1), Duration.ofSeconds(5), Duration.ofSeconds(2));
        }
    }

    public ServerSettings withListen(Listen other) {
        return new ServerSettings(other, capacity, rate, timing, iceServers, turn, relay, metrics);
    }

    /** Same address, another port. */
    public ServerSettings withPort(int port) {
        return withListen(new Listen(listen.host, port, listen.tls, listen.behindProxy));
    }

    public ServerSettings withCapacity(Capacity other) {
        return new ServerSettings(listen, other, rate, timing, iceServers, turn, relay, metrics);
    }

    public ServerSettings withRate(Rate other) {
        return new ServerSettings(listen, capacity, other, timing, iceServers, turn, relay, metrics);
    }

    public ServerSettings withTiming(Timing other) {
        return new ServerSettings(listen, capacity, rate, other, iceServers, turn, relay, metrics);
    }

    public ServerSettings withIceServers(List<IceServer> others) {
        return new ServerSettings(listen, capacity, rate, timing, others, turn, relay, metrics);
    }

    public ServerSettings withTurn(TurnServer other) {
        return new ServerSettings(listen, capacity, rate, timing, iceServers, Optional.of(other), relay, metrics);
    }

    public ServerSettings withRelay(RelaySettings other) {
        return new ServerSettings(listen, capacity, rate, timing, iceServers, turn, other, metrics);
    }

    public ServerSettings withMetrics(boolean answered) {
        return new ServerSettings(listen, capacity, rate, timing, iceServers, turn, relay, answered);
    }

    private static void atLeastOne(String what, int value) {
        if (value < 1) throw new IllegalArgumentException(what + " must be at least 1, is " + value);
    }

    private static void positive(String what, Duration value) {
        if (value.isNegative() || value.isZero()) throw new IllegalArgumentException(what + " must be positive");
    }
}
