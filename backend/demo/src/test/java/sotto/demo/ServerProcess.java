package sotto.demo;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** A coordination server as a process of its own, so that it can be killed. */
final class ServerProcess implements AutoCloseable {
    private final List<String> options;
    private Process process;
    private int port;

    private ServerProcess(String... options) {
        this.options = List.of(options);
    }

    /** Starts one on a free port; returns when it listens. */
    static ServerProcess start(String... options) throws IOException {
        ServerProcess server = new ServerProcess(options);
        server.launch();
        return server;
    }

    private void launch() throws IOException {
        List<String> command = new ArrayList<>(List.of(
                ProcessHandle.current().info().command().orElse("java"),
                "-XX:TieredStopAtLevel=1",
                "-XX:+UseSerialGC",
                "-cp",
                System.getProperty("java.class.path"),
                "sotto.server.Main",
                "--json",
                "--port",
                String.valueOf(port)));
        command.addAll(options);
        process = new ProcessBuilder(command)
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        String line =
                new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8)).readLine();
        if (line == null) throw new IOException("the server did not start");
        JsonNode said = new ObjectMapper().readTree(line);
        port = said.required("port").asInt();
    }

    String url() {
        return "http://127.0.0.1:" + port;
    }

    /** Ends it without a word to anybody, as a power cut would. */
    void kill() {
        process.destroyForcibly();
        process.onExit().join();
    }

    /** Starts another on the same port; returns when it listens. */
    void restart() throws IOException {
        launch();
    }

    @Override
    public void close() {
        kill();
    }
}
