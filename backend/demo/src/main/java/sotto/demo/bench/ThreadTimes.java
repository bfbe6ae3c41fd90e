package sotto.demo.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Predicate;
import java.util.stream.Stream;

/**
 * CPU time of each thread of some processes, as the Linux scheduler counts it, in nanoseconds: of other systems' threads
 * nothing is known here. Threads of one turn of a benchmark can be held against each other, however fast the machine just
 * was; whole turns cannot.
 */
final class ThreadTimes {
    private record Time(String thread, long nanos) {}

    /** By process and thread id. */
    private final Map<String, Time> threads = new HashMap<>();

    private ThreadTimes() {}

    static ThreadTimes of(Stream<ProcessHandle> processes) {
        ThreadTimes times = new ThreadTimes();
        processes.forEach(process -> times.read(process.pid()));
        return times;
    }

    private void read(long pid) {
        Path tasks = Path.of("/proc", Long.toString(pid), "task");
        if (!Files.isDirectory(tasks)) return;
        try (Stream<Path> all = Files.list(tasks)) {
            for (Path thread : all.toList()) {
                try {
                    String name = Files.readString(thread.resolve("comm")).strip();
                    String nanos = Files.readString(thread.resolve("schedstat")).split(" ")[0];
                    threads.put(pid + "/" + thread.getFileName(), new Time(name, Long.parseLong(nanos)));
                } catch (IOException ended) {
                    // A thread of the browser's pool; what it did is lost, and does not repeat.
                }
            }
        } catch (IOException ended) {
            // The process has gone.
        }
    }

    /** Whether there is anything: not on other systems. */
    boolean known() {
        return !threads.isEmpty();
    }

    /** Seconds of CPU of all threads that are there. */
    double seconds() {
        return threads.values().stream().mapToLong(Time::nanos).sum() / 1e9;
    }

    /** Seconds of CPU since then, of the threads so named that were there then. */
    double secondsSince(ThreadTimes before, Predicate<String> named) {
        return threads.entrySet().stream()
                        .filter(one -> named.test(one.getValue().thread) && before.threads.containsKey(one.getKey()))
                        .mapToLong(one -> one.getValue().nanos - before.threads.get(one.getKey()).nanos)
                        .sum()
                / 1e9;
    }
}
