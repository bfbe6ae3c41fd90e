package sotto.demo;

import com.microsoft.playwright.Browser.NewContextOptions;
import com.microsoft.playwright.BrowserContext;
import com.microsoft.playwright.BrowserType;
import com.microsoft.playwright.Playwright;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import java.util.stream.Stream;

/** A headless Chromium from the system; nothing is downloaded. One thread drives it. */
public final class Browser implements AutoCloseable {
    private static final List<String> PLACES = List.of(
            "/usr/bin/chromium",
            "/usr/bin/chromium-browser",
            "/usr/bin/google-chrome",
            "/usr/bin/google-chrome-stable",
            "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
            "C:\\Program Files\\Google\\Chrome\\Application\\chrome.exe");

    private static final List<String> FLAGS = List.of(
            "--no-sandbox",
            "--disable-gpu",
            "--disable-quic",
            "--no-first-run",
            "--disable-background-networking",
            "--disable-component-update",
            "--disable-sync",
            "--autoplay-policy=no-user-gesture-required",
            "--disable-features=WebRtcHideLocalIpsWithMdns,LocalNetworkAccessChecks,LocalNetworkAccessChecksWebSockets",
            "--use-fake-device-for-media-stream",
            "--use-fake-ui-for-media-stream");

    private final Playwright playwright;
    private final com.microsoft.playwright.Browser chromium;

    /** @throws IOException naming what to install if there is no Chromium */
    public Browser() throws IOException {
        Path executable = find().orElseThrow(() -> new IOException(
                "no Chromium found; install it (Debian: apt-get install chromium) or set SOTTO_CHROMIUM to its path"));
        playwright = Playwright.create(
                new Playwright.CreateOptions().setEnv(Map.of("PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD", "1")));
        chromium = playwright
                .chromium()
                .launch(new BrowserType.LaunchOptions()
                        .setExecutablePath(executable)
                        .setHeadless(true)
                        .setArgs(FLAGS));
    }

    public static Optional<Path> find() {
        return Stream.concat(Stream.ofNullable(System.getenv("SOTTO_CHROMIUM")), PLACES.stream())
                .map(Path::of)
                .filter(Files::isExecutable)
                .findFirst();
    }

    /** A context of its own: hidden tabs stop painting, contexts do not. */
    public BrowserContext context() {
        BrowserContext context = chromium.newContext(new NewContextOptions().setViewportSize(1280, 800));
        context.grantPermissions(List.of("camera", "microphone"));
        return context;
    }

    /** Runs waiting Playwright events for this long; the demo's only clock. */
    public static void pump(com.microsoft.playwright.Page page, double ms) {
        page.waitForTimeout(ms);
    }

    /**
     * Waits for something that has no event of its own, looking again and again.
     *
     * @throws IllegalStateException if it has not come true in time
     */
    public static void until(com.microsoft.playwright.Page page, double mostMs, BooleanSupplier holds) {
        long end = System.nanoTime() + (long) (mostMs * 1e6);
        while (!holds.getAsBoolean()) {
            if (System.nanoTime() > end) throw new IllegalStateException("waited in vain for " + mostMs + " ms");
            pump(page, 50);
        }
    }

    @Override
    public void close() {
        playwright.close();
    }
}
