package sotto.demo.relay;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import sotto.demo.Person;
import sotto.demo.fault.TestCertificate;

/** Somebody whose network loses every UDP packet calls through the relay all the same: over TCP. */
class RelayOverTcpTest extends RelayTest {
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

    @Test
    void whereUdpIsLostTheCallGoesOverTcp() throws Exception {
        assumeThat(Homes.missing()).isEmpty();
        Homes homes = ends(new Homes(2));
        homes.loseUdp(0);
        TestCertificate certificate = TestCertificate.make(folder, homes.here());
        call = new RelayCall(serverFor(homes, certificate), homes, certificate);
        Person ada = call.person(RelayCall.script("connections.js"));
        Person bruno = call.person(RelayCall.script("connections.js"));
        bruno.join(ada.newRoom("relay"));
        RelayCall.awaitTalk("relay", ada, bruno);
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
