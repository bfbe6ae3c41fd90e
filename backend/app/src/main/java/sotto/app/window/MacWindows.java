package sotto.app.window;

import com.sun.jna.Library;
import com.sun.jna.Native;
import com.sun.jna.Pointer;
import com.sun.jna.platform.mac.CoreFoundation;
import com.sun.jna.platform.mac.CoreFoundation.CFArrayRef;
import com.sun.jna.platform.mac.CoreFoundation.CFDictionaryRef;
import com.sun.jna.platform.mac.CoreFoundation.CFNumberRef;
import com.sun.jna.platform.mac.CoreFoundation.CFStringRef;
import java.util.ArrayList;
import java.util.List;
import sotto.bridge.messages.BackendToPage.ScreenSource;

/**
 * Windows on macOS. Titles are only told to apps that the user lets record the screen; the name of a window's program is
 * shown without that.
 */
final class MacWindows {
    private static final int ON_SCREEN_ONLY = 1;
    private static final int WITHOUT_DESKTOP = 1 << 4;

    /** Of Apple's Core Graphics. */
    private interface CoreGraphics extends Library {
        CFArrayRef CGWindowListCopyWindowInfo(int option, int relativeToWindow);
    }

    private MacWindows() {}

    static List<ScreenSource> list(long without) {
        CoreGraphics graphics = Native.load("CoreGraphics", CoreGraphics.class);
        CFArrayRef windows = graphics.CGWindowListCopyWindowInfo(ON_SCREEN_ONLY | WITHOUT_DESKTOP, 0);
        if (windows == null) return List.of();
        try {
            List<ScreenSource> sources = new ArrayList<>();
            for (int i = 0; i < windows.getCount(); i++) {
                CFDictionaryRef window = new CFDictionaryRef(windows.getValueAtIndex(i));
                // Layer 0 is where ordinary windows are; menus, the dock and overlays have others.
                if (number(window, "kCGWindowLayer") != 0 || number(window, "kCGWindowOwnerPID") == without) continue;
                String program = text(window, "kCGWindowOwnerName");
                String title = text(window, "kCGWindowName");
                if (!program.isBlank())
                    sources.add(ScreenSources.window(
                            number(window, "kCGWindowNumber"), title.isBlank() ? program : program + ": " + title));
            }
            return sources;
        } finally {
            windows.release();
        }
    }

    private static long number(CFDictionaryRef window, String key) {
        Pointer value = value(window, key);
        return value == null ? -1 : new CFNumberRef(value).longValue();
    }

    private static String text(CFDictionaryRef window, String key) {
        Pointer value = value(window, key);
        return value == null ? "" : new CFStringRef(value).stringValue();
    }

    private static Pointer value(CFDictionaryRef window, String key) {
        CFStringRef name = CFStringRef.createCFString(key);
        try {
            return window.getValue(name);
        } finally {
            CoreFoundation.INSTANCE.CFRelease(name);
        }
    }
}
