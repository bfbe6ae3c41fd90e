package sotto.app.window;

import java.awt.Frame;
import java.awt.GraphicsConfiguration;
import java.awt.GraphicsDevice;
import java.awt.GraphicsEnvironment;
import java.awt.Rectangle;
import java.io.IOException;
import java.io.Reader;
import java.io.Writer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Properties;
import javax.swing.JFrame;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Remembers where the window was and how large. A file that cannot be read or written is no reason not to open. */
final class WindowBounds {
    private static final Logger LOG = LoggerFactory.getLogger(WindowBounds.class);
    private static final int WIDTH = 1120;
    private static final int HEIGHT = 760;
    private static final int LEAST_WIDTH = 480;
    private static final int LEAST_HEIGHT = 360;

    private final Path file;

    WindowBounds(Path file) {
        this.file = file;
    }

    /** Gives {@code frame} its last place if that is still on a screen, else the middle of the main one. */
    void restore(JFrame frame) {
        frame.setMinimumSize(new java.awt.Dimension(LEAST_WIDTH, LEAST_HEIGHT));
        Properties stored = read();
        Rectangle last = new Rectangle(
                number(stored, "x", 0),
                number(stored, "y", 0),
                Math.max(LEAST_WIDTH, number(stored, "width", WIDTH)),
                Math.max(LEAST_HEIGHT, number(stored, "height", HEIGHT)));
        if (stored.containsKey("x") && onAScreen(last)) {
            frame.setBounds(last);
        } else {
            frame.setSize(last.getSize());
            frame.setLocationRelativeTo(null);
        }
        if (Boolean.parseBoolean(stored.getProperty("maximized"))) frame.setExtendedState(Frame.MAXIMIZED_BOTH);
    }

    void remember(JFrame frame) {
        boolean maximized = (frame.getExtendedState() & Frame.MAXIMIZED_BOTH) == Frame.MAXIMIZED_BOTH;
        // A maximized window's own bounds are the screen's: keep those that it had before.
        Properties next = maximized ? read() : new Properties();
        if (!maximized) {
            next.setProperty("x", Integer.toString(frame.getX()));
            next.setProperty("y", Integer.toString(frame.getY()));
            next.setProperty("width", Integer.toString(frame.getWidth()));
            next.setProperty("height", Integer.toString(frame.getHeight()));
        }
        next.setProperty("maximized", Boolean.toString(maximized));
        try (Writer out = Files.newBufferedWriter(file)) {
            next.store(out, null);
        } catch (IOException failure) {
            LOG.warn("cannot remember the window's place: {}", failure.getMessage());
        }
    }

    private Properties read() {
        Properties stored = new Properties();
        if (Files.exists(file)) {
            try (Reader in = Files.newBufferedReader(file)) {
                stored.load(in);
            } catch (IOException | IllegalArgumentException failure) {
                LOG.warn("cannot read the window's last place: {}", failure.getMessage());
                return new Properties();
            }
        }
        return stored;
    }

    private static int number(Properties stored, String name, int otherwise) {
        try {
            return Math.clamp(Integer.parseInt(stored.getProperty(name, "")), -32_768, 32_767);
        } catch (NumberFormatException none) {
            return otherwise;
        }
    }

    private static boolean onAScreen(Rectangle bounds) {
        // The title bar must be reachable, not just a corner.
        Rectangle bar = new Rectangle(bounds.x, bounds.y, bounds.width, 24);
        for (GraphicsDevice screen :
                GraphicsEnvironment.getLocalGraphicsEnvironment().getScreenDevices()) {
            GraphicsConfiguration configuration = screen.getDefaultConfiguration();
            Rectangle shared = configuration.getBounds().intersection(bar);
            if (shared.width >= bar.width / 3 && shared.height == bar.height) return true;
        }
        return false;
    }
}
