package sotto.server.relay.livekit;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Builds LiveKit from source with the Go tools of this machine. Go fetches the pinned version and all that it needs, and
 * checks each against its checksum database.
 */
final class GoBuild {
    private static final String MODULE = "github.com/livekit/livekit-server/cmd/server@v" + LiveKitProgram.VERSION;
    private static final Pattern GO = Pattern.compile("go version go([0-9]+)\\.([0-9]+)");
    private static final int LEAST_MINOR = 26;
    /** Packages that are compiled, about; the standard library's included. */
    private static final int PACKAGES = 760;

    private static final long TELL_EVERY = TimeUnit.SECONDS.toNanos(10);

    private final String path;
    private final List<String> further;

    /**
     * @param path folders to look for Go in, as in the environment's PATH
     * @param further folders to look in after that
     */
    GoBuild(String path, List<String> further) {
        this.path = path;
        this.further = List.copyOf(further);
    }

    /** @throws IOException if there is no Go, an older one, or the build fails */
    Path build(Path into, Consumer<String> progress) throws IOException {
        Path go = go();
        progress.accept("building livekit-server " + LiveKitProgram.VERSION
                + " with Go, once: this takes about five minutes and 1.5 GB in Go's own caches");
        ProcessBuilder builder = new ProcessBuilder(
                        go.toString(), "install", "-v", "-trimpath", "-ldflags=-s -w", MODULE)
                .directory(into.toFile())
                .redirectErrorStream(true);
        Map<String, String> environment = builder.environment();
        environment.put("GOBIN", into.toString());
        // A module or workspace around would bring its own versions.
        environment.put("GO111MODULE", "on");
        environment.put("GOWORK", "off");
        Process process = builder.start();
        try {
            process.getOutputStream().close();
            String last = follow(process, progress);
            if (process.waitFor() != 0) throw new IOException("the build with Go failed: " + last);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted while building livekit-server");
        } finally {
            process.descendants().forEach(ProcessHandle::destroyForcibly);
            process.destroyForcibly();
        }
        return into.resolve("server");
    }

    private static String follow(Process process, Consumer<String> progress) throws IOException {
        String last = "it said nothing";
        int compiled = 0;
        long told = System.nanoTime();
        try (BufferedReader out =
                new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8))) {
            for (String line = out.readLine(); line != null; line = out.readLine()) {
                last = line;
                boolean downloads = line.startsWith("go: downloading");
                if (!downloads) compiled++;
                if (System.nanoTime() - told < TELL_EVERY) continue;
                told = System.nanoTime();
                progress.accept(
                        downloads
                                ? "building livekit-server: downloading its sources"
                                : "building livekit-server: " + Math.min(99, compiled * 100 / PACKAGES) + " %");
            }
        }
        return last;
    }

    private Path go() throws IOException {
        Optional<Path> found = Optional.empty();
        for (String entry : (path + ":" + String.join(":", further)).split(":")) {
            if (entry.startsWith("/") && Files.isExecutable(Path.of(entry, "go"))) {
                found = Optional.of(Path.of(entry, "go"));
                break;
            }
        }
        Path go = found.orElseThrow(() -> new IOException("there is no Go to build it with"));
        Process process = new ProcessBuilder(go.toString(), "version").start();
        String said = new String(process.getInputStream().readNBytes(256), StandardCharsets.UTF_8);
        process.destroyForcibly();
        Matcher version = GO.matcher(said);
        if (!version.find()
                || Integer.parseInt(version.group(1)) != 1
                || Integer.parseInt(version.group(2)) < LEAST_MINOR)
            throw new IOException("Go 1." + LEAST_MINOR + " or newer is needed to build it");
        return go;
    }
}
