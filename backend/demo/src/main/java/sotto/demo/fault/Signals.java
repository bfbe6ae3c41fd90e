package sotto.demo.fault;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** What the system can do to processes, and other commands of it. */
public final class Signals {
    private Signals() {}

    /** Processes stand still where they are, without a word to anybody: a hang, or a computer that sleeps. */
    static void stop(Stream<ProcessHandle> processes) throws IOException {
        send("STOP", processes);
    }

    /** They go on as if nothing had been. */
    static void goOn(Stream<ProcessHandle> processes) throws IOException {
        send("CONT", processes);
    }

    /** They are gone at once. */
    static void kill(Stream<ProcessHandle> processes) throws IOException {
        send("KILL", processes);
    }

    private static void send(String signal, Stream<ProcessHandle> processes) throws IOException {
        List<String> command = new ArrayList<>(List.of("sh", "-c", "kill -" + signal + " \"$@\"", "kill"));
        List<String> ids =
                processes.map(process -> Long.toString(process.pid())).toList();
        if (ids.isEmpty()) throw new IOException("there is no process to send " + signal);
        command.addAll(ids);
        run(command);
    }

    /** @throws IOException with what the command said, if it fails */
    public static void run(List<String> command) throws IOException {
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        String said = new String(process.getInputStream().readAllBytes()).strip();
        try {
            if (process.waitFor() != 0) throw new IOException(String.join(" ", command) + ": " + said);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted", e);
        }
    }
}
