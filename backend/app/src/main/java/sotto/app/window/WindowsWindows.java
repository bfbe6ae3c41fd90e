package sotto.app.window;

import com.sun.jna.Native;
import com.sun.jna.Pointer;
import com.sun.jna.platform.win32.User32;
import com.sun.jna.platform.win32.WinUser;
import com.sun.jna.ptr.IntByReference;
import java.util.ArrayList;
import java.util.List;
import sotto.bridge.messages.BackendToPage.ScreenSource;

/** Windows on Windows: visible, with a title, in the task bar; topmost first. */
final class WindowsWindows {
    private static final int WS_EX_TOOLWINDOW = 0x80;

    private WindowsWindows() {}

    static List<ScreenSource> list(long without) {
        List<ScreenSource> sources = new ArrayList<>();
        User32.INSTANCE.EnumWindows(
                (window, data) -> {
                    IntByReference process = new IntByReference();
                    User32.INSTANCE.GetWindowThreadProcessId(window, process);
                    int style = User32.INSTANCE.GetWindowLong(window, WinUser.GWL_EXSTYLE);
                    if (User32.INSTANCE.IsWindowVisible(window)
                            && (style & WS_EX_TOOLWINDOW) == 0
                            && Integer.toUnsignedLong(process.getValue()) != without) {
                        char[] text = new char[512];
                        int length = User32.INSTANCE.GetWindowText(window, text, text.length);
                        if (length > 0)
                            sources.add(ScreenSources.window(
                                    Pointer.nativeValue(window.getPointer()), Native.toString(text)));
                    }
                    return true;
                },
                null);
        return sources;
    }
}
