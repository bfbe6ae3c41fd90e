package sotto.demo.relay;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestReporter;
import sotto.demo.BrowserTest;
import sotto.demo.FreePort;
import sotto.demo.Person;
import sotto.server.ServerSettings;
import sotto.server.relay.NodeSecret;
import sotto.server.relay.RelayHost;
import sotto.server.relay.RelaySettings;
import sotto.server.relay.livekit.LiveKit;

/** One call that goes from direct to the relay and back, from a killed node to another, and from the last one direct. */
class RelaySwitchTest extends RelayTest {
    private static final Pattern DERIVED = Pattern.compile("\\s\\sderived\\s");
    private static final long PATIENCE_S = 60;

    private final BlockingQueue<String> said = new LinkedBlockingQueue<>();

    private Person ada;
    private Person bruno;

    @Test
    void aCallMovesWhilePeopleTalkAndOutlivesNodesAndGoesDirectOnlyWhenAsked(TestReporter report) throws Exception {
        Path secretFile = Files.writeString(folder.resolve("secret"), "0123456789abcdef0123456789abcdef\n");
        NodeSecret secret = NodeSecret.read(secretFile);
        call = new RelayCall(
                ServerSettings.defaults().withRelay(RelaySettings.off().withNodeSecret(secret)));
        RelayHost first = host(secret);
        ada = call.person();
        bruno = call.person();
        bruno.join(ada.newRoom("direct"));
        RelayCall.awaitTalk("direct", ada, bruno);
        long epoch = BrowserTest.epoch(ada);
        List<Long> keys = List.of(derived(ada), derived(bruno));
        assertThat(keys).allMatch(count -> count > 0);
        for (String path : List.of("relay", "direct", "relay")) {
            RelayCall.switchTo(ada, path);
            RelayCall.awaitTalk(path, ada, bruno);
            call.assertNothingWrong(ada, bruno);
            assertThat(List.of(BrowserTest.epoch(ada), BrowserTest.epoch(bruno)))
                    .as("epochs on " + path)
                    .containsOnly(epoch);
            assertThat(List.of(derived(ada), derived(bruno)))
                    .as("keys made, on " + path)
                    .isEqualTo(keys);
        }

        List<ProcessHandle> nodes = livekits();
        RelayHost second = host(secret);
        long killed = System.nanoTime();
        nodes.forEach(ProcessHandle::destroyForcibly);
        for (ProcessHandle node : nodes) node.onExit().get(PATIENCE_S, TimeUnit.SECONDS);
        BrowserTest.awaitPicturesSince(System.nanoTime(), ada, bruno);
        report.publishEntry(
                "pictures both ways after the node was killed, ms",
                String.valueOf((System.nanoTime() - killed) / 1_000_000));
        RelayCall.awaitTalk("relay", ada, bruno);

        first.close();
        second.close();
        ada.see("path-lost");
        bruno.see("path-lost");
        RelayCall.assertPath("relay", ada, bruno);
        ada.at("path-direct").click();
        RelayCall.awaitTalk("direct", ada, bruno);
        call.assertNothingWrong(ada, bruno);
        assertThat(call.looked()).isPositive();
        for (Person one : List.of(ada, bruno)) {
            assertThat(one.at("alarm").count()).as("alarms at " + one.name).isZero();
            assertThat(one.pageErrors).isEmpty();
        }
    }

    private static long derived(Person one) throws IOException {
        return one.app.journal().stream().filter(DERIVED.asPredicate()).count();
    }

    /** LiveKit processes that this test has started. */
    private static List<ProcessHandle> livekits() {
        return ProcessHandle.current()
                .descendants()
                .filter(one -> one.info().command().orElse("").contains("livekit-server"))
                .toList();
    }

    private RelayHost host(NodeSecret secret) throws Exception {
        int port = FreePort.tcp();
        RelaySettings.Own own = new RelaySettings.Own(
                "127.0.0.1", port, 0, 0, Optional.empty(), Optional.of(URI.create("ws://127.0.0.1:" + port)));
        RelayHost host =
                call.ends(new RelayHost(new LiveKit(), URI.create(call.server.url()), secret, own, 10, said::add));
        said.clear();
        host.start();
        long end = System.nanoTime() + Duration.ofSeconds(PATIENCE_S).toNanos();
        for (boolean up = false, known = false; !up || !known; ) {
            String text = said.poll(end - System.nanoTime(), TimeUnit.NANOSECONDS);
            assertThat(text).as("the node is up and registered").isNotNull();
            up |= text.equals("the relay is up");
            known |= text.startsWith("registered with");
        }
        return host;
    }
}
