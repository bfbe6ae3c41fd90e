package sotto.demo.bench;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What is alive on another Java process' heap, after a full collection.
 *
 * @param instances by class name
 */
record LiveHeap(long bytes, Map<String, Long> instances) {
    private static final Pattern LINE = Pattern.compile("\\s*\\d+:\\s+(\\d+)\\s+(\\d+)\\s+(\\S+).*");

    /** Asks the process through {@code jcmd} of the same JDK. */
    static LiveHeap of(long pid) throws IOException, InterruptedException {
        Path jcmd = Path.of(System.getProperty("java.home"), "bin", "jcmd");
        Process process = new ProcessBuilder(jcmd.toString(), Long.toString(pid), "GC.class_histogram")
                .redirectErrorStream(true)
                .start();
        long bytes = 0;
        Map<String, Long> instances = new HashMap<>();
        try (var lines = new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8))) {
            for (String line; (line = lines.readLine()) != null; ) {
                Matcher row = LINE.matcher(line);
                // Dead space that the collector has filled up is no object of the program.
                if (!row.matches() || row.group(3).contains("jdk.internal.vm.Filler")) continue;
                bytes += Long.parseLong(row.group(2));
                instances.merge(row.group(3), Long.parseLong(row.group(1)), Long::sum);
            }
        }
        if (process.waitFor() != 0 || instances.isEmpty())
            throw new IOException("jcmd could not look at process " + pid);
        return new LiveHeap(bytes, Map.copyOf(instances));
    }

    LiveHeap plus(LiveHeap other) {
        Map<String, Long> sum = new HashMap<>(instances);
        other.instances.forEach((name, count) -> sum.merge(name, count, Long::sum));
        return new LiveHeap(bytes + other.bytes, Map.copyOf(sum));
    }

    long count(String className) {
        return instances.getOrDefault(className, 0L);
    }
}
