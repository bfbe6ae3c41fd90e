package sotto.app.call;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import sotto.app.call.TestPerson.Key;
import sotto.bridge.local.WorkerLink;
import sotto.bridge.messages.BackendToPage;
import sotto.bridge.messages.BackendToPage.CallState;
import sotto.bridge.messages.BackendToPage.ServerState;
import sotto.bridge.messages.MediaState;
import sotto.bridge.messages.PageToBackend;
import sotto.bridge.seal.WorkerCommands;
import sotto.server.ServerSettings;
import sotto.server.SottoServer;

/** Calls between real engines over a real server: what page and workers are given, and when. */
class CallsTest {
    @TempDir
    private Path folder;

    private SottoServer server;
    private final List<TestPerson> people = new ArrayList<>();

    @BeforeEach
    void startServer() throws Exception {
        server = start(0);
    }

    private static SottoServer start(int port) throws Exception {
        return SottoServer.start(ServerSettings.defaults()
                .withListen(new ServerSettings.Listen("127.0.0.1", port, Optional.empty(), false)));
    }

    @AfterEach
    void stop() {
        people.forEach(TestPerson::close);
        server.close();
    }

    private TestPerson person(String name) throws Exception {
        TestPerson person = new TestPerson(name, URI.create(server.url()), folder.resolve(name));
        people.add(person);
        return person;
    }

    /** A new room with this person alone in it. */
    private static String openRoom(TestPerson first) throws Exception {
        String link = first.newRoom();
        first.join(link);
        first.with(first.name);
        return link;
    }

    private static void assertHears(TestPerson listener, TestPerson speaker, CallState state) throws Exception {
        Set<String> known = new HashSet<>();
        for (Key key : listener.worker.receiving())
            if (key.epoch() == state.epoch()) known.add(key.kid() + key.bytes());
        for (Key key : speaker.worker.sendingIn(state.epoch()))
            assertThat(known).as(listener.name + " hears " + speaker.name).contains(key.kid() + key.bytes());
    }

    @Test
    void whoIsInTheLobbyHasADryRunOfACall() throws Exception {
        assertThat(person("Ada").dryRun.await(20, TimeUnit.SECONDS)).isTrue();
    }

    @Test
    void twoPeopleHoldEachOthersKeysAndTheSameSafetyNumber() throws Exception {
        TestPerson ada = person("ada");
        TestPerson bruno = person("bruno");
        String link = ada.newRoom();
        ada.join(link);
        CallState alone = ada.with("ada");
        assertThat(alone.safetyNumber()).isNull();
        assertThat(ada.worker.everSent())
                .as("alone there is nobody to encrypt for")
                .isEmpty();

        bruno.join(link);
        CallState atBruno = bruno.with("ada", "bruno");
        CallState atAda = ada.with("ada", "bruno");
        assertThat(atAda.safetyNumber()).isEqualTo(atBruno.safetyNumber()).matches("(\\d{5} ){11}\\d{5}");
        assertHears(ada, bruno, atAda);
        assertHears(bruno, ada, atBruno);
        assertThat(ada.worker.sending()).hasSize(4);
    }

    @Test
    void whoLeavesGetsNoKeyOfTheNextEpochAndForgetsAll() throws Exception {
        TestPerson ada = person("ada");
        TestPerson bruno = person("bruno");
        TestPerson chiara = person("chiara");
        String link = openRoom(ada);
        bruno.join(link);
        bruno.with("ada", "bruno");
        chiara.join(link);
        chiara.with("ada", "bruno", "chiara");
        bruno.with("ada", "bruno", "chiara");
        long before = ada.with("ada", "bruno", "chiara").epoch();

        TestPerson.Worker leavers = bruno.worker;
        bruno.say(new PageToBackend.Leave());
        assertThat(bruno.page.await(BackendToPage.CallEnded.class, any -> true).problem())
                .isNull();
        CallState after = ada.with("ada", "chiara");
        assertThat(after.epoch()).isGreaterThan(before);
        assertHears(chiara, ada, chiara.with("ada", "chiara"));
        assertThat(leavers.forgotAll()).isTrue();
        assertThat(leavers.everSent()).allMatch(key -> key.epoch() <= before);
        assertThat(bruno.journal.counts().keysLive())
                .as("only the identity lives on")
                .isEqualTo(1);
    }

    @Test
    void aSendKeyIsNeverHandedToASecondWorker() throws Exception {
        TestPerson ada = person("ada");
        TestPerson bruno = person("bruno");
        String link = openRoom(ada);
        bruno.join(link);
        CallState state = bruno.with("ada", "bruno");
        Set<String> used = new HashSet<>();
        for (Key key : bruno.worker.sendingIn(state.epoch()))
            assertThat(used.add(key.bytes())).isTrue();

        for (int i = 0; i < 5; i++) {
            long before = state.epoch();
            TestPerson.Worker fresh = bruno.newWorker();
            state = bruno.state(now -> now.epoch() > before);
            fresh.sendingIn(state.epoch());
            for (Key key : fresh.everSent())
                assertThat(used.add(key.bytes())).as("new key").isTrue();
            long reached = state.epoch();
            assertHears(ada, bruno, ada.state(now -> now.epoch() == reached));
        }
    }

    @Test
    void signalsAndMediaStatesReachTheOtherPage() throws Exception {
        TestPerson ada = person("ada");
        TestPerson bruno = person("bruno");
        String link = openRoom(ada);
        ada.say(new PageToBackend.SetMediaState(new MediaState(true, true, false, false)));
        bruno.join(link);
        CallState atBruno = bruno.state(now -> now.participants().stream()
                .anyMatch(one -> one.name().equals("ada") && one.media().camera()));
        String adaId = atBruno.participants().stream()
                .filter(one -> one.name().equals("ada"))
                .findFirst()
                .orElseThrow()
                .id();
        bruno.say(new PageToBackend.Signal(adaId, "AAAAAAAAAAAAAAAAAAAAAA", "{\"type\":\"hello\"}"));
        BackendToPage.Signal heard = ada.page.await(BackendToPage.Signal.class, any -> true);
        assertThat(heard.from()).isEqualTo(atBruno.self());
        assertThat(heard.data()).isEqualTo("{\"type\":\"hello\"}");
    }

    @Test
    void aServerThatDiesAndComesBackFindsTheCallAsItWas() throws Exception {
        TestPerson ada = person("ada");
        TestPerson bruno = person("bruno");
        String link = openRoom(ada);
        bruno.join(link);
        bruno.with("ada", "bruno");
        CallState before = ada.with("ada", "bruno");
        int port = server.port();

        server.close();
        ada.state(now -> now.server() == ServerState.RECONNECTING);
        assertThat(ada.worker.sending())
                .as("keys stay while the server is away")
                .hasSize(4);
        server = start(port);
        ada.state(now -> now.server() == ServerState.CONNECTED
                && now.participants().stream().allMatch(BackendToPage.Participant::connected));

        TestPerson chiara = person("chiara");
        chiara.join(link);
        CallState after = chiara.with("ada", "bruno", "chiara");
        assertHears(chiara, ada, after);
        assertHears(ada, chiara, ada.with("ada", "bruno", "chiara"));
        assertThat(after.safetyNumber()).isNotEqualTo(before.safetyNumber());
    }

    @Test
    void aCallInWhichSomethingFailsEndsAndSaysSo() throws Exception {
        TestPerson ada = person("ada");
        TestPerson bruno = person("bruno");
        String link = ada.newRoom();
        ada.join(link);
        ada.with("ada");
        bruno.join(link);
        bruno.with("ada", "bruno");
        ada.with("ada", "bruno");

        ada.desk.connected(new FailingWorker());
        assertThat(ada.page
                        .await(BackendToPage.CallEnded.class, any -> true)
                        .problem()
                        .code())
                .isEqualTo("internal");
        bruno.with("bruno");
        ada.settle();
        assertThat(ada.journal.counts().keysLive())
                .as("only the identity lives on")
                .isEqualTo(1);
        ada.newWorker();
        ada.join(link);
        bruno.with("ada", "bruno");
    }

    /** A worker's socket that breaks its contract. */
    private static final class FailingWorker implements WorkerLink {
        @Override
        public CompletableFuture<Void> send(WorkerCommands commands) {
            throw new IllegalStateException("broken");
        }

        @Override
        public void close() {}
    }

    @Test
    void inALongCallEverybodyRenewsTheirLeafByACommitOfTheirOwn() throws Exception {
        AtomicReference<Instant> now = new AtomicReference<>(Instant.now());
        Clock clock = new Clock() {
            @Override
            public Instant instant() {
                return now.get();
            }

            @Override
            public ZoneId getZone() {
                return ZoneOffset.UTC;
            }

            @Override
            public Clock withZone(ZoneId zone) {
                return this;
            }
        };
        List<TestPerson> all = new ArrayList<>();
        for (String name : List.of("ada", "bruno", "chiara")) {
            TestPerson one =
                    new TestPerson(name, URI.create(server.url()), folder.resolve(name), clock, Duration.ofMillis(50));
            people.add(one);
            all.add(one);
        }
        String link = all.get(0).newRoom();
        all.get(0).join(link);
        all.get(0).with("ada");
        all.get(1).join(link);
        all.get(1).with("ada", "bruno");
        all.get(2).join(link);
        CallState young = all.get(2).with("ada", "bruno", "chiara");
        // Ada made both commits; the leaves of Bruno and Chiara bear the dates of their KeyPackages.
        now.set(now.get().plus(Duration.ofHours(13)));
        all.get(2).state(state -> state.epoch() == young.epoch() + 2);
        all.get(0).state(state -> state.epoch() == young.epoch() + 2);
    }

    @Test
    void whatCannotWorkIsSaid() throws Exception {
        TestPerson ada = person("ada");
        ada.join("https://sotto.example/j/nothing");
        assertThat(ada.page
                        .await(BackendToPage.CallFailed.class, any -> true)
                        .problem()
                        .code())
                .isEqualTo("link.malformed");
        String link = ada.newRoom();
        server.close();
        ada.join(link);
        assertThat(ada.page
                        .await(BackendToPage.CallFailed.class, any -> true)
                        .problem()
                        .code())
                .isEqualTo("server.away");
    }
}
