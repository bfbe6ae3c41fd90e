package sotto.demo.bench;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.microsoft.playwright.BrowserContext;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.Playwright;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import sotto.demo.Browser;
import sotto.demo.Product;
import sotto.demo.WorkFolder;

/**
 * From the start of the process to a lobby that was painted; the profile is there and files are in the system's cache.
 * In a browser that runs already, and in the app's own window where there is a screen or Xvfb.
 */
final class StartBench implements Benchmark {
    private static final double GOAL_MS = 1_500;
    private static final ObjectMapper JSON = new ObjectMapper();

    @Override
    public String name() {
        return "start";
    }

    @Override
    public String explanation() {
        return "start of the app's process to a painted lobby, warm: in a running headless browser, and in the app's own"
                + " window where there is a screen or Xvfb";
    }

    @Override
    public int defaultRounds() {
        return 5;
    }

    @Override
    public Result run(int rounds, Consumer<String> progress) throws IOException {
        Map<String, List<Double>> inBrowser = new LinkedHashMap<>();
        Map<String, List<Double>> inWindow = new LinkedHashMap<>();
        try (WorkFolder folder = new WorkFolder("sotto-bench-");
                Browser browser = new Browser();
                // Before the first start: it takes processor time that a person's machine would give to the app.
                Playwright driver = Playwright.create(
                        new Playwright.CreateOptions().setEnv(Map.of("PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD", "1")));
                Screen screen = Screen.find()) {
            for (int round = 0; round <= rounds; round++) {
                // The first of each makes the profile and warms caches.
                Map<String, Double> took = browserRound(browser, folder.path().resolve("browser"));
                if (round > 0) add(inBrowser, took);
                progress.accept((round == 0 ? "warm-up: " : "round " + round + ": ") + "browser " + took);
                if (!screen.present()) continue;
                Map<String, Double> window =
                        windowRound(driver, screen, folder.path().resolve("window"));
                if (round > 0) add(inWindow, window);
                progress.accept((round == 0 ? "warm-up: " : "round " + round + ": ") + "window " + window);
            }
        }
        ObjectNode figures = JSON.createObjectNode();
        List<String> lines = new ArrayList<>();
        List<Result.Goal> goals = new ArrayList<>();
        report("browser", inBrowser, figures, lines, goals);
        if (inWindow.isEmpty()) lines.add("window: not measured, there is neither a screen nor Xvfb");
        else report("window", inWindow, figures, lines, goals);
        return new Result(figures, goals, lines);
    }

    private static void report(
            String where,
            Map<String, List<Double>> parts,
            ObjectNode figures,
            List<String> lines,
            List<Result.Goal> goals) {
        ObjectNode node = figures.putObject(where);
        parts.forEach((part, values) -> {
            Spread spread = Spread.of(values);
            node.set(part, JSON.valueToTree(spread));
            lines.add(where + ", start to " + part + ": " + spread.text());
        });
        Spread whole = Spread.of(parts.get("lobby painted"));
        goals.add(new Result.Goal(
                where + " usable within " + Math.round(GOAL_MS) + " ms (p50)",
                Math.round(whole.p50()) + " ms",
                whole.p50() <= GOAL_MS));
    }

    private static void add(Map<String, List<Double>> all, Map<String, Double> one) {
        one.forEach((part, ms) ->
                all.computeIfAbsent(part, any -> new ArrayList<>()).add(ms));
    }

    private static Map<String, Double> browserRound(Browser browser, Path profile) throws IOException {
        Map<String, Double> parts = new LinkedHashMap<>();
        try (BrowserContext context = browser.context()) {
            Page page = context.newPage();
            long start = System.currentTimeMillis();
            try (Started app = Started.start(profile, Map.of(), List.of("--headless"))) {
                parts.put("backend ready", (double) (app.readyAt - start));
                page.navigate(app.ready.get("url").asText());
                page.waitForFunction("() => performance.getEntriesByName('sotto:lobby').length > 0");
                pageParts(page, start, parts);
            }
        }
        return parts;
    }

    private static Map<String, Double> windowRound(Playwright driver, Screen screen, Path profile) throws IOException {
        Map<String, Double> parts = new LinkedHashMap<>();
        int port = freePort();
        long start = System.currentTimeMillis();
        try (Started app = Started.start(
                profile, Map.of("DISPLAY", screen.display()), List.of("--devtools-port", Integer.toString(port)))) {
            parts.put("window asked for", (double) (app.readyAt - start));
            awaitPage(port);
            var browser = driver.chromium().connectOverCDP("http://127.0.0.1:" + port);
            Page page = browser.contexts().getFirst().pages().getFirst();
            page.waitForFunction("() => performance.getEntriesByName('sotto:lobby').length > 0");
            pageParts(page, start, parts);
            browser.close();
        }
        return parts;
    }

    /** Looked up afterwards, from what the page noted: the looking costs no time that is measured. */
    private static void pageParts(Page page, long start, Map<String, Double> parts) {
        Map<?, ?> at = (Map<?, ?>) page.evaluate("() => { const page = performance.getEntriesByType('navigation')[0];"
                + " return { asked: performance.timeOrigin, loaded: performance.timeOrigin + page.domContentLoadedEventEnd,"
                + " lobby: performance.timeOrigin + performance.getEntriesByName('sotto:lobby')[0].startTime }; }");
        parts.put("page asked for", ((Number) at.get("asked")).doubleValue() - start);
        parts.put("page loaded", ((Number) at.get("loaded")).doubleValue() - start);
        parts.put("lobby painted", ((Number) at.get("lobby")).doubleValue() - start);
    }

    /** Whoever connects to a window before its page is there never sees the page. */
    private static void awaitPage(int devToolsPort) throws IOException {
        URI list = URI.create("http://127.0.0.1:" + devToolsPort + "/json/list");
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(30);
        try (HttpClient client = HttpClient.newHttpClient()) {
            while (System.nanoTime() < end) {
                String body = client.send(HttpRequest.newBuilder(list).build(), HttpResponse.BodyHandlers.ofString())
                        .body();
                for (JsonNode target : JSON.readTree(body))
                    if (target.path("type").asText().equals("page")
                            && target.path("url").asText().startsWith("http://127.0.0.1:")) return;
                TimeUnit.MILLISECONDS.sleep(50);
            }
            throw new IOException("the window shows no page");
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted", e);
        }
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }

    /** The app as {@code ./sotto run} starts it, and the line that it prints when it is ready. */
    private record Started(Process process, JsonNode ready, long readyAt) implements AutoCloseable {
        static Started start(Path profile, Map<String, String> environment, List<String> options) throws IOException {
            List<String> command = new ArrayList<>(Product.java());
            command.addAll(List.of("sotto.app.Main", "run", "--json", "--profile", profile.toString()));
            command.addAll(options);
            ProcessBuilder builder = new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.DISCARD);
            builder.environment().putAll(environment);
            if (environment.isEmpty()) builder.environment().remove("DISPLAY");
            Process process = builder.start();
            var lines = new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
            String line = lines.readLine();
            while (line != null && !line.startsWith("{")) line = lines.readLine();
            long at = System.currentTimeMillis();
            if (line == null) throw new IOException("the app did not start");
            return new Started(process, JSON.readTree(line), at);
        }

        @Override
        public void close() {
            process.toHandle().destroy();
            try {
                if (!process.waitFor(15, TimeUnit.SECONDS))
                    process.destroyForcibly().waitFor();
            } catch (InterruptedException e) {
                process.destroyForcibly();
                Thread.currentThread().interrupt();
            }
        }
    }

    /** The screen that there is, or a virtual one, or none. */
    private record Screen(String display, Process xvfb) implements AutoCloseable {
        static Screen find() throws IOException {
            String display = System.getenv("DISPLAY");
            if (display != null && !display.isEmpty()) return new Screen(display, null);
            if (!Files.isExecutable(Path.of("/usr/bin/Xvfb"))) return new Screen(null, null);
            Process xvfb = new ProcessBuilder(
                            "/usr/bin/Xvfb", "-displayfd", "1", "-screen", "0", "1280x900x24", "-nolisten", "tcp")
                    .redirectError(ProcessBuilder.Redirect.DISCARD)
                    .start();
            String number =
                    new BufferedReader(new InputStreamReader(xvfb.getInputStream(), StandardCharsets.UTF_8)).readLine();
            if (number == null) throw new IOException("Xvfb did not start");
            return new Screen(":" + number.strip(), xvfb);
        }

        boolean present() {
            return display != null;
        }

        @Override
        public void close() {
            if (xvfb != null) xvfb.destroy();
        }
    }
}
