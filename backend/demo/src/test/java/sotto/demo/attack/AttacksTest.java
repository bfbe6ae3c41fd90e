package sotto.demo.attack;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** All attacks of {@code docs/attacks.md}, several rooms at a time: most of their time they wait for each other's turns. */
@Tag("slow")
class AttacksTest {
    private static final int AT_ONCE = 6;

    private static Scene.Servers servers;
    private static ExecutorService rooms;

    @BeforeAll
    static void start() throws Exception {
        servers = new Scene.Servers();
        rooms = Executors.newFixedThreadPool(AT_ONCE);
    }

    @AfterAll
    static void stop() throws Exception {
        rooms.shutdownNow();
        servers.close();
    }

    @TestFactory
    Stream<DynamicTest> byTheServer() {
        return run(ServerAttacks.ALL, true);
    }

    @TestFactory
    Stream<DynamicTest> byAnInsider() {
        return run(InsiderAttacks.ALL, false);
    }

    @TestFactory
    Stream<DynamicTest> onTheHostsRules() {
        return run(HostAttacks.ALL, false);
    }

    /** A row of the table: what is tried, what must happen, and the attack's name or the test's. */
    private static final Pattern ROW = Pattern.compile("^\\|[^|]+\\|[^|]+\\| `([A-Za-z]+)(?:\\.([A-Za-z]+))?` \\|$");

    @Test
    void theDocumentNamesEveryAttackAndEveryTestItNamesIsThere() throws Exception {
        Path root = Path.of("").toAbsolutePath();
        while (!Files.isDirectory(root.resolve("docs"))) root = root.getParent();
        List<String> named = new ArrayList<>();
        for (String line : Files.readAllLines(root.resolve("docs/attacks.md"))) {
            Matcher row = ROW.matcher(line);
            if (!row.matches()) continue;
            if (row.group(2) == null) named.add(row.group(1));
            else
                try (Stream<Path> files = Files.walk(root.resolve("backend"))) {
                    Path file = files.filter(one -> one.endsWith(row.group(1) + ".java"))
                            .findFirst()
                            .orElseThrow(() -> new AssertionError("there is no " + row.group(1)));
                    assertThat(Files.readString(file)).contains("void " + row.group(2) + "(");
                }
        }
        assertThat(named)
                .doesNotHaveDuplicates()
                .containsExactlyInAnyOrderElementsOf(Stream.of(ServerAttacks.ALL, InsiderAttacks.ALL, HostAttacks.ALL)
                        .flatMap(List::stream)
                        .map(Attack::name)
                        .toList());
    }

    private static Stream<DynamicTest> run(List<Attack> attacks, boolean serverLies) {
        Map<String, Future<?>> running = new HashMap<>();
        for (Attack attack : attacks)
            running.put(attack.name(), rooms.submit(() -> {
                try (Scene scene = new Scene(servers, serverLies)) {
                    attack.script().run(scene);
                    scene.check();
                }
                return null;
            }));
        return attacks.stream()
                .map(attack -> DynamicTest.dynamicTest(attack.name(), () -> {
                    try {
                        running.get(attack.name()).get();
                    } catch (ExecutionException failed) {
                        throw failed.getCause();
                    }
                }));
    }
}
