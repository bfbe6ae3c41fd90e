package sotto.server.relay;

import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import sotto.rooms.wire.RelayTicket;

/**
 * Where a server's relays come from and who gets in.
 *
 * @param own the relay that the server runs itself, on this machine
 * @param others relays that the operator runs and names
 * @param nodeSecret what machines that register as relay nodes must know; none may if there is none
 * @param ticketLife how long a ticket opens a node for a newcomer
 */
public record RelaySettings(
        Optional<Own> own,
        List<Other> others,
        Optional<NodeSecret> nodeSecret,
        RelayPolicy policy,
        Duration ticketLife) {

    /** Time to connect, with a slow network and a slow hand-shake. */
    public static final Duration TICKET_LIFE = Duration.ofMinutes(2);

    private static final RelaySettings OFF =
            new RelaySettings(Optional.empty(), List.of(), Optional.empty(), RelayPolicy.open(), TICKET_LIFE);

    public RelaySettings {
        Objects.requireNonNull(own, "own");
        others = List.copyOf(others);
        Objects.requireNonNull(nodeSecret, "nodeSecret");
        Objects.requireNonNull(policy, "policy");
        if (ticketLife.compareTo(Duration.ofSeconds(1)) < 0)
            throw new IllegalArgumentException("tickets live too short");
    }

    /** No relay at all. */
    public static RelaySettings off() {
        return OFF;
    }

    /** A relay of the server's own, on loopback, with free ports: for calls on one machine. */
    public static RelaySettings auto() {
        return OFF.withOwn(Own.onLoopback());
    }

    public RelaySettings withOwn(Own relay) {
        return new RelaySettings(Optional.of(relay), others, nodeSecret, policy, ticketLife);
    }

    public RelaySettings withOthers(List<Other> relays) {
        return new RelaySettings(own, relays, nodeSecret, policy, ticketLife);
    }

    public RelaySettings withNodeSecret(NodeSecret secret) {
        return new RelaySettings(own, others, Optional.of(secret), policy, ticketLife);
    }

    public RelaySettings withPolicy(RelayPolicy other) {
        return new RelaySettings(own, others, nodeSecret, other, ticketLife);
    }

    public RelaySettings withTicketLife(Duration life) {
        return new RelaySettings(own, others, nodeSecret, policy, life);
    }

    /** Whether there can ever be a relay. */
    public boolean any() {
        return own.isPresent() || !others.isEmpty() || nodeSecret.isPresent();
    }

    /**
     * A relay process on this machine. Ports may be 0: free ones are taken.
     *
     * @param host address that it listens on
     * @param port TCP, for signalling
     * @param mediaTcpPort for media where UDP is blocked
     * @param mediaUdpPort for media
     * @param mediaAddress where clients send media to; empty if the relay is to find out
     * @param publicUrl where clients reach {@code port}, through a proxy with TLS; not needed on loopback
     */
    public record Own(
            String host,
            int port,
            int mediaTcpPort,
            int mediaUdpPort,
            Optional<String> mediaAddress,
            Optional<URI> publicUrl) {
        public Own {
            if (host.isBlank()) throw new IllegalArgumentException("the relay's address is empty");
            for (int number : new int[] {port, mediaTcpPort, mediaUdpPort})
                if (number < 0 || number > 65_535)
                    throw new IllegalArgumentException("a port of the relay is out of range: " + number);
            mediaAddress.ifPresent(address -> {
                if (!address.matches("[0-9a-fA-F.:]{2,45}"))
                    throw new IllegalArgumentException("the relay's media address is no IP address: " + address);
            });
            publicUrl.ifPresent(url -> RelayTicket.nodeUrl(url.toString()));
            if (publicUrl.isEmpty() && !isLoopback(host))
                throw new IllegalArgumentException(
                        "a relay that is not on loopback needs a public URL: clients reach it"
                                + " over TLS alone, which a proxy before it adds");
        }

        public static Own onLoopback() {
            return new Own("127.0.0.1", 0, 0, 0, Optional.empty(), Optional.empty());
        }

        /** Whether nobody on another machine is to reach it. */
        boolean loopbackAlone() {
            return isLoopback(host)
                    && mediaAddress.isEmpty()
                    && (publicUrl.isEmpty() || isLoopback(publicUrl.get().getHost()));
        }

        private static boolean isLoopback(String host) {
            return host.equals("127.0.0.1") || host.equals("::1") || host.equals("localhost");
        }
    }

    /**
     * A relay of the operator's.
     *
     * @param url as clients reach it
     */
    public record Other(URI url, RelayKey key) {
        public Other {
            RelayTicket.nodeUrl(url.toString());
            Objects.requireNonNull(key, "key");
        }
    }
}
