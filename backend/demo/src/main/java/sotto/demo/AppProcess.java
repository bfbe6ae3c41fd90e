package sotto.demo;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.Channels;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/**
 * One participant's backend as a process of its own: the same program that a person starts, without a window. It says
 * its one-time URL in one line of JSON on standard output.
 */
public final class AppProcess implements AutoCloseable {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final int LOG_LINES = 200;

    private final Path profile;
    private final Process process;
    private final Thread reader;
    private final BlockingQueue<String> output = new LinkedBlockingQueue<>();
    private final Deque<String> log = new ArrayDeque<>();
    private String url;

    /**
     * Where a program runs.
     *
     * @param before a command that runs the rest of its line, such as {@code ip netns exec NAME}; may be empty
     * @param java options of the Java virtual machine
     * @param environment further variables
     * @param product whether it is started as {@code ./sotto} starts it; if not, from this program's own class path
     */
    public record Surroundings(
            List<String> before, List<String> java, Map<String, String> environment, boolean product) {
        public static final Surroundings PLAIN = new Surroundings(List.of(), List.of(), Map.of());

        public Surroundings {
            before = List.copyOf(before);
            java = List.copyOf(java);
            environment = Map.copyOf(environment);
        }

        public Surroundings(List<String> before, List<String> java, Map<String, String> environment) {
            this(before, java, environment, false);
        }

        /** The same, started as {@code ./sotto} starts it: for whoever measures how long things take. */
        public Surroundings asProduct() {
            return new Surroundings(before, java, environment, true);
        }
    }

    private AppProcess(Path profile, String server, Path logFile, Surroundings surroundings, String... options)
            throws IOException {
        this.profile = profile;
        List<String> command = new ArrayList<>(surroundings.before());
        command.addAll(surroundings.product() ? Product.java() : ofThisProgram());
        command.addAll(surroundings.java());
        command.addAll(List.of(
                "sotto.app.Main", "run", "--headless", "--json", "--profile", profile.toString(), "--server", server));
        command.addAll(List.of(options));
        ProcessBuilder builder =
                new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.appendTo(logFile.toFile()));
        builder.environment().putAll(surroundings.environment());
        process = builder.start();
        reader = Thread.ofVirtual().start(this::read);
    }

    /** Java with a quick compiler and a small heap, since many run at once, and this program's classes. */
    private static List<String> ofThisProgram() {
        return List.of(
                ProcessHandle.current().info().command().orElse("java"),
                "--enable-native-access=ALL-UNNAMED",
                "-XX:TieredStopAtLevel=1",
                "-XX:+UseSerialGC",
                "-Xmx256m",
                "-cp",
                System.getProperty("java.class.path"));
    }

    /**
     * Starts the program; {@link #awaitUrl} waits until it is ready.
     *
     * @param logFile gets what the program says on standard error
     * @param options more options of {@code sotto run}
     */
    public static AppProcess start(Path profile, String server, Path logFile, String... options) throws IOException {
        return new AppProcess(profile, server, logFile, Surroundings.PLAIN, options);
    }

    /** Starts the program in surroundings of its own. */
    public static AppProcess start(Path profile, String server, Path logFile, Surroundings surroundings)
            throws IOException {
        return new AppProcess(profile, server, logFile, surroundings);
    }

    /** @throws IOException if the program ends or says nothing for a minute */
    public void awaitUrl() throws IOException {
        url = nextUrl();
    }

    private void read() {
        try (var lines = new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8))) {
            for (String line; (line = lines.readLine()) != null; ) {
                synchronized (log) {
                    log.addLast(line);
                    if (log.size() > LOG_LINES) log.removeFirst();
                }
                if (line.startsWith("{")) output.add(line);
            }
        } catch (IOException ended) {
            // The process was killed while we read; its exit code tells.
        }
        output.add("");
    }

    private String nextUrl() throws IOException {
        try {
            String line = output.poll(60, TimeUnit.SECONDS);
            if (line == null || line.isEmpty())
                throw new IOException("the app did not start" + (process.isAlive() ? "" : ", exit " + process.waitFor())
                        + "; it printed: " + String.join("\n", printed()));
            JsonNode node = JSON.readTree(line);
            return node.required("url").asText();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted", e);
        }
    }

    /** The URL that opens the page, once. */
    public String url() {
        return url;
    }

    /** The last lines that the program printed. */
    List<String> printed() {
        synchronized (log) {
            return List.copyOf(log);
        }
    }

    /** What {@code sotto keys} shows while the program runs: the key journal, a line for each event. */
    public List<String> journal() throws IOException {
        var address = UnixDomainSocketAddress.of(profile.resolve("control"));
        try (var lines = new BufferedReader(
                new InputStreamReader(Channels.newInputStream(SocketChannel.open(address)), StandardCharsets.UTF_8))) {
            return lines.lines().toList();
        }
    }

    /**
     * Waits for a program that cannot go on to end by itself.
     *
     * @throws IOException if it goes on
     */
    public int exitCode() throws IOException {
        try {
            if (!process.waitFor(60, TimeUnit.SECONDS)) throw new IOException("the app has not ended");
            return process.exitValue();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted", e);
        }
    }

    public ProcessHandle handle() {
        return process.toHandle();
    }

    /** Kills without warning, as a crash would. */
    public void kill() {
        process.destroyForcibly();
    }

    /** Ends the program as its user would, and returns what it says of its keys then; null if it said nothing. */
    JsonNode end() {
        close();
        for (String line : output)
            try {
                JsonNode node = JSON.readTree(line);
                if (node.has("journal")) return node.get("journal");
            } catch (IOException notJson) {
                // Another line of output.
            }
        return null;
    }

    @Override
    public void close() {
        // Not Process.destroy(): that one also closes the pipe on which the last line is still to come.
        process.toHandle().destroy();
        try {
            if (!process.waitFor(15, TimeUnit.SECONDS)) process.destroyForcibly();
            reader.join();
        } catch (InterruptedException e) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
        }
    }
}
