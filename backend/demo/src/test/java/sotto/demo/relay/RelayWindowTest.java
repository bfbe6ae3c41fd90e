package sotto.demo.relay;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.microsoft.playwright.Page;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import sotto.demo.AppWindow;
import sotto.demo.Browser;
import sotto.demo.BrowserTest;
import sotto.demo.Person;
import sotto.demo.VirtualScreen;
import sotto.server.ServerSettings;
import sotto.server.relay.RelaySettings;

/** A relayed call between the app's own window, which has another Chromium than the tests, and a page in a browser. */
@Tag("slow")
@Timeout(120)
class RelayWindowTest {
    /** Of the window's synthetic camera; nobody else has it. */
    private static final int WINDOW = 9;

    @TempDir
    Path folder;

    private RelayCall call;
    private VirtualScreen screen;
    private AppWindow window;

    @AfterEach
    void end() throws Exception {
        if (window != null) window.close();
        if (screen != null) screen.close();
        if (call != null) call.close();
        if (Files.exists(folder.resolve("log"))) System.out.print(Files.readString(folder.resolve("log")));
    }

    @Test
    void theWindowAndABrowserSeeAndHearEachOtherThroughTheRelay() throws Exception {
        call = new RelayCall(ServerSettings.defaults().withRelay(RelaySettings.auto()));
        screen = new VirtualScreen();
        window = new AppWindow(screen, folder.resolve("zoe"), folder.resolve("log"), "--server", call.server.url());
        window.see("consent");
        window.synthetic("{ person: " + WINDOW + ", width: 640, height: 360 }");
        window.at("consent-yes").click();
        window.at("name").fill("Zoe");
        window.at("new-path").locator("label[data-path=relay]").click();
        window.at("new-room").click();
        window.see("call");
        Person ada = call.person();
        ada.join(window.at("room-link").getAttribute("title"));
        Browser.until(window.page, RelayCall.SOON, () -> BrowserTest.seesFresh(window.page, ada.number));
        Browser.until(ada.page, RelayCall.SOON, () -> BrowserTest.seesFresh(ada.page, WINDOW));
        hears(window.page, ada.number);
        hears(ada.page, WINDOW);
        JsonNode paths = BrowserTest.stats(ada).get("paths");
        assertThat(paths).hasSize(1);
        assertThat(paths.get(0).get("path").asText()).isEqualTo("relay");
        assertThat(window.page.evaluate(
                        "async () => (await window.sotto.stats()).paths.map(({ path, state }) => path + state)"))
                .isEqualTo(List.of("relayopen"));
        assertThat(window.at("alarm").count()).isZero();
        assertThat(ada.pageErrors).isEmpty();
        screen.photograph("relay-window");
    }

    private static void hears(Page where, int person) {
        Browser.until(where, RelayCall.SOON, () -> Boolean.TRUE.equals(where.evaluate("""
                async (person) => {
                  for (const audio of document.querySelectorAll("audio[data-participant][data-track=microphone]"))
                    if ((await sottoSynthetic.readTone(audio))?.person === person) return true;
                  return false;
                }""", person)));
    }
}
