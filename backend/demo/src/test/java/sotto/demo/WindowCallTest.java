package sotto.demo;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * A call from the app's own window, as {@code ./sotto} opens it, to a page in an ordinary browser. The window is on a
 * virtual screen and pressed through its DevTools port; one call for all tests, in their order.
 *
 * <p>The window has no camera flag of any kind: the synthetic camera is put into its page before the first question.
 * What it shares of the screen is real.
 */
@Tag("slow")
@Timeout(120)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class WindowCallTest {
    private static final double SOON = 20_000;

    /** Whether the video that a locator finds is mostly of the other window's colour, which no other thing here has. */
    private static final String SHOWS_THE_OTHER_WINDOW = """
            video => {
              if (video.videoWidth === 0) return false;
              const pen = new OffscreenCanvas(16, 16).getContext("2d");
              pen.drawImage(video, 0, 0, 16, 16);
              const pixels = pen.getImageData(0, 0, 16, 16).data;
              let like = 0;
              for (let i = 0; i < pixels.length; i += 4) {
                const near = (value, wanted) => Math.abs(value - wanted) < 24;
                if (near(pixels[i], 0xc0) && near(pixels[i + 1], 0x80) && near(pixels[i + 2], 0x20)) like++;
              }
              return like > 0.SHARE * 256;
            }
            """;

    private static final String OTHER_WINDOW = "Holiday plan";

    @TempDir
    static Path folder;

    private VirtualScreen screen;
    private AppWindow window;
    private Page page;
    private Browser browser;
    private Person bruno;

    @BeforeAll
    void open() throws Exception {
        screen = new VirtualScreen();
        window = new AppWindow(screen, folder.resolve("ada"), folder.resolve("window.log"));
        page = window.page;

        browser = new Browser();
        AppProcess other = AppProcess.start(folder.resolve("bruno"), window.server(), folder.resolve("bruno.log"));
        other.awaitUrl();
        bruno = new Person(2, "Bruno Sarti", other, browser, Person.Role.HONEST);
    }

    @AfterAll
    void closeAll() throws IOException {
        if (bruno != null) bruno.close();
        if (browser != null) browser.close();
        if (window != null) window.close();
        if (screen != null) screen.close();
        System.out.print(Files.readString(folder.resolve("window.log")));
    }

    @Test
    @Order(1)
    void asksBeforeItOpensCameraAndMicrophone() {
        see("consent");
        assertThat(page.locator("video").count()).isZero();
        // Screens stay real: their requests go on to the browser's own function.
        window.synthetic("{ person: 1, width: 320, height: 180, screens: false }");
        at("consent-yes").click();
        shows(page, "self", 1);
        at("name").fill("Ada Lovett");
        photograph("lobby");
    }

    @Test
    @Order(2)
    void joinsABrowserByLinkAndEachSeesAndHearsTheOther() {
        at("new-room").click();
        see("call");
        see("invite");
        photograph("alone");
        bruno.openLobby();
        bruno.join(at("room-link").getAttribute("title"));
        bruno.see("call");
        String ada = idOf(bruno.page, "Ada Lovett");
        String other = idOf(page, "Bruno Sarti");
        shows(page, other, 2);
        shows(bruno.page, ada, 1);
        hears(page, other, 2);
        hears(bruno.page, ada, 1);
        photograph("call");
    }

    @Test
    @Order(3)
    void bothShowTheSameSafetyNumber() {
        at("open-safety").click();
        bruno.at("open-safety").click();
        String number = at("safety-number").innerText();
        assertThat(number.replaceAll("\\D", "")).hasSize(60);
        assertThat(bruno.at("safety-number").innerText()).isEqualTo(number);
        photograph("safety");
        bruno.at("close-panel").click();
    }

    @Test
    @Order(4)
    void saysWhoSeesWhatAndWhatBecameOfEachKey() {
        at("open-privacy").click();
        assertThat(at("privacy-panel").innerText())
                .contains("Your IP address: your computers talk straight to each other");
        photograph("privacy");
        at("open-journal").click();
        see("journal-entry");
        assertThat(at("journal").innerText()).contains("made").contains("sealed to the worker");
        photograph("journal");
        at("close-panel").click();
    }

    @Test
    @Order(5)
    void muteAndCameraOffReachTheOther() {
        String ada = idOf(bruno.page, "Ada Lovett");
        Locator tile = bruno.page.locator("[data-tile='" + ada + "']");
        at("toggle-microphone").click();
        at("toggle-camera").click();
        Browser.until(bruno.page, SOON, () -> "true".equals(tile.getAttribute("data-muted")));
        Browser.until(bruno.page, SOON, () -> tile.locator("video").count() == 0);
        assertThat(page.locator("[data-own=true]").count()).isZero();
        photograph("muted");
        at("toggle-microphone").click();
        at("toggle-camera").click();
        Browser.until(bruno.page, SOON, () -> "false".equals(tile.getAttribute("data-muted")));
        shows(bruno.page, ada, 1);
        hears(bruno.page, ada, 1);
    }

    @Test
    @Order(6)
    void sharesOneWindowChosenInItsOwnPicker() throws IOException {
        // It stays, for the test of the whole screen.
        screen.run(
                "xterm",
                "-T",
                OTHER_WINDOW,
                "-bg",
                "rgb:c0/80/20",
                "-fg",
                "rgb:c0/80/20",
                "-g",
                "60x20+20+20",
                "-e",
                "cat");
        at("toggle-screen").click();
        Locator source = page.locator("[data-testid=screen-source]")
                .filter(new Locator.FilterOptions().setHasText(OTHER_WINDOW));
        Browser.until(page, SOON, () -> {
            if (source.count() == 0) at("refresh-sources").click();
            return source.count() == 1;
        });
        assertThat(page.locator("[data-testid=screen-source]").allInnerTexts())
                .as("the app's own window is no choice")
                .containsExactly("Whole screen", OTHER_WINDOW);
        photograph("picker");
        source.click();
        at("share-source").click();
        screenShows(0.9);
        photograph("sharing");
        at("stop-sharing").click();
        Browser.until(
                bruno.page,
                SOON,
                () -> bruno.page.locator("[data-testid=screen-tile]").count() == 0);
    }

    @Test
    @Order(7)
    void sharesTheWholeScreen() {
        at("toggle-screen").click();
        page.locator("[data-testid=screen-source]")
                .filter(new Locator.FilterOptions().setHasText("Whole screen"))
                .click();
        at("share-source").click();
        screenShows(0.05);
        at("toggle-screen").click();
        Browser.until(
                bruno.page,
                SOON,
                () -> bruno.page.locator("[data-testid=screen-tile]").count() == 0);
    }

    @Test
    @Order(8)
    void leavesTheCallAndEndsWithoutAKey() throws Exception {
        at("leave").click();
        see("left");
        photograph("left");
        Browser.until(
                bruno.page, SOON, () -> bruno.page.locator("[data-testid=tile]").count() == 1);
        // Into a call again, and out of it the hard way.
        at("new-room").click();
        see("call");
        JsonNode journal = window.end();
        assertThat(journal.get("keysMade").asLong()).isGreaterThan(10);
        assertThat(journal.get("keysLive").asLong()).isZero();
    }

    private Locator at(String testId) {
        return window.at(testId);
    }

    private void see(String testId) {
        window.see(testId);
    }

    private static String idOf(Page where, String name) {
        String find = "name => sotto.call().participants.find(one => one.name === name)?.id ?? null";
        Browser.until(where, SOON, () -> where.evaluate(find, name) != null);
        return (String) where.evaluate(find, name);
    }

    private static void shows(Page where, String participant, int sender) {
        Browser.until(where, SOON, () -> Boolean.TRUE.equals(where.evaluate("""
                        ([participant, sender]) => {
                          const video = document.querySelector(`video[data-participant="${participant}"][data-track=camera]`);
                          return video !== null && sottoSynthetic.readBarcode(video)?.sender === sender;
                        }
                        """, List.of(participant, sender))));
    }

    private static void hears(Page where, String participant, int sender) {
        Browser.until(where, SOON, () -> Boolean.TRUE.equals(where.evaluate("""
                        async ([participant, sender]) => {
                          const audio = document.querySelector(`audio[data-participant="${participant}"][data-track=microphone]`);
                          return audio !== null && (await sottoSynthetic.readTone(audio))?.person === sender;
                        }
                        """, List.of(participant, sender))));
    }

    /** Waits until Bruno sees the other window's colour on at least this share of Ada's shared screen. */
    private void screenShows(double share) {
        Locator video = bruno.page.locator("[data-testid=screen-tile] video");
        String question = SHOWS_THE_OTHER_WINDOW.replace("0.SHARE", Double.toString(share));
        Browser.until(bruno.page, SOON, () -> video.count() == 1 && Boolean.TRUE.equals(video.evaluate(question)));
    }

    private void photograph(String name) {
        screen.photograph(name);
    }
}
