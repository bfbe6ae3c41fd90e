package sotto.demo;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * A new folder for the profiles of a run, gone when the run is over. If a signal ends this process before, the programs
 * that it started are ended too, since they hold files there; only a kill that cannot be caught leaves the folder.
 */
public final class WorkFolder implements AutoCloseable {
    private static final long CHILDREN_MAY_TAKE_SECONDS = 5;

    private final Path path;
    private final Thread onSignal = Thread.ofPlatform().unstarted(this::clearUp);

    /** @param prefix of its name, in the system's folder for temporary files */
    public WorkFolder(String prefix) throws IOException {
        path = Files.createTempDirectory(prefix);
        Runtime.getRuntime().addShutdownHook(onSignal);
    }

    public Path path() {
        return path;
    }

    @Override
    public void close() throws IOException {
        try {
            Runtime.getRuntime().removeShutdownHook(onSignal);
        } catch (IllegalStateException ending) {
            return; // the hook does it
        }
        delete();
    }

    private void clearUp() {
        List<ProcessHandle> children = ProcessHandle.current().descendants().toList();
        children.forEach(ProcessHandle::destroy);
        for (ProcessHandle child : children)
            child.onExit()
                    .completeOnTimeout(child, CHILDREN_MAY_TAKE_SECONDS, TimeUnit.SECONDS)
                    .join();
        try {
            delete();
        } catch (IOException left) {
            System.err.println("could not remove " + path);
        }
    }

    private void delete() throws IOException {
        try (Stream<Path> all = Files.walk(path)) {
            for (Path one : all.sorted(Comparator.reverseOrder()).toList()) Files.deleteIfExists(one);
        }
    }
}
