package sotto.demo;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.Playwright;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * The app as {@code ./sotto} starts it, with its own window, which is pressed through its DevTools port. It has another
 * Chromium than the tests' browser, and no camera flag of any kind: {@link #synthetic} puts a synthetic camera into its
 * page, which must come before the first question for one. Ends with its screen at the latest.
 */
public final class AppWindow implements AutoCloseable {
    private static final ObjectMapper JSON = new ObjectMapper();

    public final Page page;
    private final Process process;
    private final BufferedReader output;
    private final String server;
    private final Playwright playwright;

    /**
     * Opens the window.
     *
     * @param log gets what the program says on standard error
     * @param options more options of {@code sotto run}
     */
    public AppWindow(VirtualScreen screen, Path profile, Path log, String... options) throws IOException {
        int devTools = FreePort.tcp();
        List<String> command = new ArrayList<>(List.of(
                ProcessHandle.current().info().command().orElse("java"),
                "--enable-native-access=ALL-UNNAMED",
                "-Dorg.slf4j.simpleLogger.defaultLogLevel=warn",
                "-Dorg.slf4j.simpleLogger.log.org.eclipse.jetty=error",
                "-cp",
                System.getProperty("java.class.path"),
                "sotto.app.Main",
                "run",
                "--json",
                "--profile",
                profile.toString(),
                "--devtools-port",
                Integer.toString(devTools)));
        command.addAll(List.of(options));
        process = screen.start(new ProcessBuilder(command).redirectError(log.toFile()));
        output = process.inputReader();
        server = said().required("server").asText();
        playwright = Playwright.create(
                new Playwright.CreateOptions().setEnv(Map.of("PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD", "1")));
        page = playwright
                .chromium()
                .connectOverCDP("http://127.0.0.1:" + devTools)
                .contexts()
                .getFirst()
                .pages()
                .getFirst();
    }

    /** URL of the coordination server that it uses: one of its own, if none was named. */
    public String server() {
        return server;
    }

    /** Takes the synthetic camera and microphone from now on, with these {@code sottoSyntheticOptions}. */
    public void synthetic(String options) {
        page.evaluate("globalThis.sottoSyntheticOptions = " + options + ";\n" + Person.resource("synthetic.js"));
    }

    public Locator at(String testId) {
        return page.locator("[data-testid=" + testId + "]").first();
    }

    /** Waits until this is on the screen. */
    public void see(String testId) {
        at(testId).waitFor(new Locator.WaitForOptions().setTimeout(BrowserTest.SOON));
    }

    /** Ends the program as its user would; what it says of its keys then. */
    JsonNode end() throws IOException, InterruptedException {
        process.toHandle().destroy();
        JsonNode journal = said().required("journal");
        if (!process.waitFor(20, TimeUnit.SECONDS)) throw new IOException("the app has not ended");
        return journal;
    }

    private JsonNode said() throws IOException {
        String line = output.readLine();
        if (line == null) throw new IOException("the app ended without a word");
        return JSON.readTree(line);
    }

    @Override
    public void close() {
        playwright.close();
        // Not Process.destroy(): that one also closes the pipe on which the last line is still to come.
        process.toHandle().destroy();
        try {
            if (!process.waitFor(20, TimeUnit.SECONDS)) process.destroyForcibly();
        } catch (InterruptedException e) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
        }
    }
}
