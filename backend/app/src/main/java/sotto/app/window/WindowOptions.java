package sotto.app.window;

import java.nio.file.Path;
import java.util.Objects;
import java.util.OptionalInt;

/**
 * @param folder where the window keeps its size and, while it is open, Chromium's own files, which are wiped at each
 *     start; inside the profile, so that two profiles never share one
 * @param devToolsPort loopback port of Chromium's DevTools; whoever reaches it can do all that the user can. For tests
 */
public record WindowOptions(Path folder, OptionalInt devToolsPort) {
    public WindowOptions {
        folder = folder.toAbsolutePath();
        Objects.requireNonNull(devToolsPort, "devToolsPort");
    }
}
