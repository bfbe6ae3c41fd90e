package sotto.app.window;

import com.sun.jna.Function;
import com.sun.jna.Memory;
import com.sun.jna.NativeLibrary;
import com.sun.jna.Platform;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Java's own handlers of the signals that ask a process to end, kept while Chromium starts. Chromium puts others in
 * their place, and those end the process without a shutdown hook: no call would be left and no key wiped.
 */
final class EndSignals {
    /** HUP, INT and TERM; they have these numbers on Linux and macOS. */
    private static final int[] NUMBERS = {1, 2, 15};

    /** More than a {@code struct sigaction} has on any system; only the system looks into it. */
    private static final int MOST_BYTES = 512;

    private final Map<Integer, Memory> handlers = new LinkedHashMap<>();

    /** To be made before Chromium starts. */
    EndSignals() {
        if (Platform.isWindows()) return;
        for (int number : NUMBERS) {
            Memory handler = new Memory(MOST_BYTES);
            if (sigaction(number, null, handler) == 0) handlers.put(number, handler);
        }
    }

    /** To be called once Chromium runs. */
    void restore() {
        handlers.forEach((number, handler) -> sigaction(number, handler, null));
    }

    private static int sigaction(int number, Memory set, Memory former) {
        Function function = NativeLibrary.getProcess().getFunction("sigaction");
        return function.invokeInt(new Object[] {number, set, former});
    }
}
