package sotto.app.window;

import com.sun.jna.NativeLong;
import com.sun.jna.Pointer;
import com.sun.jna.platform.unix.X11;
import com.sun.jna.ptr.IntByReference;
import com.sun.jna.ptr.NativeLongByReference;
import com.sun.jna.ptr.PointerByReference;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import sotto.bridge.messages.BackendToPage.ScreenSource;

/** Windows on an X11 screen, as its window manager lists them (EWMH: {@code _NET_CLIENT_LIST_STACKING}). */
final class X11Windows {
    private static final X11 X = X11.INSTANCE;
    /** In 4-byte units, as XGetWindowProperty counts: more than any title or list of windows. */
    private static final int MOST = 65_536;

    /** A window may close between being listed and being asked: Xlib would end the process for that. */
    private static final X11.XErrorHandler IGNORE = (display, event) -> 0;

    private final X11.Display display;

    private X11Windows(X11.Display display) {
        this.display = display;
    }

    /**
     * @param displayName {@code null} for the DISPLAY variable's
     * @param without windows of this process are left out
     */
    static synchronized List<ScreenSource> list(String displayName, long without) {
        X11.Display display = X.XOpenDisplay(displayName);
        if (display == null) return List.of();
        X11.XErrorHandler before = X.XSetErrorHandler(IGNORE);
        try {
            return new X11Windows(display).list(without);
        } finally {
            X.XCloseDisplay(display);
            X.XSetErrorHandler(before);
        }
    }

    private List<ScreenSource> list(long without) {
        X11.Window root = X.XDefaultRootWindow(display);
        List<Long> ids = numbers(root, "_NET_CLIENT_LIST_STACKING");
        if (ids.isEmpty()) ids = numbers(root, "_NET_CLIENT_LIST");
        List<ScreenSource> sources = new ArrayList<>();
        for (Long id : ids.reversed()) {
            X11.Window window = new X11.Window(id);
            List<Long> pid = numbers(window, "_NET_WM_PID");
            String title = title(window);
            if (!title.isBlank() && !pid.equals(List.of(without))) sources.add(ScreenSources.window(id, title));
        }
        return sources;
    }

    private String title(X11.Window window) {
        byte[] utf8 = property(window, "_NET_WM_NAME", 8);
        if (utf8.length > 0) return new String(utf8, StandardCharsets.UTF_8);
        return new String(property(window, "WM_NAME", 8), StandardCharsets.ISO_8859_1);
    }

    private List<Long> numbers(X11.Window window, String name) {
        byte[] raw = property(window, name, 32);
        List<Long> numbers = new ArrayList<>();
        // Xlib hands out 32-bit properties as C longs.
        for (int at = 0; at + NativeLong.SIZE <= raw.length; at += NativeLong.SIZE) {
            long number = 0;
            for (int i = 3; i >= 0; i--) number = number << 8 | raw[at + i] & 0xff;
            numbers.add(number);
        }
        return numbers;
    }

    /** The property's bytes, none if it does not exist or its elements do not have {@code bits} bits. */
    private byte[] property(X11.Window window, String name, int bits) {
        X11.AtomByReference type = new X11.AtomByReference();
        IntByReference format = new IntByReference();
        NativeLongByReference items = new NativeLongByReference();
        NativeLongByReference rest = new NativeLongByReference();
        PointerByReference data = new PointerByReference();
        int status = X.XGetWindowProperty(
                display,
                window,
                X.XInternAtom(display, name, false),
                new NativeLong(0),
                new NativeLong(MOST),
                false,
                new X11.Atom(X11.AnyPropertyType),
                type,
                format,
                items,
                rest,
                data);
        Pointer value = data.getValue();
        if (status != X11.Success || value == null) return new byte[0];
        try {
            if (format.getValue() != bits) return new byte[0];
            int size = bits == 32 ? NativeLong.SIZE : bits / 8;
            return value.getByteArray(0, Math.multiplyExact(items.getValue().intValue(), size));
        } finally {
            X.XFree(value);
        }
    }
}
