package sotto.demo.relay;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestReporter;
import sotto.demo.Person;
import sotto.demo.fault.TestCertificate;
import sotto.server.TurnServer;

/**
 * Two people, each on a computer with addresses of its own, have a call with hidden addresses, then through a relay, then
 * direct. All that their browsers were told, and every packet that reached their computers, is searched for the other's
 * addresses. In the direct call they are found: the search can find them.
 */
class HiddenAddressesTest extends RelayTest {
    private Homes homes;

    /** Where somebody's addresses stood, by kind; empty if nowhere. */
    private record Found(Map<String, Long> places) {}

    @Test
    void noAddressOfAnybodyReachesAnotherUnlessTheCallIsDirect(TestReporter report) throws Exception {
        assumeThat(Homes.missing()).isEmpty();
        assumeThat(Coturn.program().isPresent() && Capture.program().isPresent())
                .as("coturn or tcpdump is not installed: apt-get install coturn tcpdump")
                .isTrue();
        homes = ends(new Homes(2));
        TestCertificate certificate = TestCertificate.make(folder, homes.here());
        Coturn turn = ends(new Coturn(folder, homes.here()));
        call = new RelayCall(serverFor(homes, certificate).withTurn(turn.with(TurnServer.LIFE)), homes, certificate);
        Person ada = call.person(RelayCall.script("heard.js"));
        Person bruno = call.person(RelayCall.script("heard.js"));

        List<Capture> captures = capture();
        bruno.join(ada.newRoom("hidden"));
        RelayCall.awaitTalk("hidden", ada, bruno);
        assertThat(turn.said()).contains("ALLOCATE processed, success");
        RelayCall.switchTo(ada, "relay");
        RelayCall.awaitTalk("relay", ada, bruno);
        for (Found found : search(captures, ada, bruno))
            assertThat(found.places).isEmpty();

        captures = capture();
        RelayCall.switchTo(ada, "direct");
        RelayCall.awaitTalk("direct", ada, bruno);
        List<Found> control = search(captures, ada, bruno);
        report.publishEntry("found in the direct call", control.toString());
        for (Found found : control)
            assertThat(found.places)
                    .containsKeys("message", "remote candidate", "remote-candidate", "packet of 4", "packet of 6");
        call.assertNothingWrong(ada, bruno);
        assertThat(call.looked()).isPositive();
    }

    private List<Capture> capture() throws Exception {
        List<Capture> captures = new ArrayList<>();
        for (int home = 0; home < 2; home++) captures.add(ends(new Capture(folder, homes.port(home))));
        return captures;
    }

    /** For each of the two, where the other's addresses stood. */
    private List<Found> search(List<Capture> captures, Person... people) throws Exception {
        List<Found> all = new ArrayList<>();
        for (int home = 0; home < people.length; home++) {
            int other = 1 - home;
            Map<String, Long> places = new HashMap<>();
            Map<String, Long> looked = new HashMap<>();
            for (JsonNode one : people[home].evaluate("() => window.sottoHeard()")) {
                String text = one.get(1).asText();
                looked.merge(one.get(0).asText(), 1L, Long::sum);
                if (text.contains(homes.address(other)) || text.contains(homes.address6(other)))
                    places.merge(one.get(0).asText(), 1L, Long::sum);
            }
            Capture.Received received = captures.get(home).to(homes.address(home), homes.address6(home));
            // What there was to find something in.
            assertThat(looked.keySet())
                    .contains("message", "local description", "remote description", "remote-candidate");
            assertThat(received.packets()).isGreaterThan(500);
            assertThat(received.stun()).hasSizeGreaterThan(10);
            // STUN and TURN tell everybody their own address: the search finds addresses in STUN.
            assertThat(received.holding(InetAddress.getByName(homes.address(home))))
                    .isPositive();
            for (String address : new TreeSet<>(List.of(homes.address(other), homes.address6(other)))) {
                InetAddress sought = InetAddress.getByName(address);
                if (received.from().contains(sought))
                    places.put(address.contains(":") ? "packet of 6" : "packet of 4", 1L);
                if (received.holding(sought) > 0) places.merge("STUN", received.holding(sought), Long::sum);
            }
            all.add(new Found(places));
        }
        return all;
    }
}
