package sotto.demo.relay;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.AfterTestExecutionCallback;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import sotto.demo.BrowserTest;
import sotto.demo.FreePort;
import sotto.demo.Person;
import sotto.demo.fault.TestCertificate;
import sotto.server.ServerSettings;
import sotto.server.relay.RelaySettings;

/** Somebody whose network loses every UDP packet calls through the relay all the same: over TCP. */
@Tag("slow")
class RelayOverTcpTest {
    /** Which transport carries each connection of this page. */
    private static final String TRANSPORTS = """
            async () => {
              const all = [];
              for (const connection of globalThis.sottoConnections) {
                const stats = await connection.getStats();
                for (const one of stats.values())
                  if (one.type === "candidate-pair" && one.nominated && one.state === "succeeded")
                    all.push(stats.get(one.remoteCandidateId).protocol);
              }
              return all;
            }
            """;

    private static final String KEEP_CONNECTIONS = """
            globalThis.sottoConnections = [];
            globalThis.RTCPeerConnection = class extends globalThis.RTCPeerConnection {
              constructor(...how) {
                super(...how);
                globalThis.sottoConnections.push(this);
              }
            };
            """;

    @TempDir
    Path folder;

    private RelayCall call;
    private final List<AutoCloseable> closing = new ArrayList<>();

    @RegisterExtension
    final AfterTestExecutionCallback stories = context -> {
        if (context.getExecutionException().isPresent() && call != null) call.tellStories();
    };

    @AfterEach
    void end() throws Exception {
        if (call != null) call.close();
        for (AutoCloseable one : closing.reversed()) one.close();
    }

    private <T extends AutoCloseable> T ends(T one) {
        closing.add(one);
        return one;
    }

    @Test
    void whereUdpIsLostTheCallGoesOverTcp() throws Exception {
        assumeThat(Homes.missing()).isEmpty();
        Homes homes = ends(new Homes(2));
        homes.loseUdp(0);
        TestCertificate certificate = TestCertificate.make(folder, homes.here());
        int signalling = FreePort.tcp();
        TlsFront front = ends(new TlsFront(certificate.context(), homes.here(), signalling));
        RelaySettings relay = RelaySettings.off()
                .withOwn(new RelaySettings.Own(
                        "127.0.0.1", signalling, 0, 0, Optional.of(homes.here()), Optional.of(front.url())));
        call = new RelayCall(
                ServerSettings.defaults()
                        .withListen(new ServerSettings.Listen(
                                homes.here(),
                                0,
                                Optional.of(new ServerSettings.Tls(certificate.certificate(), certificate.key())),
                                false))
                        .withRelay(relay),
                homes,
                certificate);
        Person ada = call.person(KEEP_CONNECTIONS);
        Person bruno = call.person(KEEP_CONNECTIONS);
        bruno.join(RelayCall.newRoom(ada, "relay"));
        RelayCall.awaitPath("relay", ada, bruno);
        BrowserTest.awaitPictures(ada, bruno);
        RelayCall.awaitTone(ada, bruno, "microphone");
        RelayCall.awaitTone(bruno, ada, "microphone");
        assertThat(transports(ada)).containsOnly("tcp");
        assertThat(transports(bruno)).containsOnly("udp");
        assertThat(ada.at("path-lost").count()).isZero();
        call.assertNothingWrong(ada, bruno);
        assertThat(call.looked()).isPositive();
    }

    private static List<String> transports(Person one) {
        List<String> all = new ArrayList<>();
        for (JsonNode transport : one.evaluate(TRANSPORTS)) all.add(transport.asText());
        return all;
    }
}
