package sotto.rooms.model;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Runs TLC in a process of its own, with bounded memory, in a directory of its own. */
public final class Tlc {
    private static final Path SOURCES = Path.of("src", "tla");
    private static final Pattern VIOLATED = Pattern.compile(
            "(?:Invariant |Action property |Property )?(\\w+|Temporal properties) (?:is|were) violated");
    private static final Pattern COUNT =
            Pattern.compile("(\\d+) states generated, (\\d+) distinct states found, 0 states");

    private Tlc() {}

    /**
     * What TLC found.
     *
     * @param violated the property that does not hold
     * @param distinct states of a complete search; -1 if it ended early
     * @param output all that TLC printed
     */
    public record Result(Optional<String> violated, long distinct, String output) {
        public boolean complete() {
            return output.contains("Model checking completed. No error has been found.");
        }
    }

    /** A configuration file's text. */
    public static String configuration(String name) {
        return read(SOURCES.resolve(name + ".cfg"));
    }

    static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }

    /** The configuration with another value for a constant. */
    static String with(String configuration, String constant, String value) {
        String changed = configuration.replaceFirst(
                "(?m)^ " + constant + " = .*$", Matcher.quoteReplacement(" " + constant + " = " + value));
        if (changed.equals(configuration)) throw new IllegalArgumentException("not changed: " + constant);
        return changed;
    }

    /** The configuration with nothing but this to check. */
    static String checking(String configuration, String kind, String property) {
        String head = configuration.replaceFirst("(?ms)^(INVARIANTS|PROPERTIES)$.*", "");
        return head + kind + "\n " + property + "\n";
    }

    /**
     * Checks a module.
     *
     * @param dir a directory of its own: the specification is copied there
     * @param deadlock whether a state without a next one is an error
     */
    public static Result run(Path dir, String module, String configuration, boolean deadlock) {
        return run(dir, module, configuration, deadlock, 2);
    }

    static Result run(Path dir, String module, String configuration, boolean deadlock, int workers) {
        try {
            try (var files = Files.list(SOURCES)) {
                for (Path file :
                        files.filter(f -> f.toString().endsWith(".tla")).toList()) {
                    Path copy = dir.resolve(file.getFileName());
                    if (!Files.exists(copy)) Files.copy(file, copy);
                }
            }
            Files.writeString(dir.resolve("check.cfg"), configuration);
            Path output = dir.resolve("output.txt");
            List<String> command = new ArrayList<>(List.of(
                    Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                    "-Xmx1500m",
                    "-XX:+UseParallelGC",
                    // TLC unpacks its standard modules there, and deletes them when it ends.
                    "-Djava.io.tmpdir=" + dir.toAbsolutePath(),
                    "-cp",
                    Path.of(tlc2.TLC
                                    .class
                                    .getProtectionDomain()
                                    .getCodeSource()
                                    .getLocation()
                                    .toURI())
                            .toString(),
                    "tlc2.TLC",
                    "-workers",
                    String.valueOf(workers),
                    "-config",
                    "check.cfg"));
            if (!deadlock) command.add("-deadlock"); // that is how TLC is told not to look for any
            command.add(module);
            Process process = new ProcessBuilder(command)
                    .directory(dir.toFile())
                    .redirectErrorStream(true)
                    .redirectOutput(output.toFile())
                    .start();
            try {
                if (!process.waitFor(15, TimeUnit.MINUTES)) throw new AssertionError("TLC does not end: " + dir);
            } finally {
                process.destroyForcibly();
            }
            return result(Files.readString(output));
        } catch (IOException | InterruptedException | java.net.URISyntaxException failed) {
            throw new AssertionError("TLC could not be run", failed);
        }
    }

    private static Result result(String output) {
        Matcher violated = VIOLATED.matcher(output);
        Optional<String> property = Optional.empty();
        if (violated.find()) property = Optional.of(violated.group(1));
        Matcher count = COUNT.matcher(output);
        long distinct = -1;
        while (count.find()) distinct = Long.parseLong(count.group(2));
        return new Result(property, distinct, output);
    }
}
