package sotto.demo.fault;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import sotto.demo.AppProcess.Surroundings;

/**
 * The time of day as one process gets it from the system, by libfaketime: the program itself is unchanged, and what it
 * measures durations with goes on evenly, as when somebody sets a computer's clock.
 */
final class OwnClock {
    private static final List<Path> PLACES = List.of(Path.of("/usr/lib"), Path.of("/usr/lib64"));

    private final Path file;
    private final Path library;

    private OwnClock(Path file, Path library) {
        this.file = file;
        this.library = library;
    }

    /** Why there can be none here; empty if there can. */
    static String missing() {
        return library().isPresent() ? "" : "libfaketime is missing (Debian: apt-get install faketime)";
    }

    /** @param file holds the offset; read by the process once a second */
    static OwnClock at(Path file) throws IOException {
        OwnClock clock = new OwnClock(file, library().orElseThrow(() -> new IOException(missing())));
        clock.set("+0");
        return clock;
    }

    private static Optional<Path> library() {
        return PLACES.stream()
                .flatMap(place -> {
                    try (Stream<Path> below = Files.list(place)) {
                        return Stream.concat(Stream.of(place), below.toList().stream());
                    } catch (IOException none) {
                        return Stream.empty();
                    }
                })
                .map(place -> place.resolve("faketime/libfaketimeMT.so.1"))
                .filter(Files::exists)
                .findFirst();
    }

    Surroundings surroundings() {
        return new Surroundings(
                List.of(),
                List.of(),
                Map.of(
                        "LD_PRELOAD",
                        library.toString(),
                        "FAKETIME_TIMESTAMP_FILE",
                        file.toString(),
                        "FAKETIME_DONT_FAKE_MONOTONIC",
                        "1",
                        "FAKETIME_CACHE_DURATION",
                        "1"));
    }

    /** @param offset from the true time, such as {@code +2h} */
    void set(String offset) throws IOException {
        Path next = file.resolveSibling(file.getFileName() + ".next");
        Files.writeString(next, offset + "\n");
        Files.move(next, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }
}
