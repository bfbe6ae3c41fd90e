package sotto.demo.bench;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.google.gson.JsonObject;
import com.microsoft.playwright.BrowserType;
import com.microsoft.playwright.CDPSession;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.Playwright;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Consumer;
import sotto.demo.Browser;

/**
 * CPU time of the frame worker's path (codec, keyring, sealing, replay window, ordered output), against bare WebCrypto
 * on the same frames. The page that does the work is {@code web/bench/worker-bench}; this class drives it.
 *
 * <p>CPU time is that of all threads of the renderer. Rounds of the kinds alternate, and each ratio is of two rounds
 * that ran one after the other.
 */
final class WorkerBench implements Benchmark {
    private static final int[] SIZES = {100, 1_000, 10_000, 50_000};
    private static final List<String> WAYS = List.of("encrypt", "decrypt");
    /** The product; WebCrypto with a nonce made as in a textbook; and with the cheapest one that was found. */
    private static final List<String> KINDS = List.of("sotto", "bare", "least");

    private static final int WARM_UP = 2;
    private static final double GOAL_RATIO = 1.1;
    private static final ObjectMapper JSON = new ObjectMapper();

    private record Round(double cpuUs, double framesPerSecond) {}

    @Override
    public String name() {
        return "worker";
    }

    @Override
    public String explanation() {
        return "CPU per frame of the frame worker's path, by frame size, as a ratio to bare WebCrypto on the same frames;"
                + " and frames per second of one worker";
    }

    @Override
    public int defaultRounds() {
        return 9;
    }

    @Override
    public Result run(int rounds, Consumer<String> progress) throws IOException {
        Path chromium =
                Browser.find().orElseThrow(() -> new IOException("no Chromium found; set SOTTO_CHROMIUM to its path"));
        try (BenchPage served = new BenchPage("worker-bench");
                Playwright playwright = Playwright.create(
                        new Playwright.CreateOptions().setEnv(Map.of("PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD", "1")))) {
            var browser = playwright
                    .chromium()
                    .launch(new BrowserType.LaunchOptions()
                            .setExecutablePath(chromium)
                            .setArgs(List.of(
                                    "--no-sandbox",
                                    "--disable-gpu",
                                    "--no-first-run",
                                    "--disable-background-networking",
                                    "--js-flags=--expose-gc")));
            Page page = browser.newPage();
            page.setDefaultTimeout(120_000);
            page.navigate(served.url());
            page.waitForFunction("() => globalThis.sottoBench !== undefined");
            return measure(page, browser.newBrowserCDPSession(), rounds, progress);
        }
    }

    private static Result measure(Page page, CDPSession session, int rounds, Consumer<String> progress)
            throws IOException {
        ArrayNode results = JSON.createArrayNode();
        List<String> lines = new ArrayList<>();
        double worst = 0;
        lines.add(String.format("%8s %8s %14s %10s %10s %12s", "bytes", "", "frames/s", "CPU µs", "bare µs", "ratio"));
        for (int bytes : SIZES) {
            for (String way : WAYS) {
                Map<String, List<Round>> taken = new LinkedHashMap<>();
                for (int i = -WARM_UP; i < rounds; i++)
                    for (String kind : KINDS) {
                        Round round = round(page, session, kind + "-" + way, bytes);
                        if (i >= 0)
                            taken.computeIfAbsent(kind, any -> new ArrayList<>())
                                    .add(round);
                    }
                double ratio = median(ratios(taken, "bare"));
                double least = median(ratios(taken, "least"));
                double fps = median(
                        taken.get("sotto").stream().map(Round::framesPerSecond).toList());
                worst = Math.max(worst, ratio);
                ObjectNode result = results.addObject();
                result.put("bytes", bytes).put("way", way).put("framesPerSecond", Math.round(fps));
                ObjectNode cpu = result.putObject("cpuMicroseconds");
                taken.forEach((kind, all) ->
                        cpu.put(kind, median(all.stream().map(Round::cpuUs).toList())));
                result.putObject("cpuRatio").put("bare", ratio).put("least", least);
                String line = String.format(
                        Locale.ROOT,
                        "%8d %8s %14d %10.1f %10.1f %12.2f",
                        bytes,
                        way,
                        Math.round(fps),
                        cpu.get("sotto").asDouble(),
                        cpu.get("bare").asDouble(),
                        ratio);
                lines.add(line);
                progress.accept(line.strip());
            }
        }
        ObjectNode figures = JSON.createObjectNode();
        figures.put("rounds", rounds);
        figures.set("results", results);
        return new Result(
                figures,
                List.of(new Result.Goal(
                        "CPU per frame at most " + GOAL_RATIO + " times bare WebCrypto at each size",
                        "at worst " + worst,
                        worst <= GOAL_RATIO)),
                lines);
    }

    private static Round round(Page page, CDPSession session, String kind, int bytes) throws IOException {
        page.evaluate("([kind, bytes]) => globalThis.sottoBench.prepare(kind, bytes)", List.of(kind, bytes));
        double before = cpuUs(session);
        Map<?, ?> done = (Map<?, ?>) page.evaluate("() => globalThis.sottoBench.go()");
        double frames = ((Number) done.get("frames")).doubleValue();
        double ms = ((Number) done.get("milliseconds")).doubleValue();
        return new Round((cpuUs(session) - before) / frames, 1000 * frames / ms);
    }

    /** CPU time of all renderers: by the Linux scheduler in nanoseconds or, elsewhere, by Chromium in steps of 10 ms. */
    private static double cpuUs(CDPSession session) {
        double total = 0;
        JsonObject answer = session.send("SystemInfo.getProcessInfo");
        for (var one : answer.getAsJsonArray("processInfo")) {
            JsonObject process = one.getAsJsonObject();
            if (!process.get("type").getAsString().equals("renderer")) continue;
            ThreadTimes threads =
                    ThreadTimes.of(ProcessHandle.of(process.get("id").getAsLong()).stream());
            total += threads.known()
                    ? threads.seconds() * 1e6
                    : process.get("cpuTime").getAsDouble() * 1e6;
        }
        return total;
    }

    private static List<Double> ratios(Map<String, List<Round>> taken, String baseline) {
        List<Double> ratios = new ArrayList<>();
        for (int i = 0; i < taken.get("sotto").size(); i++)
            ratios.add(taken.get("sotto").get(i).cpuUs()
                    / taken.get(baseline).get(i).cpuUs());
        return ratios;
    }

    private static double median(List<Double> values) {
        List<Double> sorted = values.stream().sorted().toList();
        return Math.round(1000 * sorted.get((sorted.size() - 1) / 2)) / 1000.0;
    }
}
