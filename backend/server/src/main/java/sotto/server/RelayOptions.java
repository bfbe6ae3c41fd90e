package sotto.server;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import sotto.rooms.wire.RelayTicket;
import sotto.server.relay.NodeSecret;
import sotto.server.relay.RelayPolicy;
import sotto.server.relay.RelaySettings;
import sotto.server.relay.SecretFile;

/** Options about relays and TURN, for every command that runs a coordination server. */
public final class RelayOptions {
    /** Shorter ones might end on their way to a slow client's TURN server. */
    private static final long LEAST_TURN_LIFE = 60;

    @Mixin
    private RelaySources sources = new RelaySources();

    @Option(
            names = "--relay-policy",
            paramLabel = "open|closed|FILE",
            description =
                    "Who may have a room relayed: everybody (default), nobody, or who shows one of the passes in FILE (one"
                            + " per line, 16 characters at least). Direct calls are free for all.")
    private String policy = "open";

    @Option(
            names = "--relay-node-secret-file",
            paramLabel = "FILE",
            description = "Lets relay nodes on other machines register (sotto relay) that know this secret.")
    private Path nodeSecretFile;

    @Option(
            names = "--relay-host",
            paramLabel = "ADDRESS",
            description = "auto: where LiveKit listens for signalling. Default: 127.0.0.1.")
    private String host = "127.0.0.1";

    @Option(names = "--relay-port", paramLabel = "PORT", description = "auto: TCP, signalling. Default: a free one.")
    private int port;

    @Option(names = "--relay-media-port", paramLabel = "PORT", description = "auto: UDP, media. Default: a free one.")
    private int mediaPort;

    @Option(
            names = "--relay-media-tcp-port",
            paramLabel = "PORT",
            description = "auto: TCP, media of clients whose network drops UDP. Default: a free one.")
    private int mediaTcpPort;

    @Option(
            names = "--relay-media-address",
            paramLabel = "IP",
            description =
                    "auto: address of this machine that clients send media to. Default: loopback, or with a public"
                            + " URL what LiveKit finds.")
    private Optional<String> mediaAddress = Optional.empty();

    @Option(
            names = "--relay-public-url",
            paramLabel = "wss://…",
            description =
                    "auto: where clients reach the signalling, through a proxy with TLS. Needed for clients on other"
                            + " machines.")
    private Optional<String> publicUrl = Optional.empty();

    @Option(
            names = "--turn",
            paramLabel = "URL",
            description = "TURN server that shares a secret with this one (coturn: use-auth-secret); may be repeated."
                    + " Each client gets credentials of its own for a while. Example: turn:turn.example:3478")
    private List<String> turn = new ArrayList<>();

    @Option(names = "--turn-secret-file", paramLabel = "FILE", description = "The TURN server's static-auth-secret.")
    private Path turnSecretFile;

    @Option(
            names = "--turn-life",
            paramLabel = "SECONDS",
            description = "How long TURN credentials open something, from 60 to 86400; clients get fresh ones in time."
                    + " Default: 3600.")
    private long turnLife = TurnServer.LIFE.toSeconds();

    /**
     * @return the settings with what the options say
     * @throws IllegalArgumentException if options contradict each other
     * @throws IOException if a file can't be read; the message names it
     */
    public ServerSettings apply(ServerSettings settings) throws IOException {
        if (turn.isEmpty() != (turnSecretFile == null))
            throw new IllegalArgumentException("--turn and --turn-secret-file belong together");
        if (turnLife < LEAST_TURN_LIFE)
            throw new IllegalArgumentException("--turn-life is at least " + LEAST_TURN_LIFE);
        ServerSettings with = settings.withRelay(relay());
        return turn.isEmpty()
                ? with
                : with.withTurn(
                        new TurnServer(turn, SecretFile.readLine(turnSecretFile, 1), Duration.ofSeconds(turnLife)));
    }

    private RelaySettings relay() throws IOException {
        RelaySettings relay = sources.apply(RelaySettings.off().withPolicy(policy()), own());
        return nodeSecretFile == null ? relay : relay.withNodeSecret(NodeSecret.read(nodeSecretFile));
    }

    private RelaySettings.Own own() {
        return new RelaySettings.Own(
                host, port, mediaTcpPort, mediaPort, mediaAddress, publicUrl.map(RelayTicket::nodeUrl));
    }

    private RelayPolicy policy() throws IOException {
        return switch (policy) {
            case "open" -> RelayPolicy.open();
            case "closed" -> RelayPolicy.closed();
            default -> RelayPolicy.passesIn(Path.of(policy));
        };
    }

    /** A coordination server's address: what {@code --register} takes. */
    static URI serverAddress(String text) {
        URI address;
        try {
            address = URI.create(text);
        } catch (IllegalArgumentException notAUri) {
            throw new IllegalArgumentException("the coordination server's address is not a URL");
        }
        boolean local = "127.0.0.1".equals(address.getHost())
                || "localhost".equals(address.getHost())
                || "[::1]".equals(address.getHost());
        boolean fits = "https".equals(address.getScheme()) || "http".equals(address.getScheme()) && local;
        boolean bare = address.getHost() != null
                && address.getRawUserInfo() == null
                && address.getRawQuery() == null
                && address.getRawFragment() == null
                && (address.getRawPath().isEmpty() || address.getRawPath().equals("/"));
        if (!fits || !bare)
            throw new IllegalArgumentException(
                    "the coordination server's address is https://host[:port], or http:// on this machine");
        return address;
    }
}
