package sotto.demo.relay;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.Playwright;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import sotto.demo.Browser;
import sotto.demo.BrowserTest;
import sotto.demo.FreePort;
import sotto.demo.Person;
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
    private Process screen;
    private Process window;
    private Playwright playwright;
    private Page page;
    private String display;

    @AfterEach
    void end() throws Exception {
        if (playwright != null) playwright.close();
        if (window != null) {
            window.toHandle().destroy();
            if (!window.waitFor(20, TimeUnit.SECONDS)) window.destroyForcibly();
        }
        if (screen != null) screen.destroyForcibly();
        if (call != null) call.close();
        if (Files.exists(folder.resolve("log"))) System.out.print(Files.readString(folder.resolve("log")));
    }

    @Test
    void theWindowAndABrowserSeeAndHearEachOtherThroughTheRelay() throws Exception {
        call = new RelayCall(ServerSettings.defaults().withRelay(RelaySettings.auto()));
        openWindow();
        at("consent-yes").click();
        at("name").fill("Zoe");
        at("new-path").locator("label[data-path=relay]").click();
        at("new-room").click();
        at("call").waitFor();
        Person ada = call.person();
        ada.join(at("room-link").getAttribute("title"));
        Browser.until(page, RelayCall.SOON, () -> BrowserTest.seesFresh(page, ada.number));
        Browser.until(ada.page, RelayCall.SOON, () -> BrowserTest.seesFresh(ada.page, WINDOW));
        hears(page, ada.number);
        hears(ada.page, WINDOW);
        JsonNode paths = BrowserTest.stats(ada).get("paths");
        assertThat(paths).hasSize(1);
        assertThat(paths.get(0).get("path").asText()).isEqualTo("relay");
        assertThat(page.evaluate(
                        "async () => (await window.sotto.stats()).paths.map(({ path, state }) => path + state)"))
                .isEqualTo(List.of("relayopen"));
        assertThat(at("alarm").count()).isZero();
        assertThat(ada.pageErrors).isEmpty();
        photograph();
    }

    private void openWindow() throws IOException {
        screen = new ProcessBuilder(
                        "Xvfb", "-displayfd", "1", "-screen", "0", "1400x900x24", "-nolisten", "tcp", "-noreset")
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
        // It writes its number once it takes connections.
        String number = screen.inputReader().readLine();
        if (number == null) throw new IOException("Xvfb did not start");
        display = ":" + number;
        int devTools = FreePort.tcp();
        ProcessBuilder app = new ProcessBuilder(
                        ProcessHandle.current().info().command().orElse("java"),
                        "--enable-native-access=ALL-UNNAMED",
                        "-Dorg.slf4j.simpleLogger.defaultLogLevel=warn",
                        "-Dorg.slf4j.simpleLogger.log.org.eclipse.jetty=error",
                        "-cp",
                        System.getProperty("java.class.path"),
                        "sotto.app.Main",
                        "run",
                        "--json",
                        "--profile",
                        folder.resolve("zoe").toString(),
                        "--server",
                        call.server.url(),
                        "--devtools-port",
                        Integer.toString(devTools))
                .redirectError(folder.resolve("log").toFile());
        app.environment().put("DISPLAY", display);
        window = app.start();
        new ObjectMapper().readTree(window.inputReader().readLine()).required("server");
        playwright = Playwright.create(
                new Playwright.CreateOptions().setEnv(Map.of("PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD", "1")));
        page = playwright
                .chromium()
                .connectOverCDP("http://127.0.0.1:" + devTools)
                .contexts()
                .getFirst()
                .pages()
                .getFirst();
        at("consent").waitFor();
        page.evaluate("globalThis.sottoSyntheticOptions = { person: " + WINDOW + ", width: 640, height: 360 };\n"
                + Person.resource("synthetic.js"));
    }

    private Locator at(String testId) {
        return page.locator("[data-testid=" + testId + "]").first();
    }

    private static void hears(Page where, int person) {
        Browser.until(where, RelayCall.SOON, () -> Boolean.TRUE.equals(where.evaluate("""
                async (person) => {
                  for (const audio of document.querySelectorAll("audio[data-participant][data-track=microphone]"))
                    if ((await sottoSynthetic.readTone(audio))?.person === person) return true;
                  return false;
                }""", person)));
    }

    /** For people who want to see it: {@code -Dsotto.test.screenshots=FOLDER}. Needs ImageMagick. */
    private void photograph() throws IOException, InterruptedException {
        String into = System.getProperty("sotto.test.screenshots");
        if (into == null) return;
        ProcessBuilder camera = new ProcessBuilder(
                "import", "-window", "root", Path.of(into, "relay-window.png").toString());
        camera.environment().put("DISPLAY", display);
        camera.start().waitFor(20, TimeUnit.SECONDS);
    }
}
