package sotto.server;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;
import sotto.rooms.wire.RelayTicket;
import sotto.server.relay.NodeSecret;
import sotto.server.relay.RelayHost;
import sotto.server.relay.RelaySettings;
import sotto.server.relay.livekit.LiveKit;

/** {@code ./sotto relay}: makes this machine a relay node of a coordination server. */
@Command(
        name = "relay",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        showDefaultValues = true,
        version = "Sotto relay node, LiveKit 1.13.5",
        description = {
            "Runs one LiveKit server on this machine, restarts it when it dies, and registers it with a coordination"
                    + " server, which sends rooms here. It sees encrypted media and the addresses of clients; it logs"
                    + " neither.",
            ""
        },
        footer = {
            "",
            "Clients reach LiveKit at --public-url, through a proxy that adds TLS before --port, and send media to"
                    + " --media-port straight. On SIGTERM or Ctrl+C the node takes no new rooms and ends with its last"
                    + " one, or after --drain. When it is killed, LiveKit ends with it.",
            "Options may also stand in a file: @options.txt. More: docs/operate.md"
        })
public final class RelayCommand implements Callable<Integer> {
    @Spec
    private CommandSpec spec;

    @Option(
            names = "--register",
            paramLabel = "URL",
            description = "The coordination server: https://…; it runs with --relay-node-secret-file.")
    private String server;

    @Option(
            names = "--node-secret-file",
            paramLabel = "FILE",
            description = "The secret that both share: one line, 32 characters at least. It never crosses the wire.")
    private Path secretFile;

    @Option(names = "--public-url", paramLabel = "wss://…", description = "Where clients reach this node.")
    private String publicUrl;

    @Option(names = "--host", paramLabel = "ADDRESS", description = "Where LiveKit listens for signalling.")
    private String host = "127.0.0.1";

    @Option(names = "--port", description = "TCP, signalling; 0 takes a free one.")
    private int port = 7880;

    @Option(names = "--media-port", paramLabel = "PORT", description = "UDP, media; 0 takes a free one.")
    private int mediaPort = 7882;

    @Option(
            names = "--media-tcp-port",
            paramLabel = "PORT",
            description = "TCP, media of clients whose network drops UDP; 0 takes a free one.")
    private int mediaTcpPort = 7881;

    @Option(
            names = "--media-address",
            paramLabel = "IP",
            description = "Address of this machine that clients send media to, if it stands behind NAT.")
    private Optional<String> mediaAddress = Optional.empty();

    @Option(names = "--max-people", paramLabel = "N", description = "Participants in one call.")
    private int people = ServerSettings.defaults().capacity().people();

    @Option(
            names = "--drain",
            paramLabel = "SECONDS",
            description = "How long calls may go on after the node was told to stop.")
    private int drain = 600;

    @Option(
            names = "--fetch",
            description = "Only looks for livekit-server, gets it if need be, and prints where it is.")
    private boolean fetch;

    @Override
    public Integer call() {
        try {
            return fetch ? fetch() : run();
        } catch (IllegalArgumentException wrong) {
            throw new ParameterException(spec.commandLine(), wrong.getMessage());
        } catch (IOException failed) {
            say(failed.getMessage());
            return CommandLine.ExitCode.SOFTWARE;
        }
    }

    private int fetch() throws IOException {
        Path program = new LiveKit().program(this::say);
        PrintWriter out = spec.commandLine().getOut();
        out.println(program);
        out.flush();
        return CommandLine.ExitCode.OK;
    }

    private int run() throws IOException {
        if (server == null || secretFile == null || publicUrl == null)
            throw new IllegalArgumentException("--register, --node-secret-file and --public-url are needed");
        if (drain < 0) throw new IllegalArgumentException("--drain is negative");
        if (people < 1) throw new IllegalArgumentException("--max-people must be at least 1");
        RelaySettings.Own own = new RelaySettings.Own(
                host, port, mediaTcpPort, mediaPort, mediaAddress, Optional.of(RelayTicket.nodeUrl(publicUrl)));
        RelayHost node = new RelayHost(
                new LiveKit(), RelayOptions.serverAddress(server), NodeSecret.read(secretFile), own, people, this::say);
        CompletableFuture<String> ended = node.impossible();
        Runtime.getRuntime().addShutdownHook(Thread.ofPlatform().unstarted(() -> {
            // Whoever ends because no relay can be run here has nothing to drain.
            if (!ended.isDone()) {
                say("taking no new rooms; waiting for the last to end, at most " + drain + " s");
                node.drain(Duration.ofSeconds(drain));
            }
            node.close();
        }));
        node.start();
        try {
            ended.get();
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        } catch (ExecutionException never) {
            throw new AssertionError(never);
        }
        return CommandLine.ExitCode.SOFTWARE;
    }

    private void say(String text) {
        PrintWriter err = spec.commandLine().getErr();
        err.println("sotto relay: " + text);
        err.flush();
    }
}
