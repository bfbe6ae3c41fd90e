package sotto.app.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.io.Writer;
import java.net.BindException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;
import sotto.app.App;
import sotto.app.AppSettings;
import sotto.app.RunningApp;
import sotto.keys.journal.KeyJournal;
import sotto.keys.store.FileProfileStore;
import sotto.keys.store.ProfileStore;
import sotto.server.relay.RelaySettings;

@Timeout(60)
class CliTest {
    private static final String SECRET = "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA";

    @TempDir
    Path folder;

    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    private int execute(RunningApp.Starter starter, String... arguments) {
        CommandLine commands = Cli.commands(starter);
        commands.setOut(new PrintWriter(out));
        commands.setErr(new PrintWriter(err));
        return commands.execute(arguments);
    }

    private static RunningApp notStarted(AppSettings settings, Runnable profileIsOurs) {
        throw new AssertionError("started with " + settings);
    }

    @Test
    void everyCommandExplainsEachOfItsOptions() {
        for (CommandLine command :
                Cli.commands(CliTest::notStarted).getSubcommands().values())
            for (var option : command.getCommandSpec().options())
                assertThat(option.description()).as(option.longestName()).isNotEmpty();
        assertThat(execute(CliTest::notStarted, "run", "--help")).isZero();
        assertThat(out.toString()).contains("--server", "--profile", "--link", "--headless", "--json", "--port");
    }

    @Test
    void aMalformedLinkIsRefusedBeforeAnythingStartsAndIsNotRepeated() {
        int code = execute(CliTest::notStarted, "run", "--link", "https://calls.example/j/short#" + SECRET);
        assertThat(code).isEqualTo(Exit.USAGE);
        assertThat(err.toString()).contains("not a call link").doesNotContain(SECRET);
    }

    @Test
    void aServerAddressMustBeAnOrigin() {
        for (String wrong :
                new String[] {"ftp://calls.example", "https://calls.example/path", "https://me@calls.example"})
            assertThat(execute(CliTest::notStarted, "run", "--headless", "--server", wrong))
                    .as(wrong)
                    .isEqualTo(Exit.USAGE);
    }

    @Test
    void theAppsOwnServerGetsTheRelaysThatAreAskedForAndNoneOtherwise() throws IOException {
        List<AppSettings> started = new ArrayList<>();
        RunningApp.Starter notes = (settings, profileIsOurs) -> {
            started.add(settings);
            throw new IOException("enough");
        };
        String[] run = {"run", "--headless", "--profile", folder.resolve("p").toString()};
        execute(notes, run);
        execute(notes, with(run, "--relay", "off"));
        execute(notes, with(run, "--relay", "auto"));
        Path key = Files.writeString(folder.resolve("key"), "operator: a-secret-of-some-length");
        execute(notes, with(run, "--relay", "wss://relay.example", "--relay-key-file", key.toString()));
        execute(notes, with(run, "--server", "https://calls.example"));
        assertThat(started.stream().map(AppSettings::relay).map(RelaySettings::any))
                .containsExactly(false, false, true, true, false);
        assertThat(started.get(2).relay().own()).contains(RelaySettings.Own.onLoopback());
        assertThat(started.get(3).relay().others())
                .extracting(RelaySettings.Other::url)
                .containsExactly(URI.create("wss://relay.example"));
    }

    @Test
    void relaysForAServerThatIsNamedAndRelaysWithoutTheirKeyAreRefusedBeforeAnythingStarts() {
        for (String[] wrong : new String[][] {
            {"run", "--headless", "--server", "https://calls.example", "--relay", "auto"},
            {"run", "--headless", "--relay", "wss://relay.example"},
            {"run", "--headless", "--relay", "off", "--relay", "auto"},
            {"run", "--headless", "--relay", "relay.example"}
        })
            assertThat(execute(CliTest::notStarted, wrong))
                    .as("%s", (Object) wrong)
                    .isEqualTo(Exit.USAGE);
        assertThat(err.toString()).contains("--server", "--relay-key-file");
    }

    @Test
    void thePackagedAppRunsARelayNodeToo() {
        assertThat(execute(CliTest::notStarted, "relay")).isEqualTo(Exit.USAGE);
        assertThat(err.toString()).contains("--register");
        assertThat(execute(CliTest::notStarted, "relay", "--help")).isZero();
        assertThat(out.toString()).contains("--fetch");
    }

    private static String[] with(String[] command, String... more) {
        return Stream.concat(Stream.of(command), Stream.of(more)).toArray(String[]::new);
    }

    @Test
    void aProfileInUseABrokenOneAndATakenPortEachHaveTheirOwnExitCodeAndAWayOn() throws Exception {
        RunningApp.Starter opensProfile = (settings, profileIsOurs) -> {
            try (ProfileStore store = FileProfileStore.open(settings.profile())) {
                throw new IOException("opened " + store);
            }
        };
        Path profile = folder.resolve("profile");
        String[] run = {"run", "--headless", "--profile", profile.toString()};
        try (ProfileStore held = FileProfileStore.open(profile)) {
            assertThat(held.list()).isEmpty();
            assertThat(execute(opensProfile, run)).isEqualTo(Exit.PROFILE_IN_USE);
        }
        assertThat(err.toString()).contains("in use", "--profile").doesNotContain("\tat ");

        Path file = Files.createFile(folder.resolve("file"));
        assertThat(execute(opensProfile, "run", "--headless", "--profile", file.toString()))
                .isEqualTo(Exit.PROFILE_BROKEN);

        RunningApp.Starter portTaken = (settings, profileIsOurs) -> {
            throw new IOException(new BindException("Address already in use"));
        };
        assertThat(execute(portTaken, run)).isEqualTo(Exit.PORT_IN_USE);
        assertThat(err.toString()).contains("--port");
    }

    @Test
    void withoutAWindowItPrintsTheOneTimeUrlAndTheRunningAppAnswersForItsKeys() throws Exception {
        KeyJournal journal = new KeyJournal(Clock.systemUTC(), 10);
        journal.derived(KeyJournal.Kind.FRAME, "camera of \u001b[2Jsomebody, epoch 1");
        BlockingQueue<String> lines = new ArrayBlockingQueue<>(10);
        CommandLine commands = Cli.commands((settings, profileIsOurs) -> {
            Files.createDirectories(settings.profile());
            return new QuietApp(journal);
        });
        commands.setOut(new PrintWriter(new Lines(lines), true));
        Path profile = folder.resolve("p");
        Thread run = Thread.ofPlatform()
                .daemon()
                .start(() -> commands.execute("run", "--headless", "--json", "--profile", profile.toString()));

        JsonNode ready = new ObjectMapper().readTree(lines.poll(30, TimeUnit.SECONDS));
        assertThat(ready.get("url").asText()).isEqualTo("http://127.0.0.1:4711/open/once");
        assertThat(ready.get("port").asInt()).isEqualTo(4711);

        assertThat(execute(CliTest::notStarted, "keys", "--profile", profile.toString()))
                .isZero();
        assertThat(out.toString())
                .contains("12345 67890", "derived", "frame/1", "camera of", "1 alive")
                .doesNotContain("\u001b");
        run.interrupt();
        run.join();
        assertThat(profile.resolve("control")).doesNotExist();
    }

    @Test
    void aStartForBuildsMakesACallWithItselfAndEndsByItself() throws IOException {
        List<RunningApp> started = new ArrayList<>();
        RunningApp.Starter starter = (settings, profileIsOurs) -> {
            RunningApp app = App.start(settings, profileIsOurs);
            started.add(app);
            return app;
        };
        Path profile = folder.resolve("p");
        String[] run = {"run", "--headless", "--json", "--end-when-ready"};
        assertThat(execute(starter, with(run, "--profile", profile.toString()))).isZero();
        assertThat(err.toString()).isEmpty();
        assertThat(out.toString()).contains("/open/", "\"keysLive\":0");

        assertThat(started).as("the two of the call").hasSize(2);
        for (RunningApp app : started) {
            assertThat(app.journal().entries())
                    .as("frame keys of a call of two, for four tracks of each")
                    .filteredOn(entry -> entry.event() == KeyJournal.Event.DELIVERED)
                    .hasSize(8);
            assertThat(app.journal().counts().keysLive()).isZero();
        }
        try (Stream<Path> left = Files.list(profile)) {
            assertThat(left.map(file -> file.getFileName().toString()))
                    .as("the profile, and nothing of the second person's")
                    .containsExactlyInAnyOrder("identity.record", "lock");
        }
    }

    @Test
    void aStartForBuildsWhoseCallFailsSaysSoAndEndsInOrder() {
        String[] run = {"run", "--headless", "--json", "--end-when-ready"};
        RunningApp.Starter alone = (settings, profileIsOurs) -> {
            if (settings.server().isPresent()) throw new IOException("nobody to call");
            return App.start(settings, profileIsOurs);
        };
        assertThat(execute(alone, with(run, "--profile", folder.resolve("p").toString())))
                .isEqualTo(Exit.FAILED);
        assertThat(err.toString()).contains("nobody to call");
        assertThat(out.toString()).contains("/open/", "\"keysLive\":0");
    }

    @Test
    void theFingerprintOfAProfileAtRestStaysTheSame() {
        String[] keys = {"keys", "--profile", folder.resolve("fresh").toString()};
        assertThat(execute(CliTest::notStarted, keys)).isZero();
        String first = out.toString().lines().findFirst().orElseThrow();
        out.getBuffer().setLength(0);
        assertThat(execute(CliTest::notStarted, keys)).isZero();
        assertThat(out.toString().lines().findFirst()).contains(first);
        assertThat(first).matches("Fingerprint +(\\d{5} ){5}\\d{5}");
    }

    /** Runs nothing; has a journal. */
    private record QuietApp(KeyJournal journal) implements RunningApp {
        @Override
        public URI newOneTimeUrl() {
            return URI.create("http://127.0.0.1:4711/open/once");
        }

        @Override
        public int port() {
            return 4711;
        }

        @Override
        public URI server() {
            return URI.create("http://127.0.0.1:4712");
        }

        @Override
        public String fingerprint() {
            return "12345 67890 12345 67890 12345 67890";
        }

        @Override
        public void close() {}
    }

    /** Hands on whole lines. */
    private static final class Lines extends Writer {
        private final BlockingQueue<String> lines;
        private final StringBuilder line = new StringBuilder();

        Lines(BlockingQueue<String> lines) {
            this.lines = lines;
        }

        @Override
        public void write(char[] text, int from, int length) {
            for (int i = from; i < from + length; i++) {
                if (text[i] == '\n') {
                    lines.add(line.toString());
                    line.setLength(0);
                } else {
                    line.append(text[i]);
                }
            }
        }

        @Override
        public void flush() {}

        @Override
        public void close() {}
    }
}
