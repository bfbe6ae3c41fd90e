package sotto.app.window;

import com.sun.jna.Platform;
import java.util.ArrayList;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import sotto.bridge.messages.BackendToPage.ScreenSource;

/**
 * What can be shared: the whole screen, and the windows of other programs. Ids are those that Chromium takes as {@code
 * chromeMediaSourceId}.
 */
public final class ScreenSources {
    /** Chromium's id for all screens as one picture. */
    static final String WHOLE_SCREEN = "screen:-1:0";

    private static final Logger LOG = LoggerFactory.getLogger(ScreenSources.class);
    private static final int TITLE_CHARS = 200;

    private ScreenSources() {}

    /** The whole screen first, then windows, topmost first where the system says so. Never this app's own. */
    public static List<ScreenSource> list() {
        List<ScreenSource> sources = new ArrayList<>();
        sources.add(new ScreenSource(WHOLE_SCREEN, "Whole screen", false));
        try {
            long self = ProcessHandle.current().pid();
            if (Platform.isWindows()) sources.addAll(WindowsWindows.list(self));
            else if (Platform.isMac()) sources.addAll(MacWindows.list(self));
            else sources.addAll(X11Windows.list(null, self));
        } catch (RuntimeException | LinkageError failure) {
            // The whole screen can still be shared.
            LOG.warn("cannot list windows: {}", failure.toString());
        }
        return List.copyOf(sources);
    }

    /** @param id the system's number of the window, as Chromium uses it */
    static ScreenSource window(long id, String title) {
        String cut = title.length() <= TITLE_CHARS ? title : title.substring(0, TITLE_CHARS);
        return new ScreenSource("window:" + id + ":0", cut, true);
    }
}
