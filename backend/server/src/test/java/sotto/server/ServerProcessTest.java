package sotto.server;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import sotto.rooms.wire.LogEntry;
import sotto.rooms.wire.RefusalCode;
import sotto.rooms.wire.RoomId;
import sotto.rooms.wire.ServerFrame;
import sotto.rooms.wire.WireLimits;

/** The server as an operator runs it: a process of its own. */
class ServerProcessTest {
    @TempDir
    Path folder;

    private Path work;
    private Path temporary;
    private Path errors;
    private final List<Process> processes = new ArrayList<>();
    private final HttpClient http = HttpClient.newHttpClient();

    @BeforeEach
    void folders() throws IOException {
        work = Files.createDirectory(folder.resolve("work"));
        temporary = Files.createDirectory(folder.resolve("tmp"));
        errors = folder.resolve("stderr");
    }

    @AfterEach
    void end() {
        processes.forEach(Process::destroyForcibly);
        http.shutdownNow();
    }

    @Test
    void aCallLeavesNothingOnDiskAndNothingInTheLog() throws Exception {
        Process process = start("--port", "0", "--json");
        try (BufferedReader out = new BufferedReader(new InputStreamReader(process.getInputStream()))) {
            JsonNode line = new ObjectMapper().readTree(out.readLine());
            assertThat(line.get("event").textValue()).isEqualTo("listening");
            assertThat(line.get("pid").longValue()).isEqualTo(process.pid());
            int port = line.get("port").intValue();
            RoomId room = new RoomId(12_345, 67_890);
            TestClient first = connect(port);
            first.enter(room);
            first.nextEntry();
            TestClient second = connect(port);
            second.enter(room);
            first.nextEntry();
            first.post("something sealed");
            first.nextEntry(LogEntry.Message.class);
            second.close();
            first.nextEntry(LogEntry.Gone.class);
            TestClient bad = connect(port);
            bad.sendText("{\"type\":\"nonsense\"}");
            bad.next(ServerFrame.Refused.class);
            assertThat(get(port, "/j/" + room)).contains("Sotto");
            get(port, "/nowhere/" + room + "/%2e%2e/x");

            // SIGTERM: whoever is there is told, and the process ends by itself.
            process.toHandle().destroy();
            assertThat(first.next(ServerFrame.Refused.class).code()).isEqualTo(RefusalCode.STOPPING);
            assertThat(process.waitFor(30, TimeUnit.SECONDS)).isTrue();
            assertThat(out.readLine()).isNull();
        }
        assertThat(Files.readString(errors)).isEmpty();
        for (Path looked : List.of(work, temporary)) {
            try (Stream<Path> left = Files.walk(looked)) {
                assertThat(left).containsExactly(looked);
            }
        }
    }

    @Test
    void aPortInUseIsNamedAndTheProcessEnds() throws Exception {
        try (SottoServer other = SottoServer.start(ServerSettings.defaults().withPort(0))) {
            Process process = start("--port", String.valueOf(other.port()));
            assertThat(process.waitFor(30, TimeUnit.SECONDS)).isTrue();
            assertThat(process.exitValue()).isEqualTo(1);
            assertThat(Files.readString(errors).lines())
                    .singleElement()
                    .asString()
                    .contains("can't listen", String.valueOf(other.port()), "in use");
        }
    }

    @Test
    void wrongOptionsAreExplainedAndTheProcessEnds() throws Exception {
        for (String[] wrong : new String[][] {
            {"--max-people", "0"},
            {"--ice-server", "https://example"},
            {"--ice-server", "turn:turn.example,me"},
            {"--tls-cert", "cert.pem"},
            {"--port", "70000"},
            {"--nonsense"}
        }) {
            Process process = start(wrong);
            assertThat(process.waitFor(30, TimeUnit.SECONDS)).isTrue();
            assertThat(process.exitValue()).as(wrong[0]).isEqualTo(2);
            assertThat(Files.readString(errors)).isNotBlank().doesNotContain("Exception");
        }
    }

    @Test
    void aPlainStartPrintsOneLineForPeople() throws Exception {
        Process process = start("--port", "0");
        try (BufferedReader out = new BufferedReader(new InputStreamReader(process.getInputStream()))) {
            assertThat(out.readLine()).matches("sotto server listening on http://127\\.0\\.0\\.1:[0-9]+");
        }
    }

    private Process start(String... options) throws IOException {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1",
                "-XX:-UsePerfData",
                "-Djava.io.tmpdir=" + temporary,
                "-cp",
                System.getProperty("java.class.path"),
                Main.class.getName()));
        command.addAll(List.of(options));
        Process process = new ProcessBuilder(command)
                .directory(work.toFile())
                .redirectError(errors.toFile())
                .start();
        processes.add(process);
        return process;
    }

    private TestClient connect(int port) throws Exception {
        return TestClient.connect(http, URI.create("ws://127.0.0.1:" + port + WireLimits.PATH));
    }

    private String get(int port, String path) throws Exception {
        return http.send(
                        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path))
                                .build(),
                        HttpResponse.BodyHandlers.ofString())
                .body();
    }
}
