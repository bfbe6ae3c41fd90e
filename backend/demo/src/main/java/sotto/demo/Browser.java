package sotto.demo;

import com.microsoft.playwright.Browser.NewContextOptions;
import com.microsoft.playwright.BrowserContext;
import com.microsoft.playwright.BrowserType;
import com.microsoft.playwright.Playwright;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
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

    private final Optional<Path> own;
    private final Playwright playwright;
    private final com.microsoft.playwright.Browser chromium;

    /** @throws IOException naming what to install if there is no Chromium */
    public Browser() throws IOException {
        this(Optional.empty(), List.of());
    }

    /**
     * A browser that is one person's computer: it can be stopped or killed as a whole, and run elsewhere.
     *
     * @param before a command that runs the rest of its line, such as {@code ip netns exec NAME}; may be empty
     */
    public static Browser ofItsOwn(List<String> before) throws IOException {
        return new Browser(Optional.of(Files.createTempDirectory("sotto-browser-")), before);
    }

    private Browser(Optional<Path> own, List<String> before) throws IOException {
        this.own = own;
        Path chromiumFile = find().orElseThrow(() -> new IOException(
                "no Chromium found; install it (Debian: apt-get install chromium) or set SOTTO_CHROMIUM to its path"));
        Path executable = own.isPresent() ? wrapper(own.get(), before, chromiumFile) : chromiumFile;
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

    /** A program in the browser's place that notes its process id, then becomes the browser. */
    private static Path wrapper(Path folder, List<String> before, Path chromium) throws IOException {
        Path script = folder.resolve("chromium");
        Files.writeString(
                script,
                "#!/bin/sh\necho $$ > '%s'\nexec %s '%s' \"$@\"\n"
                        .formatted(folder.resolve("pid"), String.join(" ", before), chromium));
        if (!script.toFile().setExecutable(true)) throw new IOException("cannot make " + script + " executable");
        return script;
    }

    /** The processes of {@link #ofItsOwn}: the browser with all its children. */
    public Stream<ProcessHandle> processes() {
        try {
            long pid = Long.parseLong(
                    Files.readString(own.orElseThrow().resolve("pid")).strip());
            return ProcessHandle.of(pid).stream().flatMap(one -> Stream.concat(Stream.of(one), one.descendants()));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
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
        until(page, mostMs, holds, () -> "");
    }

    /**
     * As {@link #until(com.microsoft.playwright.Page, double, BooleanSupplier)}.
     *
     * @param found what there is instead, for the message of the exception
     */
    public static void until(
            com.microsoft.playwright.Page page, double mostMs, BooleanSupplier holds, Supplier<String> found) {
        long end = System.nanoTime() + (long) (mostMs * 1e6);
        while (!holds.getAsBoolean()) {
            if (System.nanoTime() > end)
                throw new IllegalStateException("waited in vain for " + mostMs + " ms" + found.get());
            pump(page, 50);
        }
    }

    @Override
    public void close() {
        playwright.close();
        if (own.isEmpty()) return;
        try {
            for (String file : List.of("pid", "chromium"))
                Files.deleteIfExists(own.get().resolve(file));
            Files.deleteIfExists(own.get());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
