package sotto.app.window;

import com.sun.jna.NativeLong;
import com.sun.jna.platform.unix.X11;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** An X server without a screen, with a window manager; each test run has its own. */
final class VirtualScreen implements AutoCloseable {
    private final List<Process> processes = new ArrayList<>();
    private final String display;

    VirtualScreen() throws IOException {
        Process server = new ProcessBuilder(
                        "Xvfb", "-displayfd", "1", "-screen", "0", "1400x900x24", "-nolisten", "tcp", "-noreset")
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
        processes.add(server);
        // It writes its number once it takes connections.
        BufferedReader out = server.inputReader();
        String number = out.readLine();
        if (number == null) throw new IOException("Xvfb did not start");
        display = ":" + number;
        start("openbox");
    }

    String display() {
        return display;
    }

    /** Starts a program on this screen; it ends with the screen. */
    Process start(String... command) throws IOException {
        ProcessBuilder builder = new ProcessBuilder(command)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .redirectError(ProcessBuilder.Redirect.DISCARD);
        builder.environment().put("DISPLAY", display);
        Process process = builder.start();
        processes.add(process);
        return process;
    }

    /** Returns once the window manager lists a window with this title. */
    void awaitWindow(String title) {
        X11 x = X11.INSTANCE;
        X11.Display connection = x.XOpenDisplay(display);
        try {
            X11.Window root = x.XDefaultRootWindow(connection);
            // The list is a property of the root window: each change of it is an event.
            x.XSelectInput(connection, root, new NativeLong(X11.PropertyChangeMask));
            x.XSync(connection, false);
            while (X11Windows.list(display, -1).stream()
                    .noneMatch(source -> source.title().equals(title))) x.XNextEvent(connection, new X11.XEvent());
        } finally {
            x.XCloseDisplay(connection);
        }
    }

    /** A picture of the whole screen, for people who look into a failure; needs ImageMagick. */
    void photograph(Path file) throws IOException, InterruptedException {
        start("import", "-window", "root", file.toString()).waitFor();
    }

    @Override
    public void close() {
        for (Process process : processes.reversed()) process.destroy();
    }
}
