package sotto.app.window;

import java.io.IOException;
import java.lang.reflect.InvocationTargetException;
import java.nio.channels.FileChannel;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import javax.swing.SwingUtilities;
import me.friwi.jcefmaven.CefAppBuilder;
import me.friwi.jcefmaven.CefBuildInfo;
import me.friwi.jcefmaven.CefInitializationException;
import me.friwi.jcefmaven.EnumPlatform;
import me.friwi.jcefmaven.MavenCefAppHandlerAdapter;
import me.friwi.jcefmaven.UnsupportedPlatformException;
import org.cef.CefApp;
import org.cef.CefClient;
import org.cef.CefSettings;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Finds and starts Chromium. Its files come in a jar and are unpacked once per user; a packaged app ships them unpacked
 * and names their folder in the system property {@value #FOLDER_PROPERTY}. Nothing is ever downloaded.
 */
final class Chromium {
    /** Folder with Chromium's files, for packaged apps. */
    static final String FOLDER_PROPERTY = "sotto.chromium.folder";

    private static final Logger LOG = LoggerFactory.getLogger(Chromium.class);

    private static final List<String> FLAGS = List.of(
            // No name is looked up and no address outside of this machine is reached by HTTP. Media goes to addresses,
            // not names: so peers must offer addresses, not the mDNS names that Chromium would put in their place.
            "--host-resolver-rules=MAP * ~NOTFOUND,EXCLUDE 127.0.0.1",
            "--no-proxy-server",
            "--disable-features=WebRtcHideLocalIpsWithMdns,OptimizationHints,OptimizationGuideModelDownloading,"
                    + "MediaRouter,Translate,AutofillServerCommunication,CertificateTransparencyComponentUpdater,"
                    + "InterestFeedContentSuggestions,NetworkTimeServiceQuerying,SpareRendererForSitePerProcess",
            "--disable-background-networking",
            "--disable-component-update",
            "--disable-domain-reliability",
            "--disable-client-side-phishing-detection",
            "--disable-breakpad",
            "--disable-sync",
            "--disable-default-apps",
            "--disable-extensions",
            "--disable-quic",
            "--no-pings",
            "--no-first-run",
            "--no-default-browser-check",
            "--disable-spell-checking",
            "--disable-print-preview",
            // The page asks the user itself before it opens camera, microphone or screen.
            "--enable-media-stream",
            "--autoplay-policy=no-user-gesture-required",
            // A call must not stutter when another window covers this one.
            "--disable-background-timer-throttling",
            "--disable-backgrounding-occluded-windows",
            "--disable-renderer-backgrounding",
            // Nothing is stored, so no keychain is needed; without this one is opened, and may ask for its password.
            "--password-store=basic",
            "--use-mock-keychain");

    private static final Duration MAY_TAKE_TO_END = Duration.ofSeconds(5);

    private final CefApp app;
    private final CefClient client;
    private final EndSignals signals;
    private final CountDownLatch ended;

    private Chromium(CefApp app, CefClient client, EndSignals signals, CountDownLatch ended) {
        this.app = app;
        this.client = client;
        this.signals = signals;
        this.ended = ended;
    }

    /** Starts Chromium; once in a process, since it cannot be started anew. Takes seconds the first time ever. */
    static Chromium start(WindowOptions options) throws WindowException {
        EndSignals signals = new EndSignals();
        CountDownLatch ended = new CountDownLatch(1);
        CefAppBuilder builder = new CefAppBuilder();
        builder.setAppHandler(new MavenCefAppHandlerAdapter() {
            @Override
            public void stateHasChanged(CefApp.CefAppState state) {
                if (state == CefApp.CefAppState.TERMINATED) ended.countDown();
            }
        });
        builder.setProgressHandler((state, percent) -> LOG.debug("{} {}", state, percent));
        builder.addJcefArgs(FLAGS.toArray(String[]::new));
        if (isLinux()) builder.addJcefArgs("--ozone-platform=x11"); // JCEF puts its window into an X11 window of AWT
        settings(builder.getCefSettings(), options);
        try {
            wipe(options.folder().resolve("chromium"));
            install(builder);
            CefApp app = builder.build();
            // Its processes start with the first client, on the user-interface thread.
            AtomicReference<CefClient> client = new AtomicReference<>();
            SwingUtilities.invokeAndWait(() -> client.set(app.createClient()));
            Chromium started = new Chromium(app, client.get(), signals, ended);
            started.restoreSignals();
            return started;
        } catch (UnsupportedPlatformException unsupported) {
            throw new WindowException(
                    "There is no Chromium for this kind of computer (%s, %s)."
                            .formatted(System.getProperty("os.name"), System.getProperty("os.arch")),
                    unsupported);
        } catch (IOException | CefInitializationException | InvocationTargetException | UnsatisfiedLinkError failure) {
            throw new WindowException(
                    "Chromium, which draws the window, did not start: " + failure.getMessage(), failure);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new WindowException("Interrupted while Chromium was starting.", interrupted);
        }
    }

    /** Where browsers are made; the one of this process. */
    CefClient client() {
        return client;
    }

    /** Puts Java's own handlers back, which Chromium replaces when it starts and when it opens a browser. */
    void restoreSignals() {
        signals.restore();
    }

    /** Closes the browsers and ends Chromium; returns when it has ended: before that the process must not exit. */
    void end() throws InterruptedException {
        try {
            SwingUtilities.invokeAndWait(app::dispose);
        } catch (InvocationTargetException failure) {
            LOG.warn("Chromium did not end cleanly", failure.getCause());
        }
        if (!ended.await(MAY_TAKE_TO_END.toMillis(), TimeUnit.MILLISECONDS))
            LOG.warn("Chromium has not ended within {} s", MAY_TAKE_TO_END.toSeconds());
    }

    private static void settings(CefSettings settings, WindowOptions options) {
        settings.windowless_rendering_enabled = false;
        settings.persist_session_cookies = false;
        // No cache_path: cookies, storage and cache live in memory. This folder is for lock files and the like.
        settings.root_cache_path = options.folder().resolve("chromium").toString();
        settings.log_severity = CefSettings.LogSeverity.LOGSEVERITY_DISABLE; // the others print more, FATAL too
        settings.remote_debugging_port = options.devToolsPort().orElse(0);
        settings.background_color = settings.new ColorType(255, 24, 26, 31);
    }

    private static void install(CefAppBuilder builder)
            throws IOException, UnsupportedPlatformException, CefInitializationException, InterruptedException {
        String shipped = System.getProperty(FOLDER_PROPERTY);
        if (shipped != null) {
            builder.setInstallDir(Path.of(shipped).toFile());
            builder.setSkipInstallation(true);
            return;
        }
        CefBuildInfo info = CefBuildInfo.fromClasspath();
        String natives = "/jcef-natives-%s-%s.tar.gz"
                .formatted(EnumPlatform.getCurrentPlatform().getIdentifier(), info.getReleaseTag());
        // The installer would download what it does not find.
        if (Chromium.class.getResource(natives) == null)
            throw new IOException("its files are not part of this installation (" + natives + ")");
        Path folder = cacheFolder().resolve(info.getReleaseTag());
        Files.createDirectories(folder.getParent());
        builder.setInstallDir(folder.toFile());
        builder.setMirrors(List.of());
        // Two apps that start at once must not unpack into one another.
        try (FileChannel lock = FileChannel.open(
                        folder.resolveSibling("unpacking.lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
                var held = lock.lock()) {
            if (!held.isValid()) throw new IOException("cannot lock " + folder.getParent());
            builder.install();
        }
    }

    /** The system's own place for what can be made anew. */
    private static Path cacheFolder() {
        Path home = Path.of(System.getProperty("user.home"));
        String os = System.getProperty("os.name").toLowerCase(Locale.ROOT);
        Path caches;
        if (os.startsWith("windows")) caches = fromEnvironment("LOCALAPPDATA", home.resolve("AppData/Local"));
        else if (os.startsWith("mac")) caches = home.resolve("Library/Caches");
        else caches = fromEnvironment("XDG_CACHE_HOME", home.resolve(".cache"));
        return caches.resolve("sotto").resolve("chromium");
    }

    private static Path fromEnvironment(String variable, Path otherwise) {
        String value = System.getenv(variable);
        return value == null || value.isBlank() || !Path.of(value).isAbsolute() ? otherwise : Path.of(value);
    }

    private static boolean isLinux() {
        return System.getProperty("os.name").equals("Linux");
    }

    private static void wipe(Path folder) throws IOException {
        if (Files.exists(folder)) {
            Files.walkFileTree(folder, new SimpleFileVisitor<>() {
                @Override
                public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
                    Files.deleteIfExists(file);
                    return FileVisitResult.CONTINUE;
                }

                @Override
                public FileVisitResult postVisitDirectory(Path dir, IOException failure) throws IOException {
                    if (failure != null) throw failure;
                    Files.deleteIfExists(dir);
                    return FileVisitResult.CONTINUE;
                }
            });
        }
        Files.createDirectories(folder);
    }
}
