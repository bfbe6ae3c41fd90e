package sotto.demo;

import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Where this program was built. */
public final class Repository {
    private Repository() {}

    /** @throws IOException if the benchmarks do not run from where they were built */
    public static Path root() throws IOException {
        try {
            Path code = Path.of(Repository.class
                    .getProtectionDomain()
                    .getCodeSource()
                    .getLocation()
                    .toURI());
            for (Path folder = code; folder != null; folder = folder.getParent())
                if (Files.exists(folder.resolve("web/bench/worker-bench/vite.config.ts"))) return folder;
            throw new IOException("the benchmarks run only from the folder where they were built");
        } catch (URISyntaxException e) {
            throw new IOException(e);
        }
    }
}
