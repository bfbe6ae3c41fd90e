package sotto.demo;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.stream.Stream;

/** Collects CPU time and peak memory of process trees; figures of children that have ended meanwhile are kept. */
final class Usage {
    private final Map<Long, Double> cpu = new HashMap<>();
    private final Map<Long, Double> rss = new HashMap<>();

    /** Reads the present figures of these processes. */
    void sample(Stream<ProcessHandle> processes) {
        processes.forEach(process -> {
            process.info()
                    .totalCpuDuration()
                    .ifPresent(d -> cpu.merge(process.pid(), d.toMillis() / 1000.0, Math::max));
            Double peak = peakMiB(process.pid());
            if (peak != null) rss.merge(process.pid(), peak, Math::max);
        });
    }

    /** Sums over all processes ever sampled; null where the system does not tell. */
    Report.ProcessUsage as(String name) {
        return new Report.ProcessUsage(name, sum(cpu), sum(rss));
    }

    private static Double sum(Map<Long, Double> values) {
        if (values.isEmpty()) return null;
        double sum = values.values().stream().mapToDouble(Double::doubleValue).sum();
        return Math.round(sum * 100) / 100.0;
    }

    private static Double peakMiB(long pid) {
        Path status = Path.of("/proc", Long.toString(pid), "status");
        try (Stream<String> lines = Files.lines(status)) {
            return lines.filter(line -> line.startsWith("VmHWM:"))
                    .map(line -> Long.parseLong(line.replaceAll("\\D", "")) / 1024.0)
                    .findFirst()
                    .orElse(null);
        } catch (IOException | RuntimeException notLinuxOrGone) {
            return null;
        }
    }
}
