package sotto.demo.bench;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.microsoft.playwright.Page;
import java.io.IOException;
import java.net.URI;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.ToDoubleFunction;
import java.util.stream.Collectors;
import sotto.demo.Browser;
import sotto.demo.FreePort;
import sotto.server.relay.RelayEngine;
import sotto.server.relay.RelayKey;
import sotto.server.relay.livekit.LiveKit;

/**
 * CPU of a call of three through LiveKit, over the browser's whole process tree, in modes that differ in their
 * transforms alone. The page that does it is {@code web/bench/relay-bench}; this class drives it. In each round every mode
 * has its turn, from the first to the last and in the next round from the last to the first, so that a machine that grows
 * busier or less busy does not favour one. Passing has two turns, before and after ours: ours is held against their mean,
 * and it is seen how far apart two equal ones lie. One mode calls WebCrypto once for each frame and does nothing else,
 * which is the least that encrypting costs.
 *
 * From one turn to the next the whole machine can get a third faster or slower. So where threads can be told apart, the
 * goals are held by threads: only those that work on encoded frames differ between the modes, and all the others tell how
 * fast the machine was.
 */
final class CpuBench implements Benchmark {
    private static final int PEOPLE = 3;
    /** In the first seconds the engine compiles the workers' code, which says nothing of a call that lasts minutes. */
    private static final double SETTLE_MS = 12_000;

    private static final double MEASURE_MS = 8_000;
    private static final double PATIENCE_MS = 30_000;
    private static final double GOAL_LIVEKIT = 1.0;
    private static final double GOAL_PASS = 1.03;
    private static final ObjectMapper JSON = new ObjectMapper();

    /** In the order of their turns: ours comes between the two that pass. */
    private enum Mode {
        NONE,
        BARE,
        PASS,
        SOTTO,
        /** As {@link #PASS} once more. */
        AGAIN,
        /** Frames pass through a TransformStream, as in the specification's example. */
        PIPED,
        LIVEKIT;

        String key() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /**
     * @param cpu cores
     * @param frames pictures decoded a second, by all
     * @param frameWork CPU of the threads that work on encoded frames, in units of that of all others, which do the same in
     *     each mode: so it says nothing of how fast the machine just was. Not a number where threads can't be told apart
     */
    private record Turn(double cpu, double frames, double frameWork) {}

    @Override
    public String name() {
        return "cpu";
    }

    @Override
    public String explanation() {
        return "CPU of the browser in a call of " + PEOPLE
                + " through LiveKit (camera 320×180 at 15, microphone): our transforms, none, some that pass frames as they"
                + " are (twice, and through a TransformStream), bare WebCrypto, and LiveKit's own encryption, in turn";
    }

    @Override
    public int defaultRounds() {
        return 5;
    }

    @Override
    public boolean onlyIfNamed() {
        return true; // a relay has to be got first
    }

    @Override
    public Result run(int rounds, Consumer<String> progress) throws IOException {
        RelayEngine engine = new LiveKit();
        byte[] random = new byte[32];
        new SecureRandom().nextBytes(random);
        RelayKey key = new RelayKey("bench", HexFormat.of().formatHex(random));
        int port = FreePort.tcp();
        RelayEngine.Launch launch = engine.launch(
                engine.program(progress),
                key,
                new RelayEngine.Binding(
                        "127.0.0.1", port, FreePort.tcp(), FreePort.udp(), Optional.of("127.0.0.1"), true, PEOPLE));
        ProcessBuilder builder = new ProcessBuilder(launch.command())
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .redirectError(ProcessBuilder.Redirect.DISCARD);
        builder.environment().putAll(launch.environment());
        Process relay = builder.start();
        try (BenchPage served = new BenchPage("relay-bench");
                Browser browser = Browser.ofItsOwn(List.of())) {
            List<Page> pages = new ArrayList<>();
            for (int i = 0; i < PEOPLE; i++) pages.add(browser.context().newPage());
            URI url = URI.create("ws://127.0.0.1:" + port);
            Browser.until(
                    pages.getFirst(),
                    PATIENCE_MS,
                    () -> engine.healthy(launch.health(), Duration.ofSeconds(1)).join());
            Map<Mode, List<Turn>> turns = new LinkedHashMap<>();
            List<Mode> order = new ArrayList<>(List.of(Mode.values()));
            for (int round = 1; round <= rounds; round++) {
                for (Mode mode : order) {
                    Turn turn = turn(browser, pages, served.url(), mode, seats(engine, key, url, mode.key() + round));
                    turns.computeIfAbsent(mode, any -> new ArrayList<>()).add(turn);
                    progress.accept(String.format(
                            Locale.ROOT,
                            "round %d, %s: %.3f cores, %.1f pictures/s",
                            round,
                            mode.key(),
                            turn.cpu,
                            turn.frames));
                }
                Collections.reverse(order);
            }
            return result(turns, rounds);
        } finally {
            relay.destroyForcibly();
        }
    }

    private static List<Map<String, Object>> seats(RelayEngine engine, RelayKey key, URI url, String call) {
        Instant now = Instant.now();
        List<Map<String, Object>> seats = new ArrayList<>();
        for (int person = 1; person <= PEOPLE; person++) {
            String token = engine.token(
                    key, new RelayEngine.Seat(call, "person-" + person, now, now.plus(Duration.ofMinutes(5))));
            seats.add(Map.of("person", person, "people", PEOPLE, "url", url.toString(), "token", token));
        }
        return seats;
    }

    private static Turn turn(Browser browser, List<Page> pages, String url, Mode mode, List<Map<String, Object>> seats)
            throws IOException {
        for (int i = 0; i < PEOPLE; i++) {
            Page page = pages.get(i);
            page.navigate(url);
            page.waitForFunction("() => globalThis.relayBench !== undefined");
            page.evaluate(
                    "([mode, seat]) => globalThis.relayBench.start({ mode, ...seat })",
                    List.of(mode.key(), seats.get(i)));
        }
        for (Page page : pages)
            Browser.until(page, PATIENCE_MS, () -> decoded(page).size() == PEOPLE - 1);
        Browser.pump(pages.getFirst(), SETTLE_MS);
        double frames = frames(pages);
        ThreadTimes threads = ThreadTimes.of(browser.processes());
        double before = cpuSeconds(browser);
        long from = System.nanoTime();
        Browser.pump(pages.getFirst(), MEASURE_MS);
        double seconds = (System.nanoTime() - from) / 1e9;
        double cpu = (cpuSeconds(browser) - before) / seconds;
        ThreadTimes after = ThreadTimes.of(browser.processes());
        double frameWork = after.secondsSince(threads, CpuBench::worksOnFrames)
                / after.secondsSince(threads, name -> !worksOnFrames(name));
        double pictures = (frames(pages) - frames) / seconds;
        if (pictures == 0) throw new IOException("nothing was decoded in mode " + mode.key());
        for (Page page : pages) page.navigate("about:blank");
        return new Turn(cpu, pictures, frameWork);
    }

    /** Frame workers, and the pool on which their code is compiled and their memory collected. */
    private static boolean worksOnFrames(String thread) {
        return thread.startsWith("DedicatedWorker") || thread.startsWith("ThreadPoolForeg");
    }

    private static List<?> decoded(Page page) {
        return (List<?>) page.evaluate("() => globalThis.relayBench.decoded()");
    }

    private static double frames(List<Page> pages) {
        return pages.stream()
                .flatMap(page -> decoded(page).stream())
                .mapToDouble(count -> ((Number) count).doubleValue())
                .sum();
    }

    private static double cpuSeconds(Browser browser) {
        return browser.processes()
                .mapToDouble(process ->
                        process.info().totalCpuDuration().orElse(Duration.ZERO).toNanos() / 1e9)
                .sum();
    }

    private static Result result(Map<Mode, List<Turn>> turns, int rounds) {
        ObjectNode figures = JSON.createObjectNode();
        figures.put("rounds", rounds);
        List<String> lines = new ArrayList<>();
        for (Mode mode : Mode.values()) {
            double cpu = median(turns.get(mode).stream().map(Turn::cpu).toList());
            double pictures = median(turns.get(mode).stream().map(Turn::frames).toList());
            figures.putObject(mode.key()).put("cores", cpu).put("picturesPerSecond", pictures);
            lines.add(String.format(Locale.ROOT, "%-8s %.3f cores, %.1f pictures/s", mode.key(), cpu, pictures));
        }
        List<Mode> passing = List.of(Mode.PASS, Mode.AGAIN);
        List<Double> livekit = ratios(turns, Mode.SOTTO, List.of(Mode.LIVEKIT));
        List<Double> pass = ratios(turns, Mode.SOTTO, passing);
        figures.putObject("ratioOfSotto")
                .put("none", median(ratios(turns, Mode.SOTTO, List.of(Mode.NONE))))
                .put("pass", median(pass))
                .put("bare", median(ratios(turns, Mode.SOTTO, List.of(Mode.BARE))))
                .put("piped", median(ratios(turns, Mode.SOTTO, List.of(Mode.PIPED))))
                .put("livekit", median(livekit));
        figures.put("ratioOfPassToPass", median(ratios(turns, Mode.AGAIN, List.of(Mode.PASS))));
        lines.add("ours, in times of passing, round by round: " + rounded(pass));
        lines.add("ours, in times of LiveKit's own, round by round: " + rounded(livekit));
        boolean byThreads =
                turns.values().stream().flatMap(List::stream).noneMatch(turn -> Double.isNaN(turn.frameWork));
        if (byThreads) {
            ObjectNode told = figures.putObject("ratioByThreads");
            for (Mode mode : List.of(Mode.SOTTO, Mode.BARE, Mode.AGAIN, Mode.PIPED, Mode.LIVEKIT, Mode.NONE)) {
                List<Double> all = byThreads(turns, mode, mode == Mode.AGAIN ? List.of(Mode.PASS) : passing);
                told.put(mode.key(), median(all));
                lines.add(String.format(
                        Locale.ROOT,
                        "by threads, %-8s in times of passing: %.3f, round by round: %s",
                        mode.key() + ",",
                        median(all),
                        rounded(all)));
            }
            livekit = byThreads(turns, Mode.SOTTO, List.of(Mode.LIVEKIT));
            pass = byThreads(turns, Mode.SOTTO, passing);
        }
        String how = byThreads ? ", by threads" : "";
        return new Result(
                figures,
                List.of(
                        goal("LiveKit's own encryption" + how, livekit, GOAL_LIVEKIT),
                        goal("transforms that pass" + how, pass, GOAL_PASS)),
                lines);
    }

    private static Result.Goal goal(String than, List<Double> ratios, double most) {
        double measured = median(ratios);
        return new Result.Goal("CPU at most " + most + " times " + than, Double.toString(measured), measured <= most);
    }

    private static List<Double> ratios(Map<Mode, List<Turn>> turns, Mode one, List<Mode> others) {
        return ratios(turns, one, others, Turn::cpu);
    }

    /**
     * As it would be if the threads that have nothing to do with encoded frames had taken the same time in all modes: they do
     * the same in all, and what they took tells how fast the machine was just then.
     */
    private static List<Double> byThreads(Map<Mode, List<Turn>> turns, Mode one, List<Mode> others) {
        return ratios(turns, one, others, turn -> 1 + turn.frameWork);
    }

    /** One mode against the mean of others in the same round, for each round. */
    private static List<Double> ratios(
            Map<Mode, List<Turn>> turns, Mode one, List<Mode> others, ToDoubleFunction<Turn> cost) {
        List<Double> ratios = new ArrayList<>();
        for (int i = 0; i < turns.get(one).size(); i++) {
            int round = i;
            double mean = others.stream()
                    .mapToDouble(other -> cost.applyAsDouble(turns.get(other).get(round)))
                    .average()
                    .orElseThrow();
            ratios.add(cost.applyAsDouble(turns.get(one).get(i)) / mean);
        }
        return ratios;
    }

    private static String rounded(List<Double> values) {
        return values.stream()
                .sorted()
                .map(value -> String.format(Locale.ROOT, "%.2f", value))
                .collect(Collectors.joining(" "));
    }

    private static double median(List<Double> values) {
        List<Double> sorted = values.stream().sorted().toList();
        int middle = sorted.size() / 2;
        double median = sorted.size() % 2 == 1 ? sorted.get(middle) : (sorted.get(middle - 1) + sorted.get(middle)) / 2;
        return Math.round(1000 * median) / 1000.0;
    }
}
