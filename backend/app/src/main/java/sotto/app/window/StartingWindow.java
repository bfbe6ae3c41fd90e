package sotto.app.window;

import java.awt.GraphicsEnvironment;
import java.lang.reflect.InvocationTargetException;
import java.net.URI;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import javax.swing.JFrame;
import javax.swing.SwingUtilities;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The window before there is a page for it. Java's window system and Chromium take longer to start than the app itself,
 * so they start beside it: the window system at once, Chromium and a window without a page as soon as the profile is known
 * to be free. One in a process. If no page is loaded, {@link #close} ends what has started.
 */
public final class StartingWindow implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(StartingWindow.class);

    private final WindowOptions options;
    private final CompletableFuture<CallWindow> window = new CompletableFuture<>();
    private boolean started;
    private boolean opened;

    /**
     * Begins Java's window system on a thread of its own; touches neither the profile nor Chromium. What fails here fails
     * again, with words, in {@link #open}.
     */
    public StartingWindow(WindowOptions options) {
        this.options = options;
        SettledEnvironment.settle();
        Thread.ofPlatform().name("window-warm-up").daemon().start(() -> {
            try {
                GraphicsEnvironment.getLocalGraphicsEnvironment()
                        .getDefaultScreenDevice()
                        .getDefaultConfiguration();
                WindowIcon.images();
                Class.forName("org.cef.CefApp", false, StartingWindow.class.getClassLoader());
                SwingUtilities.invokeLater(() -> new JFrame().dispose());
            } catch (ClassNotFoundException | RuntimeException | Error later) {
                LOG.debug("warming up: {}", later.toString());
            }
        });
    }

    /**
     * Begins Chromium on a thread of its own and shows the window, without a page. To be called once the profile is locked
     * for this process: Chromium's folder in it is wiped. Calls after the first do nothing.
     */
    public synchronized void startChromium() {
        if (started) return;
        started = true;
        Thread.ofPlatform().name("chromium-start").start(() -> {
            try {
                window.complete(show(Chromium.start(options)));
            } catch (WindowException | RuntimeException | Error failure) {
                window.completeExceptionally(failure);
            }
        });
    }

    private CallWindow show(Chromium chromium) throws WindowException {
        try {
            try {
                return CallWindow.show(chromium, options);
            } catch (InvocationTargetException failure) {
                chromium.end();
                throw new WindowException("The window could not be opened: " + failure.getCause(), failure.getCause());
            }
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new WindowException("Interrupted while the window was opening.", interrupted);
        }
    }

    /**
     * Loads the page. Blocks until the window is there; the page paints some time later.
     *
     * @param oneTimeUrl the page, on loopback; its origin is the only one that the window will ever load from
     * @param onClosed called once when the user has closed the window: camera, microphone and page are gone by then. On a
     *     thread of its own, or before this returns if the window was closed before. Not called by {@link
     *     CallWindow#close()}
     * @throws WindowException if Chromium cannot be started
     */
    public CallWindow open(URI oneTimeUrl, Runnable onClosed) throws WindowException {
        OwnOrigin own = OwnOrigin.of(oneTimeUrl);
        startChromium();
        try {
            CallWindow shown = window.get();
            shown.load(own, oneTimeUrl, onClosed);
            opened = true;
            return shown;
        } catch (ExecutionException failure) {
            if (failure.getCause() instanceof WindowException told) throw told;
            throw new WindowException("The window could not be opened: " + failure.getCause(), failure.getCause());
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new WindowException("Interrupted while the window was opening.", interrupted);
        }
    }

    /** Ends Chromium if it was started and no page was loaded; the process must not exit before. */
    @Override
    public synchronized void close() {
        if (!started || opened) return;
        try {
            window.get().close();
        } catch (ExecutionException neverStarted) {
            // Then nothing runs.
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
