package sotto.demo;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** A coordination server as a process of its own, so that it can be killed. */
public final class ServerProcess implements AutoCloseable {
    private final List<String> options;
    private final String address;
    private Process process;
    private int port;

    private ServerProcess(String address, String... options) {
        this.address = address;
        this.options = List.of(options);
    }

    /** Starts one on a free port; returns when it listens. */
    public static ServerProcess start(String... options) throws IOException {
        return launched(new ServerProcess("http://127.0.0.1", options));
    }

    /** The same on another address than loopback, where clients want TLS. */
    public static ServerProcess startWithTls(String host, Path certificate, Path key) throws IOException {
        return launched(new ServerProcess(
                "https://" + host, "--host", host, "--tls-cert", certificate.toString(), "--tls-key", key.toString()));
    }

    private static ServerProcess launched(ServerProcess server) throws IOException {
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

    public String url() {
        return address + ":" + port;
    }

    /** Ends it without a word to anybody, as a power cut would. */
    public void kill() {
        process.destroyForcibly();
        process.onExit().join();
    }

    /** Starts another on the same port; returns when it listens. */
    public void restart() throws IOException {
        launch();
    }

    @Override
    public void close() {
        kill();
    }
}
