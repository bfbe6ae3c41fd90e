package sotto.server.relay;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/**
 * Keeps a relay running on this machine: starts it, waits until it is ready, watches it, and starts it again when it dies
 * or hangs, later each time it does so at once.
 *
 * <p>The program never outlives this process. Between the two stands a small shell that reads from this process; when
 * this process ends in whatever way, the shell reads the end and kills the program, and when the shell is killed, a second
 * one does. A signal for the whole terminal does not reach the program, so that clients can be told first.
 */
final class RelayProcess implements AutoCloseable {
    private static final Duration READY = Duration.ofSeconds(15);
    private static final Duration FIRST_PAUSE = Duration.ofMillis(100);
    private static final Duration LONGEST_PAUSE = Duration.ofSeconds(10);
    /** A program that ran this long has not died at once. */
    private static final Duration STEADY = Duration.ofSeconds(30);

    private static final Duration CHECK = Duration.ofSeconds(1);
    private static final int MISSES = 3;
    private static final int LAST_LINES = 5;

    /** Reads from descriptor 3, which is this process's end of the pipe; the program gets none of it. */
    private static final String GUARD = """
            trap '' INT HUP TERM
            exec 3<&0
            "$@" </dev/null 3<&- &
            program=$!
            (read -r end <&3; kill -9 "$program") >/dev/null 2>&1 &
            guard=$!
            exec 3<&-
            wait "$program"
            code=$?
            kill -9 "$guard"
            exit "$code"
            """;

    /** Told by the process's own thread. */
    interface Listener {
        /** Ready for clients. */
        void up(URI url, URI health);

        void down();

        /** There will never be one; the operator has been told. */
        void impossible(String why);
    }

    private final RelayEngine engine;
    private final RelayKey key;
    private final RelaySettings.Own settings;
    private final int people;
    private final Consumer<String> progress;
    private final Listener listener;
    private final Thread thread =
            Thread.ofPlatform().name("sotto-relay-process").daemon().unstarted(this::run);

    private volatile boolean closed;
    private volatile Process process;

    // The following by the own thread alone.
    private Optional<RelayEngine.Binding> binding = Optional.empty();
    private Duration pause = FIRST_PAUSE;

    /**
     * @param people participants in one call
     * @param progress told what takes long and what goes wrong, in words for the operator
     */
    RelayProcess(
            RelayEngine engine,
            RelayKey key,
            RelaySettings.Own settings,
            int people,
            Consumer<String> progress,
            Listener listener) {
        this.engine = engine;
        this.key = key;
        this.settings = settings;
        this.people = people;
        this.progress = progress;
        this.listener = listener;
    }

    void start() {
        thread.start();
    }

    /** The process id of the shell before the program, while there is one. */
    Optional<ProcessHandle> running() {
        return Optional.ofNullable(process).filter(Process::isAlive).map(Process::toHandle);
    }

    private void run() {
        try {
            if (System.getProperty("os.name").toLowerCase(Locale.ROOT).startsWith("windows"))
                throw new IOException("a relay of its own is not run on Windows: name one with its URL");
            Path program = engine.program(progress);
            while (!closed) {
                long started = System.nanoTime();
                once(program);
                if (System.nanoTime() - started > STEADY.toNanos()) pause = FIRST_PAUSE;
                Thread.sleep(pause);
                pause = pause.multipliedBy(2).compareTo(LONGEST_PAUSE) < 0 ? pause.multipliedBy(2) : LONGEST_PAUSE;
            }
        } catch (IOException impossible) {
            progress.accept("no relay: " + impossible.getMessage());
            listener.impossible(impossible.getMessage());
        } catch (InterruptedException closing) {
            Thread.currentThread().interrupt();
        } finally {
            end();
        }
    }

    /** From one start to the program's end. */
    private void once(Path program) throws InterruptedException {
        RelayEngine.Launch launch;
        try {
            launch = engine.launch(program, key, binding());
            start(launch);
        } catch (IOException failed) {
            progress.accept("the relay can't be started: " + failed.getMessage());
            return;
        }
        Process current = process;
        CompletableFuture<List<String>> lastWords = drain(current);
        try {
            if (!ready(launch, current)) {
                if (!closed)
                    progress.accept(
                            "the relay does not start; it said: " + String.join(" | ", words(current, lastWords)));
                binding = Optional.empty(); // perhaps a port was taken meanwhile
                return;
            }
            listener.up(url(launch), launch.health());
            boolean hangs = watch(launch, current);
            listener.down();
            if (!closed) progress.accept("the relay " + (hangs ? "hangs" : "ended") + "; starting it again");
        } finally {
            end();
        }
    }

    private void start(RelayEngine.Launch launch) throws IOException {
        List<String> command = new ArrayList<>(List.of("/bin/sh", "-c", GUARD, "sotto-relay"));
        command.addAll(launch.command());
        ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
        builder.environment().putAll(launch.environment());
        process = builder.start();
        if (closed) end(); // closed meanwhile, and did not see this process
    }

    private boolean ready(RelayEngine.Launch launch, Process current) throws InterruptedException {
        long until = System.nanoTime() + READY.toNanos();
        while (!closed && current.isAlive() && System.nanoTime() < until) {
            if (healthy(launch)) return true;
            current.waitFor(30, TimeUnit.MILLISECONDS);
        }
        return false;
    }

    /** Returns when the program has ended or no longer answers. */
    private boolean watch(RelayEngine.Launch launch, Process current) throws InterruptedException {
        int missed = 0;
        while (!closed && !current.waitFor(CHECK.toMillis(), TimeUnit.MILLISECONDS)) {
            missed = healthy(launch) ? 0 : missed + 1;
            if (missed == MISSES) return true;
        }
        return false;
    }

    private boolean healthy(RelayEngine.Launch launch) throws InterruptedException {
        try {
            return engine.healthy(launch.health(), CHECK).get();
        } catch (ExecutionException never) {
            return false;
        }
    }

    /** What the program prints may hold addresses: only the end of it is kept, for the words about a failed start. */
    private static CompletableFuture<List<String>> drain(Process process) {
        CompletableFuture<List<String>> last = new CompletableFuture<>();
        Thread.ofPlatform().name("sotto-relay-output").daemon().start(() -> {
            Deque<String> lines = new ArrayDeque<>();
            try (BufferedReader out =
                    new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8))) {
                for (String line = out.readLine(); line != null; line = out.readLine()) {
                    lines.add(line.replaceAll("[^\\x20-\\x7e]", " "));
                    if (lines.size() > LAST_LINES) lines.poll();
                }
            } catch (IOException ended) {
                // The pipe was closed with the process.
            }
            last.complete(List.copyOf(lines));
        });
        return last;
    }

    private List<String> words(Process current, CompletableFuture<List<String>> lastWords) {
        end();
        try {
            current.waitFor(2, TimeUnit.SECONDS);
            // What the program prints about its settings may name its key.
            return lastWords.completeOnTimeout(List.of(), 2, TimeUnit.SECONDS).get().stream()
                    .map(line -> line.replace(key.secret(), "…"))
                    .toList();
        } catch (ExecutionException never) {
            return List.of();
        } catch (InterruptedException closing) {
            Thread.currentThread().interrupt();
            return List.of();
        }
    }

    /** Kept over restarts, so that clients find the relay where it was. */
    private RelayEngine.Binding binding() throws IOException {
        if (binding.isEmpty())
            binding = Optional.of(new RelayEngine.Binding(
                    settings.host(),
                    settings.port() == 0 ? freeTcpPort() : settings.port(),
                    settings.mediaTcpPort() == 0 ? freeTcpPort() : settings.mediaTcpPort(),
                    settings.mediaUdpPort() == 0 ? freeUdpPort() : settings.mediaUdpPort(),
                    settings.mediaAddress(),
                    settings.loopbackAlone(),
                    people));
        return binding.get();
    }

    private int freeTcpPort() throws IOException {
        try (ServerSocket socket = new ServerSocket()) {
            socket.bind(new InetSocketAddress(InetAddress.getByName(settings.host()), 0));
            return socket.getLocalPort();
        }
    }

    private int freeUdpPort() throws IOException {
        try (DatagramSocket socket =
                new DatagramSocket(new InetSocketAddress(InetAddress.getByName(settings.host()), 0))) {
            return socket.getLocalPort();
        }
    }

    private URI url(RelayEngine.Launch launch) {
        return settings.publicUrl()
                .orElseGet(() -> URI.create("ws://" + launch.health().getAuthority()));
    }

    /** The guard reads the end of its input and kills the program. */
    private void end() {
        Process current = process;
        if (current == null) return;
        try {
            current.getOutputStream().close();
        } catch (IOException closedAlready) {
            // As wanted.
        }
    }

    /** Ends the program, and returns when it has ended. */
    @Override
    public void close() {
        closed = true;
        end();
        if (thread.getState() == Thread.State.NEW) return;
        thread.interrupt();
        try {
            thread.join(Duration.ofSeconds(5));
            Process last = process;
            if (last != null && !last.waitFor(5, TimeUnit.SECONDS)) {
                last.descendants().forEach(ProcessHandle::destroyForcibly);
                last.destroyForcibly();
            }
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
