package sotto.demo;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * The app as {@code ./sotto} starts it: with its own options of the Java virtual machine, and the classes that are kept
 * for fast starts. Elsewhere it runs from this program's own class path, which takes longer to start and to warm up.
 */
public final class Product {
    private Product() {}

    /**
     * The beginning of its command line; the main class's name and arguments follow.
     *
     * @throws IOException if this does not run from where it was built
     */
    public static List<String> java() throws IOException {
        Path target = Repository.root().resolve("backend/app/target");
        List<String> command = new ArrayList<>();
        command.add(ProcessHandle.current().info().command().orElse("java"));
        Path cache = target.resolve("app.aot"); // made by ./sotto after a build, empty if that failed
        if (Files.exists(cache) && Files.size(cache) > 0)
            command.addAll(List.of("-XX:AOTCache=" + cache, "-Xlog:aot=off,cds=off"));
        command.add("@" + target.resolve("java.args"));
        return command;
    }
}
