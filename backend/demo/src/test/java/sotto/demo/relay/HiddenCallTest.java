package sotto.demo.relay;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import sotto.demo.Browser;
import sotto.demo.BrowserTest;
import sotto.demo.Person;
import sotto.server.ServerSettings;
import sotto.server.TurnServer;

/** A call with hidden addresses, through a real TURN server alone, that outlives its TURN credentials. */
class HiddenCallTest extends RelayTest {
    /** Long enough to connect with, so short that the test sees them end. */
    private static final Duration LIFE = Duration.ofSeconds(6);

    private static final Pattern ALLOCATED =
            Pattern.compile("user <(\\d+):[0-9a-f]+>: incoming packet ALLOCATE processed, success");
    private static final Pattern REFUSED = Pattern.compile("ALLOCATE processed, error 4(?!01|38)");

    private Coturn turn;

    @BeforeEach
    void coturnIsThere() {
        assumeThat(Coturn.program())
                .as("coturn is not installed: apt-get install coturn")
                .isPresent();
    }

    @Test
    void threePeopleSeeAndHearEachOtherAndWhoeverConnectsLaterDoesSoWithFreshCredentials() throws Exception {
        turn = ends(new Coturn(folder, "127.0.0.1"));
        call = new RelayCall(ServerSettings.defaults().withTurn(turn.with(LIFE)));
        Person ada = call.person();
        Person bruno = call.person();
        String link = ada.newRoom("hidden");
        bruno.join(link);
        RelayCall.awaitTalk("hidden", ada, bruno);
        Set<Long> first = allocated();
        assertThat(first).isNotEmpty();

        // By the server's clock, which is this one: what they connected with is over.
        long over = first.stream().max(Long::compare).orElseThrow();
        Browser.until(ada.page, RelayCall.SOON, () -> Instant.now().getEpochSecond() > over);
        assertThat(restarts(ada) + restarts(bruno)).isZero();
        for (Person one : List.of(ada, bruno))
            one.page.evaluate("() => void window.dispatchEvent(new Event('online'))");
        Browser.until(ada.page, RelayCall.SOON, () -> allocated().stream().anyMatch(end -> end > over));
        Browser.until(ada.page, RelayCall.SOON, () -> restarts(ada) + restarts(bruno) > 0);
        RelayCall.awaitTalk("hidden", ada, bruno);
        assertThat(RelayCall.rebuilds(ada) + RelayCall.rebuilds(bruno))
                .as("nothing was connected anew")
                .isZero();

        Person chiara = call.person();
        chiara.join(link);
        RelayCall.awaitTalk("hidden", ada, bruno, chiara);
        for (Person one : List.of(ada, bruno, chiara)) {
            for (JsonNode peer : BrowserTest.stats(one).get("peers"))
                assertThat(peer.get("localCandidate").asText()).isEqualTo("relay");
            assertThat(one.pageErrors).isEmpty();
            assertThat(one.at("alarm").count()).isZero();
        }
        assertThat(turn.said()).doesNotContainPattern(REFUSED);
        call.assertNothingWrong(ada, bruno, chiara);
        assertThat(call.looked()).isPositive();
    }

    @Test
    void aTurnServerThatIsAwayIsToldAndNobodyGoesAnotherWay() throws Exception {
        turn = ends(new Coturn(folder, "127.0.0.1"));
        turn.close();
        call = new RelayCall(ServerSettings.defaults().withTurn(turn.with(TurnServer.LIFE)));
        Person ada = call.person();
        Person bruno = call.person();
        bruno.join(ada.newRoom("hidden"));
        for (Person one : List.of(ada, bruno)) {
            Browser.until(
                    one.page, 2 * RelayCall.SOON, () -> one.at("path-lost").count() > 0);
            assertThat(one.at("path-lost").innerText())
                    .contains(
                            "No connection through the TURN server", "Nobody was shown your address", "goes on trying");
            for (JsonNode path : BrowserTest.stats(one).get("paths"))
                assertThat(path.get("path").asText()).isEqualTo("hidden");
            for (JsonNode peer : BrowserTest.stats(one).get("peers"))
                assertThat(peer.get("localCandidate").isNull()).isTrue();
        }
    }

    /** When the credentials end with which the TURN server has lent addresses. */
    private Set<Long> allocated() {
        try {
            return ALLOCATED
                    .matcher(turn.said())
                    .results()
                    .map(found -> Long.parseLong(found.group(1)))
                    .collect(Collectors.toCollection(TreeSet::new));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static long restarts(Person one) {
        long all = 0;
        for (JsonNode peer : BrowserTest.stats(one).get("peers"))
            all += peer.get("restarts").asLong();
        return all;
    }
}
