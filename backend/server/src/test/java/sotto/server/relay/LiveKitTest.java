package sotto.server.relay;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import sotto.rooms.wire.ClientFrame;
import sotto.rooms.wire.RelayTicket;
import sotto.server.ServerSettings;
import sotto.server.SottoServer;
import sotto.server.relay.livekit.LiveKit;
import sotto.server.relay.livekit.LiveKitProgram;

/** Real LiveKit processes: who they let in, and what happens when they die. */
class LiveKitTest {
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    @TempDir
    Path folder;

    private final HttpClient http = HttpClient.newHttpClient();
    private final List<AutoCloseable> open = new ArrayList<>();
    private final BlockingQueue<String> said = new LinkedBlockingQueue<>();

    @BeforeEach
    void livekitIsThere() {
        assumeThat(LiveKitProgram.onThisMachine().present())
                .as("livekit-server is not there yet; this gets it: ./sotto relay --fetch")
                .isPresent();
    }

    @AfterEach
    void close() throws Exception {
        for (AutoCloseable one : open.reversed()) one.close();
        http.shutdownNow();
    }

    private Relay relay(RelaySettings settings) throws Exception {
        Relay relay = new Relay(settings, new LiveKit(), 10, said::add, Clock.systemUTC());
        open.add(relay);
        relay.start();
        relay.awaitReady(PATIENCE);
        return relay;
    }

    private static RelayTicket ticket(Relay relay, RelayRoom room, Optional<String> failed) throws Exception {
        CompletableFuture<Relay.Answer> answer = new CompletableFuture<>();
        relay.ticket(room, new ClientFrame.Ticket(Optional.empty(), failed), false, answer::complete);
        return ((Relay.Answer.Given) answer.get(PATIENCE.toSeconds(), TimeUnit.SECONDS)).ticket();
    }

    /** What LiveKit says to a token before it opens the WebSocket. */
    private int admitted(URI node, String token) throws Exception {
        URI validate = URI.create(node.toString().replaceFirst("^ws", "http") + "/rtc/validate");
        return http.send(
                        HttpRequest.newBuilder(validate)
                                .header("Authorization", "Bearer " + token)
                                .build(),
                        HttpResponse.BodyHandlers.discarding())
                .statusCode();
    }

    private static String claims(RelayTicket ticket) {
        return new String(Base64.getUrlDecoder().decode(ticket.token().split("\\.")[1]));
    }

    /** The program behind the guarding shell. */
    private static ProcessHandle program(ProcessHandle guard) {
        return guard.children()
                .filter(child -> child.info().command().orElse("").contains("livekit-server"))
                .findFirst()
                .orElseThrow();
    }

    @Test
    void aTicketOpensItsNodeAndGrantsNothingThatSpeaksInTheClear() throws Exception {
        Relay relay = relay(RelaySettings.auto());
        RelayTicket ticket = ticket(relay, new RelayRoom(), Optional.empty());
        assertThat(admitted(ticket.url(), ticket.token())).isEqualTo(200);
        assertThat(claims(ticket))
                .contains("\"canPublishData\":false", "\"canUpdateOwnMetadata\":false", "\"roomJoin\":true")
                .doesNotContain("roomAdmin", "roomCreate", "roomList", "roomRecord", "\"name\"", "metadata\":\"");
        String[] parts = ticket.token().split("\\.");
        assertThat(admitted(ticket.url(), parts[0] + "." + parts[1] + "." + parts[2].substring(1) + "A"))
                .as("changed")
                .isEqualTo(401);
    }

    @Test
    void livekitRefusesAnExpiredTicketAndOneByAnotherKey() throws Exception {
        Relay relay = relay(RelaySettings.auto());
        URI node = ticket(relay, new RelayRoom(), Optional.empty()).url();
        RelaySettings.Other other = new RelaySettings.Other(node, new RelayKey("key", "0123456789abcdef"));
        Relay wrong = relay(RelaySettings.off().withOthers(List.of(other)));
        assertThat(admitted(
                        node, ticket(wrong, new RelayRoom(), Optional.empty()).token()))
                .isEqualTo(401);
        Clock early = Clock.offset(Clock.systemUTC(), Duration.ofMinutes(-10));
        Relay late = new Relay(RelaySettings.auto(), new LiveKit(), 10, said::add, early);
        open.add(late);
        late.start();
        late.awaitReady(PATIENCE);
        RelayTicket expired = ticket(late, new RelayRoom(), Optional.empty());
        assertThat(admitted(expired.url(), expired.token())).isEqualTo(401);
    }

    @Test
    void aKilledRelayComesBackAndClientsWhoAskMeanwhileAreLetIn() throws Exception {
        Relay relay = relay(RelaySettings.auto());
        RelayRoom room = new RelayRoom();
        RelayTicket before = ticket(relay, room, Optional.empty());
        for (int round = 0; round < 2; round++) {
            ProcessHandle guard = relay.running().orElseThrow();
            ProcessHandle livekit = program(guard);
            // Once the program, once the shell that guards it.
            (round == 0 ? livekit : guard).destroyForcibly();
            livekit.onExit().get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
            assertThat(said.poll(PATIENCE.toSeconds(), TimeUnit.SECONDS)).contains("starting it again");
            RelayTicket after = ticket(relay, room, Optional.of(before.node()));
            assertThat(after.url()).isEqualTo(before.url());
            assertThat(admitted(after.url(), after.token())).isEqualTo(200);
        }
    }

    @Test
    void closingEndsTheProcess() throws Exception {
        Relay relay = relay(RelaySettings.auto());
        ProcessHandle livekit = program(relay.running().orElseThrow());
        relay.close();
        livekit.onExit().get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
        assertThat(relay.running()).isEmpty();
    }

    @Test
    void itsSecretsAreNotInTheListOfProcesses() throws Exception {
        Relay relay = relay(RelaySettings.auto());
        RelayTicket ticket = ticket(relay, new RelayRoom(), Optional.empty());
        String issuer = claims(ticket).replaceFirst(".*\"iss\":\"([^\"]+)\".*", "$1");
        ProcessHandle guard = relay.running().orElseThrow();
        for (ProcessHandle process : List.of(guard, program(guard))) {
            assertThat(Files.readString(Path.of("/proc/" + process.pid() + "/cmdline")))
                    .doesNotContain(issuer);
        }
    }

    /** The node is a process of its own, killed as by a power cut: neither it nor its relay says goodbye. */
    @Test
    void whenANodeDiesItsRoomIsOnAnotherAndADrainingOneKeepsItsRoomsAlone() throws Exception {
        Path secretFile = Files.writeString(folder.resolve("secret"), "0123456789abcdef0123456789abcdef");
        NodeSecret secret = NodeSecret.read(secretFile);
        SottoServer server = SottoServer.start(ServerSettings.defaults()
                .withPort(0)
                .withRelay(RelaySettings.off().withNodeSecret(secret)));
        open.add(server);
        Process first = hostProcess(server, secretFile);
        server.awaitRelay(PATIENCE);
        try (CallClient client = new CallClient(http, server)) {
            RelayTicket before = client.ticket(Optional.empty());
            assertThat(admitted(before.url(), before.token())).isEqualTo(200);
            RelayHost second = host(server, secret);
            client.awaitNodes(2);
            ProcessHandle livekit = program(first.children().findFirst().orElseThrow());
            first.destroyForcibly();
            livekit.onExit().get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
            RelayTicket after = client.ticket(Optional.of(before.node()));
            assertThat(after.node()).isNotEqualTo(before.node());
            assertThat(admitted(after.url(), after.token())).isEqualTo(200);
            assertThat(second.drain(Duration.ofSeconds(2)))
                    .as("the room is still on it")
                    .isEqualTo(1);
            client.awaitNodes(0);
            assertThat(client.ticket(Optional.of(after.node())).node()).isEqualTo(after.node());
        }
        assertThat(said).anyMatch(text -> text.startsWith("registered with"));
    }

    private Process hostProcess(SottoServer server, Path secretFile) throws Exception {
        int port = freePort();
        Process process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-XX:TieredStopAtLevel=1",
                        "-cp",
                        System.getProperty("java.class.path"),
                        "sotto.server.Main",
                        "relay",
                        "--register",
                        server.url(),
                        "--node-secret-file",
                        secretFile.toString(),
                        "--public-url",
                        "ws://127.0.0.1:" + port,
                        "--port",
                        String.valueOf(port),
                        "--media-port",
                        "0",
                        "--media-tcp-port",
                        "0")
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start();
        open.add(process::destroyForcibly);
        return process;
    }

    private RelayHost host(SottoServer server, NodeSecret secret) throws Exception {
        int port = freePort();
        RelaySettings.Own own = new RelaySettings.Own(
                "127.0.0.1", port, 0, 0, Optional.empty(), Optional.of(URI.create("ws://127.0.0.1:" + port)));
        RelayHost host = new RelayHost(new LiveKit(), URI.create(server.url()), secret, own, 10, said::add);
        open.add(host);
        host.start();
        return host;
    }

    private static int freePort() throws Exception {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }
}
