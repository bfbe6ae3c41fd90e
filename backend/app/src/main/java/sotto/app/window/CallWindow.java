package sotto.app.window;

import java.awt.BorderLayout;
import java.awt.Color;
import java.awt.Component;
import java.awt.event.WindowAdapter;
import java.awt.event.WindowEvent;
import java.lang.reflect.InvocationTargetException;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import javax.swing.JFrame;
import javax.swing.JLabel;
import javax.swing.SwingConstants;
import javax.swing.SwingUtilities;
import javax.swing.WindowConstants;
import org.cef.CefClient;
import org.cef.browser.CefBrowser;
import org.cef.browser.CefFrame;
import org.cef.handler.CefDisplayHandlerAdapter;
import org.cef.handler.CefLoadHandlerAdapter;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The app's window. One in a process: Chromium cannot be started a second time. */
public final class CallWindow implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(CallWindow.class);
    private static final int CRASHES_ALLOWED = 3;
    private static final Duration CRASHES_COUNTED_FOR = Duration.ofMinutes(1);
    private static final Duration MAY_TAKE_TO_LOAD = Duration.ofSeconds(30);

    /** What a browser shows that has no page yet. */
    private static final String BLANK = "about:blank";

    private final Chromium chromium;
    private final WindowBounds bounds;
    private final Refusals refusals;
    private final CompletableFuture<Void> browserIsThere = new CompletableFuture<>();
    private final CompletableFuture<Void> pageIsThere = new CompletableFuture<>();
    private final CompletableFuture<Runnable> onClosed = new CompletableFuture<>();
    private final AtomicBoolean closing = new AtomicBoolean();
    private final Deque<Instant> crashes = new ArrayDeque<>();

    // Written once on the user-interface thread before the window is shown.
    private JFrame frame;
    private CefBrowser browser;

    private CallWindow(Chromium chromium, WindowBounds bounds) {
        this.chromium = chromium;
        this.bounds = bounds;
        this.refusals =
                new Refusals(() -> browserIsThere.complete(null), () -> SwingUtilities.invokeLater(this::rendererGone));
    }

    /** Shows a window without a page; see {@link StartingWindow#startChromium}. */
    static CallWindow show(Chromium chromium, WindowOptions options)
            throws InvocationTargetException, InterruptedException {
        CallWindow window =
                new CallWindow(chromium, new WindowBounds(options.folder().resolve("window.properties")));
        SwingUtilities.invokeAndWait(window::show);
        window.browserIsThere.thenRun(chromium::restoreSignals);
        return window;
    }

    /** Loads the page, as soon as there is a browser for it; see {@link StartingWindow#open}. Once. */
    void load(OwnOrigin own, URI page, Runnable closedByUser) {
        refusals.allow(own);
        browserIsThere.thenRun(() -> browser.loadURL(page.toString()));
        onClosed.complete(closedByUser); // runs at once if the user was quicker
    }

    private void show() {
        CefClient client = chromium.client();
        refusals.install(client);
        client.addDisplayHandler(new CefDisplayHandlerAdapter() {
            @Override
            public void onTitleChange(CefBrowser of, String title) {
                String shown = title.isBlank() || title.equals(BLANK) ? "Sotto" : title;
                SwingUtilities.invokeLater(() -> frame.setTitle(shown));
            }
        });
        client.addLoadHandler(new CefLoadHandlerAdapter() {
            @Override
            public void onLoadEnd(CefBrowser of, CefFrame in, int status) {
                if (!in.getURL().equals(BLANK)) pageIsThere.complete(null);
            }
        });
        browser = client.createBrowser(BLANK, false, false);
        frame = new JFrame("Sotto");
        frame.setIconImages(WindowIcon.images());
        frame.getContentPane().setBackground(new Color(24, 26, 31));
        frame.getContentPane().add(browser.getUIComponent(), BorderLayout.CENTER);
        frame.setDefaultCloseOperation(WindowConstants.DO_NOTHING_ON_CLOSE);
        frame.addWindowListener(new WindowAdapter() {
            @Override
            public void windowClosing(WindowEvent event) {
                Thread.ofPlatform().name("window-close").start(() -> {
                    if (end()) onClosed.thenAccept(Runnable::run);
                });
            }
        });
        bounds.restore(frame);
        frame.setVisible(true);
    }

    /** Brings the page back after its process has ended; gives up when it keeps ending. */
    private void rendererGone() {
        if (closing.get()) return;
        Instant now = Instant.now();
        crashes.addLast(now);
        crashes.removeIf(at -> at.isBefore(now.minus(CRASHES_COUNTED_FOR)));
        if (crashes.size() <= CRASHES_ALLOWED) {
            browser.reload();
            return;
        }
        LOG.error("the page's process has ended {} times in a minute; giving up", crashes.size());
        Component message = new JLabel(
                "<html><center>The page keeps crashing. Your call is over and nothing is being sent.<br>"
                        + "Close this window and start Sotto again.</center></html>",
                SwingConstants.CENTER);
        message.setForeground(Color.WHITE);
        frame.getContentPane().removeAll();
        frame.getContentPane().add(message, BorderLayout.CENTER);
        frame.revalidate();
        frame.repaint();
    }

    /**
     * Waits until the page has been loaded.
     *
     * @throws WindowException if it takes too long
     */
    public void awaitPage() throws WindowException, InterruptedException {
        try {
            pageIsThere.get(MAY_TAKE_TO_LOAD.toMillis(), TimeUnit.MILLISECONDS);
        } catch (ExecutionException | TimeoutException failure) {
            throw new WindowException("The window does not load its page.", failure);
        }
    }

    /** Closes the window and ends Chromium; returns when it has ended. */
    @Override
    public void close() {
        end();
    }

    /** @return whether this call was the one that closed it */
    private boolean end() {
        if (!closing.compareAndSet(false, true)) return false;
        try {
            // One that is being made while Chromium ends would come after its end.
            browserIsThere.copy().completeOnTimeout(null, 1, TimeUnit.SECONDS).join();
            SwingUtilities.invokeAndWait(() -> {
                bounds.remember(frame);
                frame.setVisible(false);
                browser.setCloseAllowed(); // else it asks the frame to close once more, and stays
            });
            chromium.end(); // closes the browser first
            // Only now: the browser's native window lies inside the frame's.
            SwingUtilities.invokeAndWait(frame::dispose);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        } catch (InvocationTargetException failure) {
            LOG.warn("the window did not close cleanly", failure.getCause());
        }
        return true;
    }
}
