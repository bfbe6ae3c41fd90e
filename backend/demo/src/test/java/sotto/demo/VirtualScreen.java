package sotto.demo;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** A screen that nobody sees (Xvfb), with a window manager. All that was started on it ends with it. */
public final class VirtualScreen implements AutoCloseable {
    private final List<Process> processes = new ArrayList<>();
    private final String display;

    public VirtualScreen() throws IOException {
        Process screen = new ProcessBuilder(
                        "Xvfb", "-displayfd", "1", "-screen", "0", "1400x900x24", "-nolisten", "tcp", "-noreset")
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
        processes.add(screen);
        // It writes its number once it takes connections.
        String number = screen.inputReader().readLine();
        if (number == null) throw new IOException("Xvfb did not start");
        display = ":" + number;
        run("openbox");
    }

    /** Starts a program whose windows open here. */
    public Process start(ProcessBuilder builder) throws IOException {
        builder.environment().put("DISPLAY", display);
        Process process = builder.start();
        processes.add(process);
        return process;
    }

    /** Runs a program whose words nobody reads. */
    public Process run(String... command) throws IOException {
        return start(new ProcessBuilder(command)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .redirectError(ProcessBuilder.Redirect.DISCARD));
    }

    /** For people who want to see it: {@code -Dsotto.test.screenshots=FOLDER}. Needs ImageMagick. */
    public void photograph(String name) {
        String into = System.getProperty("sotto.test.screenshots");
        if (into == null) return;
        try {
            run("import", "-window", "root", Path.of(into, name + ".png").toString())
                    .waitFor(20, TimeUnit.SECONDS);
        } catch (IOException | InterruptedException failure) {
            throw new IllegalStateException(failure);
        }
    }

    @Override
    public void close() {
        for (Process process : processes.reversed()) process.destroyForcibly();
    }
}
