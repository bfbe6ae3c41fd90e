package sotto.server.relay.livekit;

import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * Finds {@code livekit-server}: on the PATH; else in this user's cache; else the release, whose SHA-256 is known here;
 * else built from source by Go, which checks the source against its checksum database. What is got is cached.
 */
public final class LiveKitProgram {
    /** The version that is got, and the lowest that is taken from the PATH. */
    static final String VERSION = "1.13.5";

    private static final String NAME = "livekit-server";
    private static final Pattern SAID = Pattern.compile("version v?([0-9]+)\\.([0-9]+)\\.([0-9]+)");
    private static final int MAJOR = 1;
    private static final int LEAST_MINOR = 13;

    private final String path;
    private final Path folder;
    private final Optional<LiveKitRelease> release;
    private final GoBuild build;

    /**
     * @param path folders to look in, as in the environment's PATH
     * @param folder for what is got
     */
    LiveKitProgram(String path, Path folder, Optional<LiveKitRelease> release, GoBuild build) {
        this.path = path;
        this.folder = folder;
        this.release = release;
        this.build = build;
    }

    /** By this process's environment. */
    public static LiveKitProgram onThisMachine() {
        Map<String, String> environment = System.getenv();
        String path = environment.getOrDefault("PATH", "");
        return new LiveKitProgram(
                path,
                cache(environment).resolve("sotto").resolve("relay"),
                LiveKitRelease.forThisMachine(URI.create("https://github.com/livekit/livekit/releases/download/")),
                new GoBuild(path, List.of("/usr/local/go/bin")));
    }

    private static Path cache(Map<String, String> environment) {
        Path home = Path.of(System.getProperty("user.home"));
        if (System.getProperty("os.name").toLowerCase(Locale.ROOT).startsWith("mac"))
            return home.resolve("Library").resolve("Caches");
        String named = environment.get("XDG_CACHE_HOME");
        return named != null && named.startsWith("/") ? Path.of(named) : home.resolve(".cache");
    }

    /** The program if it is there already; looks and fetches nothing. */
    public Optional<Path> present() {
        return onPath(said -> {}).or(this::cached);
    }

    /**
     * The program, got if need be: by a download of 18 MB, or a build of about five minutes.
     *
     * @param progress told what is being done, and why a way was not taken
     * @throws IOException if no way leads to it
     */
    public Path find(Consumer<String> progress) throws IOException {
        Optional<Path> there = onPath(progress).or(this::cached);
        if (there.isPresent()) return there.get();
        Files.createDirectories(folder);
        if (Files.getFileStore(folder).supportsFileAttributeView("posix"))
            Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwx------"));
        // One process gets it, others wait: several are started at once in tests and demos.
        try (FileChannel lock =
                FileChannel.open(folder.resolve("getting.lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
            lock(lock, progress);
            Optional<Path> meanwhile = cached();
            return meanwhile.isPresent() ? meanwhile.get() : got(progress);
        }
    }

    /** Held until the channel is closed, also by a process that is killed. */
    private static void lock(FileChannel channel, Consumer<String> progress) throws IOException {
        if (channel.tryLock() != null) return;
        progress.accept("waiting for another process that is getting " + NAME);
        channel.lock();
    }

    private Path got(Consumer<String> progress) throws IOException {
        StringBuilder tried = new StringBuilder();
        Path temporary = Files.createTempDirectory(folder, "getting");
        try {
            for (Way way : ways()) {
                try {
                    Path made = way.get(temporary, progress);
                    String said = version(made).orElse("");
                    if (!said.equals(VERSION)) throw new IOException("it is no " + NAME + " " + VERSION);
                    return Files.move(made, target(), StandardCopyOption.ATOMIC_MOVE);
                } catch (IOException failed) {
                    progress.accept(failed.getMessage());
                    tried.append("; ").append(failed.getMessage());
                }
            }
        } finally {
            deleteAll(temporary);
        }
        throw new IOException("there is no " + NAME + " on the PATH" + tried
                + ". Install LiveKit (https://docs.livekit.io/home/self-hosting/local/), or Go 1.26 or newer");
    }

    private interface Way {
        Path get(Path into, Consumer<String> progress) throws IOException;
    }

    private Way[] ways() {
        Way download = (into, progress) -> {
            if (release.isEmpty()) throw new IOException("there is no release for this system");
            return release.get().download(into, progress);
        };
        return new Way[] {download, build::build};
    }

    private Path target() {
        return folder.resolve(NAME + "-" + VERSION);
    }

    private Optional<Path> cached() {
        return Optional.of(target()).filter(Files::isExecutable);
    }

    private Optional<Path> onPath(Consumer<String> progress) {
        for (String entry : path.split(":")) {
            if (!entry.startsWith("/")) continue;
            Path candidate = Path.of(entry, NAME);
            if (!Files.isExecutable(candidate)) continue;
            String said = version(candidate).orElse("unknown");
            if (isTaken(said)) return Optional.of(candidate);
            progress.accept(candidate + " has version " + said + ", not " + MAJOR + "." + LEAST_MINOR
                    + " or a later one of " + MAJOR + ": passed over");
        }
        return Optional.empty();
    }

    private static boolean isTaken(String version) {
        String[] parts = version.split("\\.");
        return parts.length == 3 && Integer.parseInt(parts[0]) == MAJOR && Integer.parseInt(parts[1]) >= LEAST_MINOR;
    }

    private static Optional<String> version(Path program) {
        try {
            Process process = new ProcessBuilder(program.toString(), "--version")
                    .redirectErrorStream(true)
                    .start();
            process.getOutputStream().close();
            try (InputStream out = process.getInputStream()) {
                String text = new String(out.readNBytes(4_096), java.nio.charset.StandardCharsets.UTF_8);
                if (!process.waitFor(10, TimeUnit.SECONDS)) return Optional.empty();
                Matcher said = SAID.matcher(text);
                return said.find()
                        ? Optional.of(said.group(1) + "." + said.group(2) + "." + said.group(3))
                        : Optional.empty();
            } finally {
                process.destroyForcibly();
            }
        } catch (IOException notAProgram) {
            return Optional.empty();
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            return Optional.empty();
        }
    }

    private static void deleteAll(Path folder) throws IOException {
        try (Stream<Path> all = Files.walk(folder)) {
            for (Path path : all.sorted(java.util.Comparator.reverseOrder()).toList()) {
                // Go makes its folders read-only.
                path.toFile().setWritable(true);
                Files.delete(path);
            }
        }
    }
}
