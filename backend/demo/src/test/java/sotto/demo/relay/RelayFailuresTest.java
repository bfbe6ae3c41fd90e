package sotto.demo.relay;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import sotto.demo.Browser;
import sotto.demo.BrowserTest;
import sotto.demo.Person;
import sotto.server.ServerSettings;
import sotto.server.relay.RelayKey;
import sotto.server.relay.RelaySettings;

/**
 * Each way in which a relay can fail somebody is told in its own words, with what it means and what helps; nothing goes
 * another way meanwhile, and the call comes about by itself once the relay is well.
 */
class RelayFailuresTest extends RelayTest {
    /** Puts down whether somebody was ever told of a loss. */
    private static final String WATCH_LOSSES = """
            globalThis.sottoLosses = 0;
            new MutationObserver(() => {
              if (document.querySelector("[data-testid=path-lost]")) globalThis.sottoLosses++;
            }).observe(document, { childList: true, subtree: true });
            """;

    private static final RelayKey RIGHT = new RelayKey("operator", "the-right-secret-of-this-relay");
    private static final RelayKey WRONG = new RelayKey("operator", "another-secret-than-this-relay-has");

    @BeforeEach
    void livekitIsThere() {
        RelayCall.assumeLiveKit();
    }

    @Test
    void eachFailureHasItsOwnWordsAndTheCallComesAboutOnceTheRelayIsWell() throws Exception {
        LiveKitNode node = ends(new LiveKitNode(WRONG));
        Doorman door = ends(new Doorman(node.port));
        call = new RelayCall(ServerSettings.defaults()
                .withRelay(RelaySettings.off().withOthers(List.of(new RelaySettings.Other(door.url(), RIGHT)))));
        Person ada = call.person();
        String link = ada.newRoom("relay");

        awaitTold(ada, "does not take the tickets", "key for the relay is wrong");
        door.answer = Doorman.Answer.OTHER_PROGRAM;
        awaitTold(ada, "does not speak the protocol", "Update Sotto");
        door.answer = Doorman.Answer.CUT_OFF;
        awaitTold(ada, "can’t be reached from here", "Check your network");
        door.answer = Doorman.Answer.OTHER_PROTOCOL;
        awaitTold(ada, "does not speak the protocol", "Update Sotto");
        door.answer = Doorman.Answer.AWAY;
        awaitTold(ada, "has no relay for this call", "Wait until a relay is back");

        node.close();
        node.start(RIGHT);
        door.answer = Doorman.Answer.PASS;
        ada.gone("path-lost");
        RelayCall.awaitPath("relay", ada);
        // A ticket that is over by the relay's clock is replaced without a word.
        door.answer = Doorman.Answer.LATE_ONCE;
        Person bruno = call.person(WATCH_LOSSES);
        bruno.join(link);
        BrowserTest.awaitPictures(ada, bruno);
        assertThat(door.refused).hasValue(1);
        assertThat(bruno.evaluate("() => window.sottoLosses").asInt()).isZero();
        call.assertNothingWrong(ada, bruno);
        assertThat(call.looked()).isPositive();
    }

    @Test
    void mediaThatDoesNotGetThroughIsToldAsSuch() throws Exception {
        RelayTap tap = ends(new RelayTap());
        call = new RelayCall(ServerSettings.defaults().withRelay(tap.relay()));
        Person ada = call.person();
        tap.loseMedia(true);
        ada.newRoom("relay");
        awaitTold(ada, "do not get through to it", "over UDP and TCP");
        tap.loseMedia(false);
        ada.gone("path-lost");
        RelayCall.awaitPath("relay", ada);
    }

    /** Waits until somebody is told this, and that nothing goes another way; which is then seen to be so. */
    private static void awaitTold(Person one, String... words) {
        Browser.until(one.page, 2 * RelayCall.SOON, () -> {
            if (one.at("path-lost").count() == 0) return false;
            String text = one.at("path-lost").innerText();
            return List.of(words).stream().allMatch(text::contains) && text.contains("another way by itself");
        });
        RelayCall.assertPath("relay", one);
    }
}
