package sotto.server;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;
import sotto.rooms.wire.IceServer;

/** {@code ./sotto server}: runs until it is told to stop. */
@Command(
        name = "server",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        showDefaultValues = true,
        version = "Sotto coordination server, protocol 1",
        description = {
            "Runs the coordination server alone: rooms, the order of their sealed messages, and who is connected.",
            "It reads no message, writes nothing to disk, and logs no address and no room.",
            ""
        },
        footer = {
            "",
            "Options may also stand in a file: @options.txt (keeps a TURN password out of the process list).",
            "Health: /health   Metrics (Prometheus): /metrics   How to run it all: docs/operate.md"
        })
public final class ServerCommand implements Callable<Integer> {
    private static final ServerSettings DEFAULTS = ServerSettings.defaults();

    @Spec
    private CommandSpec spec;

    @Option(names = "--host", paramLabel = "ADDRESS", description = "Address to listen on; 0.0.0.0 for all.")
    private String host = DEFAULTS.listen().host();

    @Option(names = "--port", description = "TCP port; 0 takes a free one and prints it.")
    private int port = DEFAULTS.listen().port();

    @Option(
            names = "--tls-cert",
            paramLabel = "PEM",
            description = "Certificate with its chain. Without TLS, clients only accept a loopback address.")
    private Path certificate;

    @Option(names = "--tls-key", paramLabel = "PEM", description = "Private key of the certificate (PKCS #8).")
    private Path key;

    @Option(
            names = "--behind-proxy",
            description =
                    "Counts connections per address by the last X-Forwarded-For value. Only if every request comes"
                            + " through a proxy of yours.")
    private boolean behindProxy;

    @Option(names = "--max-people", paramLabel = "N", description = "People in one room.")
    private int maxPeople = DEFAULTS.capacity().people();

    @Option(names = "--max-rooms", paramLabel = "N", description = "Rooms with somebody in them.")
    private int maxRooms = DEFAULTS.capacity().rooms();

    @Option(names = "--max-connections", paramLabel = "N", description = "Connections in all.")
    private int maxConnections = DEFAULTS.capacity().connections();

    @Option(
            names = "--max-per-address",
            paramLabel = "N",
            description = "Connections from one IPv4 address or IPv6 /64.")
    private int maxPerAddress = DEFAULTS.capacity().perAddress();

    @Option(
            names = "--ice-server",
            paramLabel = "URL[,USER,PASSWORD]",
            description = "STUN or TURN server for the clients; may be repeated. Example: turn:turn.example:3478,me,pw")
    private List<String> iceServers = new ArrayList<>();

    @Mixin
    private RelayOptions relay = new RelayOptions();

    @Option(names = "--no-metrics", description = "Does not answer /metrics.")
    private boolean noMetrics;

    @Option(names = "--json", description = "Prints the address as one line of JSON.")
    private boolean json;

    @Override
    public Integer call() {
        ServerSettings settings;
        try {
            settings = settings();
        } catch (IllegalArgumentException wrong) {
            throw new ParameterException(spec.commandLine(), wrong.getMessage());
        } catch (IOException unreadable) {
            say(unreadable.getMessage());
            return CommandLine.ExitCode.SOFTWARE;
        }
        SottoServer server;
        try {
            server = SottoServer.start(settings, null, this::say);
        } catch (IOException failed) {
            say(failed.getMessage());
            return CommandLine.ExitCode.SOFTWARE;
        }
        CountDownLatch stopped = new CountDownLatch(1);
        // Ctrl+C and SIGTERM: clients are told before the sockets go.
        Runtime.getRuntime().addShutdownHook(Thread.ofPlatform().unstarted(() -> {
            server.close();
            stopped.countDown();
        }));
        announce(server);
        try {
            stopped.await();
        } catch (InterruptedException interrupted) {
            server.close();
        }
        return CommandLine.ExitCode.OK;
    }

    private void say(String text) {
        PrintWriter err = spec.commandLine().getErr();
        err.println("sotto server: " + text);
        err.flush();
    }

    private void announce(SottoServer server) {
        PrintWriter out = spec.commandLine().getOut();
        if (json)
            out.println("{\"event\":\"listening\",\"url\":\"" + server.url() + "\",\"port\":" + server.port()
                    + ",\"pid\":" + ProcessHandle.current().pid() + "}");
        else out.println("sotto server listening on " + server.url());
        out.flush();
    }

    private ServerSettings settings() throws IOException {
        if ((certificate == null) != (key == null))
            throw new IllegalArgumentException("--tls-cert and --tls-key belong together");
        Optional<ServerSettings.Tls> tls =
                certificate == null ? Optional.empty() : Optional.of(new ServerSettings.Tls(certificate, key));
        ServerSettings.Capacity capacity = DEFAULTS.capacity();
        ServerSettings plain = DEFAULTS.withListen(new ServerSettings.Listen(host, port, tls, behindProxy))
                .withCapacity(new ServerSettings.Capacity(
                        maxRooms,
                        maxPeople,
                        maxConnections,
                        maxPerAddress,
                        capacity.groups(),
                        capacity.outgoingBytes()))
                .withIceServers(
                        iceServers.stream().map(ServerCommand::iceServer).toList())
                .withMetrics(!noMetrics);
        return relay.apply(plain);
    }

    /** URL, or URL, user and password; a password may hold commas. */
    static IceServer iceServer(String text) {
        String[] parts = text.split(",", 3);
        if (parts.length == 2)
            throw new IllegalArgumentException("--ice-server takes a URL alone, or a URL, a user and a password");
        List<String> credentials = Arrays.asList(parts).subList(1, parts.length);
        return new IceServer(
                List.of(parts[0]),
                credentials.stream().findFirst(),
                credentials.stream().skip(1).findFirst());
    }
}
