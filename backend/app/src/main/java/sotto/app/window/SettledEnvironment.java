package sotto.app.window;

import com.sun.jna.NativeLibrary;
import com.sun.jna.Platform;
import java.util.Map;

/**
 * The environment variables that Chromium adds on threads of its own while it starts. On Linux a variable that is new
 * moves the list of them all, under the hands of other threads that read in it: now and then one of those reads what was
 * freed, and the process ends. A variable that is there keeps its place; so they are put there before.
 */
final class SettledEnvironment {
    /** With the values that Chromium gives them. */
    private static final Map<String, String> ADDED =
            Map.of("FC_FONTATIONS", "1", "DBUS_SESSION_BUS_ADDRESS", "disabled:");

    private SettledEnvironment() {}

    /** To be called before any thread of the window system or of Chromium runs. What the user has set stays. */
    static void settle() {
        if (!Platform.isLinux()) return;
        var setenv = NativeLibrary.getProcess().getFunction("setenv");
        ADDED.forEach((name, value) -> setenv.invokeInt(new Object[] {name, value, 0}));
    }
}
