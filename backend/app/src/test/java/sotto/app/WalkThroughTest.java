package sotto.app;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The files that docs/a-call-in-ten-steps.md leads its reader to are there. */
class WalkThroughTest {
    private static final Path ROOT = Path.of("../..");
    private static final Pattern FILE = Pattern.compile("`([A-Za-z0-9_/….-]+(?:\\.java|\\.ts|/…/[a-z/]+))`");

    private static List<String> sources() throws IOException {
        try (Stream<Path> bridge = Files.walk(ROOT.resolve("bridge/src/main"));
                Stream<Path> backend = Files.walk(ROOT.resolve("backend"));
                Stream<Path> web = Files.walk(ROOT.resolve("web/src"))) {
            return Stream.of(bridge, backend, web)
                    .flatMap(files -> files)
                    .map(file -> ROOT.relativize(file).toString().replace('\\', '/'))
                    .filter(file -> !file.contains("/target/"))
                    .toList();
        }
    }

    @Test
    void everyFileNamedInItExists() throws IOException {
        String document = Files.readString(ROOT.resolve("docs/a-call-in-ten-steps.md"));
        List<String> named =
                FILE.matcher(document).results().map(found -> found.group(1)).toList();
        assertThat(named).hasSizeGreaterThan(20);
        List<String> sources = sources();
        for (String name : named) {
            String[] ends = name.split("/…/");
            boolean there = sources.stream()
                    .anyMatch(file -> ends.length == 2
                            ? file.startsWith(ends[0] + "/") && file.endsWith("/" + ends[1])
                            : file.equals(name) || !name.contains("/") && file.endsWith("/" + name));
            assertThat(there).as(name).isTrue();
        }
    }
}
