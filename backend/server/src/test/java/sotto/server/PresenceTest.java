package sotto.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.net.URI;
import java.net.http.HttpClient;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import sotto.rooms.wire.ConnectionId;
import sotto.rooms.wire.LogEntry;
import sotto.rooms.wire.RefusalCode;
import sotto.rooms.wire.RoomId;
import sotto.rooms.wire.ServerFrame;

class PresenceTest extends ServerTest {

    @Test
    void aSocketThatBreaksOffIsGone() throws Exception {
        TestClient witness = enter();
        RawClient crashing = raw();
        crashing.enter(room);
        ConnectionId id = witness.nextEntry(LogEntry.Arrived.class).from();
        crashing.reset();
        assertThat(witness.nextEntry()).isEqualTo(new LogEntry.Gone(3, id));
    }

    @Test
    void aSocketThatClosesWellIsGone() throws Exception {
        TestClient witness = enter();
        TestClient leaving = enter();
        witness.nextEntry(LogEntry.Arrived.class);
        leaving.socket().sendClose(1000, "").get();
        assertThat(witness.nextEntry()).isEqualTo(new LogEntry.Gone(3, leaving.id()));
    }

    @Test
    void whoAnswersNothingIsGoneAndWhoAnswersPingsStays() throws Exception {
        restartWith(settings()
                .withTiming(new ServerSettings.Timing(
                        Duration.ofSeconds(30),
                        Duration.ofMillis(100),
                        Duration.ofSeconds(2),
                        Duration.ofMillis(500))));
        TestClient witness = enter();
        TestClient idle = enter();
        witness.nextEntry(LogEntry.Arrived.class);
        // Its socket stays open and the kernel acknowledges every byte: only the missing pongs tell.
        RawClient frozen = raw();
        frozen.enter(room);
        ConnectionId frozenId = witness.nextEntry(LogEntry.Arrived.class).from();
        assertThat(witness.nextEntry()).isEqualTo(new LogEntry.Gone(4, frozenId));
        assertThat(idle.nextEntries(2)).last().isEqualTo(new LogEntry.Gone(4, frozenId));
    }

    @Test
    void whoPingsWithoutReadingIsAlive() throws Exception {
        restartWith(settings()
                .withTiming(new ServerSettings.Timing(
                        Duration.ofSeconds(30),
                        Duration.ofMillis(100),
                        Duration.ofSeconds(2),
                        Duration.ofMillis(500))));
        TestClient witness = enter();
        RawClient pinging = raw();
        pinging.enter(room);
        ConnectionId alive = witness.nextEntry(LogEntry.Arrived.class).from();
        RawClient frozen = raw();
        frozen.enter(room);
        ConnectionId dead = witness.nextEntry(LogEntry.Arrived.class).from();
        Thread pings = Thread.ofPlatform().daemon().start(() -> {
            try {
                while (true) {
                    pinging.frame(RawClient.PING, true, "");
                    Thread.sleep(100);
                }
            } catch (Exception ended) {
                // The test is over.
            }
        });
        // Both fell silent in what they answer; the one that pings outlives the other.
        assertThat(witness.nextEntry()).isEqualTo(new LogEntry.Gone(4, dead));
        pings.interrupt();
        assertThat(witness.nextEntry()).isEqualTo(new LogEntry.Gone(5, alive));
    }

    @Test
    void aKilledProcessIsGone() throws Exception {
        TestClient witness = enter();
        Process process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-cp",
                        System.getProperty("java.class.path"),
                        Child.class.getName(),
                        server.url().replaceFirst("^http", "ws") + "/v1/room",
                        room.toString())
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        try (BufferedReader out = new BufferedReader(new InputStreamReader(process.getInputStream()))) {
            ConnectionId id = ConnectionId.fromString(out.readLine());
            assertThat(witness.nextEntry()).isEqualTo(new LogEntry.Arrived(2, id));
            process.destroyForcibly();
            assertThat(witness.nextEntry()).isEqualTo(new LogEntry.Gone(3, id));
        } finally {
            process.destroyForcibly();
        }
    }

    /** Enters a room, says who it is, and stays. */
    static final class Child {
        public static void main(String[] arguments) throws Exception {
            TestClient client = TestClient.connect(HttpClient.newHttpClient(), URI.create(arguments[0]));
            System.out.println(client.enter(RoomId.fromString(arguments[1])).connection());
            while (true) client.next();
        }
    }

    @Test
    void aRestartedServerBeginsANewLogOnTheSamePort() throws Exception {
        TestClient before = enter();
        TestClient other = enter();
        before.nextEntry(LogEntry.Arrived.class);
        int port = server.port();
        server.close();
        // Told why, and not first that everybody else went.
        for (TestClient client : new TestClient[] {before, other}) {
            ServerFrame.Refused refused = client.next(ServerFrame.Refused.class);
            assertThat(refused.code()).isEqualTo(RefusalCode.STOPPING);
            assertThat(refused.fatal()).isTrue();
            assertThat(client.closeStatus()).isEqualTo(1001);
        }
        server = SottoServer.start(settings().withPort(port));
        TestClient after = enter();
        assertThat(after.entered().log()).isNotEqualTo(before.entered().log());
        assertThat(after.entered().head().sequence()).isZero();
    }
}
