package sotto.demo.relay;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
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
 * Transforms stay where they belong while a relayed call changes: people come, go and follow each other on the same
 * receivers, tracks start and stop, layers change, signalling breaks. Each picture that Ada's page paints is looked at: it
 * is of the person whose name stands under it.
 */
@Tag("slow")
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class RelayAttachmentTest {
    /** Three people each: 51 joins and leaves. */
    private static final int ROUNDS = 17;

    private static final int TOGGLES = 20;

    private static RelayCall call;
    private static Person ada;
    private static Person bruno;
    private static Person chiara;
    private static Person dario;
    private static String link;

    @RegisterExtension
    final AfterTestExecutionCallback stories = context -> {
        if (context.getExecutionException().isPresent()) call.tellStories();
    };

    @BeforeAll
    static void open() throws Exception {
        call = new RelayCall(ServerSettings.defaults().withRelay(RelaySettings.auto()));
        ada = call.person(RelayCall.script("attachment.js"));
        bruno = call.person(RelayCall.script("attachment.js"), "sottoSynthetic.size(640, 360);");
        chiara = call.person(RelayCall.script("name-thief.js"));
        dario = call.person();
        link = ada.newRoom("relay");
    }

    @AfterAll
    static void end() throws Exception {
        if (call != null) call.close();
    }

    private static void assertUnharmed(Person... all) {
        call.assertNothingWrong(all);
        assertThat(call.looked()).isPositive();
        for (Person one : all) {
            assertThat(one.at("alarm").count()).as("alarms at " + one.name).isZero();
            assertThat(one.pageErrors).isEmpty();
            assertThat(one.console()).as("console of " + one.name).noneMatch(line -> line.contains("attachment"));
        }
    }

    private static JsonNode received(Person at, String track) {
        for (JsonNode peer : BrowserTest.stats(at).get("peers"))
            for (JsonNode one : peer.get("received"))
                if (one.get("track").asText().equals(track)) return one;
        return com.fasterxml.jackson.databind.node.MissingNode.getInstance();
    }

    private static void awaitLines(Person at, int lines) {
        Browser.until(
                at.page,
                RelayCall.SOON,
                () -> received(at, "camera").path("frameHeight").asInt() == lines);
    }

    @Test
    @Order(1)
    void thePictureGoesOnWhileItsLayerGoesDownAndUpAndWhileItIsPausedAndResumed() {
        bruno.join(link);
        BrowserTest.awaitPictures(ada, bruno);
        awaitLines(ada, 360);
        ada.page.setViewportSize(480, 320);
        awaitLines(ada, 180);
        BrowserTest.awaitPicture(ada, bruno);
        ada.page.setViewportSize(1280, 800);
        awaitLines(ada, 360);
        BrowserTest.awaitPicture(ada, bruno);

        hideStage(true);
        Browser.until(ada.page, RelayCall.SOON, () -> {
            long before = received(ada, "camera").get("framesReceived").asLong();
            Browser.pump(ada.page, 700);
            return received(ada, "camera").get("framesReceived").asLong() == before;
        });
        hideStage(false);
        BrowserTest.awaitPicture(ada, bruno);
        assertUnharmed(ada, bruno);
    }

    private static void hideStage(boolean hidden) {
        ada.page.evaluate(
                "hidden => { document.querySelector('[data-testid=stage]').style.display = hidden ? 'none' : ''; }",
                hidden);
    }

    @Test
    @Order(2)
    void aScreenStandsBesideTheCamera() {
        bruno.at("toggle-screen").click();
        RelayCall.awaitScreen(ada, bruno);
        BrowserTest.awaitPicture(ada, bruno);
        RelayCall.awaitTone(ada, bruno, "microphone");
        RelayCall.awaitTone(ada, bruno, "screen-audio");
        assertUnharmed(ada, bruno);
    }

    @Test
    @Order(3)
    void switchingCameraAndScreenOffAndOnTwentyTimesLeavesNoBlackTile() {
        for (String button : List.of("toggle-camera", "toggle-screen")) {
            bruno.page.evaluate("""
                    async ([button, times]) => {
                      for (let i = 0; i < 2 * times; i++) {
                        document.querySelector(`[data-testid=${button}]`).click();
                        await new Promise((resolve) => setTimeout(resolve, 40));
                      }
                    }""", List.of(button, TOGGLES));
        }
        BrowserTest.awaitPictures(ada, bruno);
        RelayCall.awaitScreen(ada, bruno);
        bruno.at("toggle-screen").click();
        Browser.until(ada.page, RelayCall.SOON, () -> ada.at("screen-tile").count() == 0);
        BrowserTest.awaitPictures(ada, bruno);
        assertUnharmed(ada, bruno);
    }

    @Test
    @Order(4)
    void whoseSignallingIsCutTakesAnotherSeatAndNobodyIsMixedUp() {
        chiara.join(link);
        BrowserTest.awaitPictures(ada, bruno, chiara);
        for (Person one : List.of(ada, bruno, ada)) {
            long before = RelayCall.rebuilds(one);
            one.page.evaluate("sottoAttachment.cut()");
            Browser.until(one.page, RelayCall.SOON, () -> RelayCall.rebuilds(one) > before);
            BrowserTest.awaitPictures(ada, bruno, chiara);
        }
        RelayCall.awaitTone(ada, bruno, "microphone");
        RelayCall.awaitTone(bruno, ada, "microphone");
        assertUnharmed(ada, bruno, chiara);
        bruno.leave();
        chiara.leave();
        awaitPeople(1);
    }

    /** Dario hears who is who from Chiara first, who says to be the other two at the relay. */
    @Test
    @Order(5)
    void whoTakesOthersNamesAtTheRelayHidesNobody() {
        bruno.join(link);
        chiara.join(link);
        BrowserTest.awaitPictures(ada, bruno, chiara);
        for (Person one : List.of(ada, bruno)) one.page.evaluate("sottoAttachment.hold()");
        chiara.page.evaluate("() => { sottoThief.on = true; }");
        dario.join(link);
        // Chiara is believed, and what comes does not open.
        Browser.until(dario.page, RelayCall.SOON, () -> dropped(dario, "foreign") > 0);
        for (Person one : List.of(ada, bruno)) one.page.evaluate("sottoAttachment.release()");
        for (Person one : List.of(ada, bruno, chiara)) BrowserTest.awaitPicture(dario, one);
        RelayCall.awaitTone(dario, bruno, "microphone");
        assertUnharmed(ada, bruno, chiara, dario);
        chiara.page.evaluate("() => { sottoThief.on = false; }");
        for (Person one : List.of(bruno, chiara, dario)) one.leave();
        awaitPeople(1);
    }

    @Test
    @Order(6)
    void fiftyComeAndGoOnTheSameReceiversAndNobodyIsSeenUnderAnothersName() {
        long seats = RelayCall.rebuilds(ada);
        int said = ada.console().size();
        List<Person> all = new ArrayList<>(List.of(bruno, chiara, dario));
        // Only Ada looks: what nobody sees is not sent, which makes this quick. So do small pages and few small
        // pictures.
        for (Person one : all) {
            one.page.evaluate("sottoSynthetic.size(320, 180, 6)");
            one.page.setViewportSize(480, 320);
            one.page.evaluate(
                    "() => { const sheet = new CSSStyleSheet(); sheet.replaceSync('[data-testid=stage] { display: none }'); document.adoptedStyleSheets = [sheet]; }");
        }
        call.seen(ada);
        int before = call.pictured();
        for (int round = 1; round <= ROUNDS; round++) {
            Collections.rotate(all, 1);
            for (Person one : all) one.join(link);
            int joined = before + round * all.size();
            Browser.until(ada.page, RelayCall.SOON, () -> {
                call.assertNothingWrong(ada);
                return call.pictured() == joined;
            });
            // The next ones come while these are still on their way out.
            for (Person one : all) one.leave();
        }
        awaitPeople(1);
        assertUnharmed(ada, bruno, chiara, dario);
        assertThat(((Number) ada.page.evaluate("sottoAttachment.most()")).intValue())
                .as("people on one receiver")
                .isGreaterThan(2);
        assertThat(RelayCall.rebuilds(ada)).as("seats that were given up").isEqualTo(seats);
        // For each who leaves the relay makes silence and blank pictures up.
        assertThat(dropped(ada, "injected")).isPositive();
        assertThat(ada.console().size() - said).as("lines about all that").isLessThan(ROUNDS);
    }

    private static void awaitPeople(int count) {
        Browser.until(
                ada.page,
                RelayCall.SOON,
                () -> BrowserTest.stats(ada).get("participants").size() == count);
    }

    private static long dropped(Person one, String reason) {
        long frames = 0;
        for (JsonNode stream : BrowserTest.stats(one).get("worker"))
            frames += stream.get("dropped").path(reason).asLong();
        return frames;
    }
}
