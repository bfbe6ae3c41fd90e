package sotto.demo.relay;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.extension.AfterTestExecutionCallback;
import org.junit.jupiter.api.extension.RegisterExtension;
import sotto.demo.Browser;
import sotto.demo.BrowserTest;
import sotto.demo.Person;
import sotto.server.ServerSettings;
import sotto.server.relay.RelaySettings;

/**
 * A relay that does to frames what it likes, in one call of three: Bruno shows a screen with sound beside camera and
 * microphone, Chiara camera and microphone, and all that reaches Ada goes through the attack first. While it lasts
 * nothing but right pictures and tones is shown or heard, nothing that was tampered with leaves the frame worker, and
 * afterwards the call goes on.
 */
@Tag("slow")
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class RelayFrameAttacksTest {
    private static final int HITS = 60;

    private static RelayCall call;
    private static Person ada;
    private static Person bruno;
    private static Person chiara;
    private static String link;

    @RegisterExtension
    final AfterTestExecutionCallback stories = context -> {
        if (context.getExecutionException().isEmpty()) return;
        System.err.println(ada.evaluate("() => window.sottoTamper.state()"));
        call.tellStories();
    };

    @BeforeAll
    static void talk() throws Exception {
        call = new RelayCall(ServerSettings.defaults().withRelay(RelaySettings.auto()));
        ada = call.newcomer(RelayCall.script("tamper-page.js"));
        ada.beforeWorker(RelayCall.script("tamper-worker.js"));
        ada.openLobby();
        bruno = call.person();
        chiara = call.person();
        link = ada.newRoom("relay");
        bruno.join(link);
        chiara.join(link);
        BrowserTest.awaitPictures(ada, bruno, chiara);
        bruno.at("toggle-screen").click();
        awaitGood();
        JsonNode plain = ada.evaluate("() => window.sottoTamper.prepare()");
        assertThat(plain.get("video").asInt()).isPositive();
        assertThat(plain.get("audio").asInt()).isPositive();
    }

    @AfterAll
    static void end() throws Exception {
        if (call != null) call.close();
    }

    private static JsonNode attack(String name) {
        return ada.evaluate("() => window.sottoTamper.attack('" + name + "')");
    }

    private static JsonNode state() {
        return ada.evaluate("() => window.sottoTamper.state()");
    }

    private static long dropped(JsonNode state, String reason) {
        return state.get("dropped").path(reason).asLong();
    }

    /** Everything of everybody comes fresh to Ada. */
    private static void awaitGood() {
        BrowserTest.awaitPicture(ada, bruno);
        BrowserTest.awaitPicture(ada, chiara);
        RelayCall.awaitScreen(ada, bruno);
        RelayCall.awaitTone(ada, bruno, "microphone");
        RelayCall.awaitTone(ada, bruno, "screen-audio");
        RelayCall.awaitTone(ada, chiara, "microphone");
    }

    /** @param reasons for which the frame worker may drop what comes so; each has to occur */
    private static void survives(String name, String... reasons) {
        JsonNode before = attack(name);
        awaitHits();
        // While it goes on: what is heard is somebody's own, or nobody's.
        ada.evaluate("() => window.sottoSeen.listen()");
        for (String reason : reasons)
            Browser.until(ada.page, RelayCall.SOON, () -> dropped(state(), reason) > dropped(before, reason));
        attack("none");
        awaitGood();
        assertUnharmed();
    }

    private static void awaitHits() {
        Browser.until(ada.page, RelayCall.SOON, () -> state().get("hits").asInt() >= HITS);
    }

    private static void assertUnharmed() {
        call.assertNothingWrong(ada);
        assertThat(call.looked()).isPositive();
        assertThat(state().get("leaks")).as("tampered frames that passed").isEmpty();
        assertThat(ada.pageErrors).isEmpty();
        for (Person one : List.of(ada, bruno, chiara))
            assertThat(one.at("alarm").count()).as("alarms at " + one.name).isZero();
        assertThat(Stream.of("worker-away", "path-lost", "lost")
                        .filter(what -> ada.at(what).count() > 0))
                .isEmpty();
    }

    /** Without the product between, such a picture stands under the wrong name: the other tests would see it. */
    @Test
    @Order(0)
    void controlAPictureThatPassesIsSeenUnderTheWrongName() {
        attack("shown");
        Browser.until(
                ada.page,
                RelayCall.SOON,
                () -> call.seen(ada).stream()
                        .anyMatch(shown -> shown.sender() == ada.number && !RelayCall.right(shown)));
        attack("none");
        awaitGood();
        call.seen(ada);
        awaitGood();
        call.assertNothingWrong(ada);
    }

    @Test
    void swapsTwoPeople() {
        survives("swapPeople", "foreign");
    }

    @Test
    void swapsTwoTracksOfOnePerson() {
        survives("swapTracks", "foreign");
    }

    @Test
    void replaysOldFrames() {
        survives("replay", "replayed");
    }

    @Test
    void reordersFar() {
        survives("reorder");
    }

    @Test
    void truncates() {
        survives("truncate", "forged");
    }

    @Test
    void makesUpFrames() {
        survives("madeUp", "forged");
    }

    @Test
    void flipsABitOfThePrefix() {
        survives("flipPrefix", "forged");
    }

    @Test
    void flipsABitOfTheKeyId() {
        survives("flipKeyId");
    }

    @Test
    void flipsABitOfTheCounter() {
        survives("flipCounter", "forged");
    }

    @Test
    void flipsABitOfTheCiphertext() {
        survives("flipCiphertext", "forged");
    }

    @Test
    void flipsABitOfTheTag() {
        survives("flipTag", "forged");
    }

    @Test
    void leavesTheTagAway() {
        survives("noTag", "forged");
    }

    @Test
    void stripsTheSFrameHeader() {
        survives("stripHeader");
    }

    @Test
    void sendsPlaintextInstead() {
        survives("plaintext");
    }

    @Test
    void sendsSilenceAndBlankPictures() {
        survives("blanks", "malformed");
    }

    @Test
    void sendsSilenceAndBlankPicturesAsAnnounced() {
        assertThat(state().get("trailer").asInt()).as("bytes of the trailer").isPositive();
        survives("announcedBlanks", "injected");
    }

    @Test
    void sendsEveryFrameThreeTimes() {
        survives("duplicate", "replayed");
    }

    @Test
    void sendsAnotherCodec() {
        survives("otherCodec", "forged");
    }

    @Test
    void sendsOversizeFrames() {
        survives("oversize", "malformed");
    }

    @Test
    void floods() {
        survives("flood", "forged");
    }

    /** Chiara goes: after the others, since the call is another one then. */
    @Test
    @Order(Integer.MAX_VALUE - 1)
    void sendsWhatItKeptBackOfWhoHasLeft() {
        attack("withhold");
        awaitHits();
        attack("none");
        long epoch = BrowserTest.epoch(ada);
        chiara.leave();
        Browser.until(ada.page, RelayCall.SOON, () -> BrowserTest.epoch(ada) > epoch);
        BrowserTest.awaitPicture(ada, bruno);

        attack("withheldOfGone");
        awaitHits();
        ada.evaluate("() => window.sottoSeen.listen()");
        attack("none");
        BrowserTest.awaitPicture(ada, bruno);
        RelayCall.awaitScreen(ada, bruno);
        assertUnharmed();
    }

    /** Chiara comes back, so the epoch before is over. */
    @Test
    @Order(Integer.MAX_VALUE)
    void sendsOldFramesOfAnEarlierEpoch() {
        long epoch = BrowserTest.epoch(ada);
        chiara.join(link);
        Browser.until(ada.page, RelayCall.SOON, () -> BrowserTest.epoch(ada) > epoch);
        BrowserTest.awaitPicture(ada, bruno);
        survives("earlierEpoch");
    }
}
