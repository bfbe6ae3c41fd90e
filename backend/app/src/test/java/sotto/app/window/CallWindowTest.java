package sotto.app.window;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.javalin.Javalin;
import java.io.File;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
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
import sotto.bridge.messages.BackendToPage.ScreenSource;

/**
 * The real window on a virtual screen, driven through DevTools. One window for all tests, since each start takes
 * seconds; the last two crash its renderer and close it.
 */
@Tag("slow")
@Timeout(value = 120)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class CallWindowTest {
    private static final String PAGE = """
            <!doctype html><title>Sotto test page</title>
            <body style="background: rgb(200, 40, 90)"><h1>Our page</h1>
            <script src="/page.js"></script>
            """;

    private final Semaphore pageLoads = new Semaphore(0);
    private final Queue<String> outside = new ConcurrentLinkedQueue<>();
    private final Queue<String> frames = new ConcurrentLinkedQueue<>();

    @TempDir
    static Path folder;

    private VirtualScreen screen;
    private Javalin own;
    private Javalin foreign;
    private Process window;
    private DevTools devTools;

    @BeforeAll
    void openWindow() throws Exception {
        own = Javalin.create(config -> {
            config.startup.showJavalinBanner = false;
            config.routes.get("/open/secret", context -> context.redirect("/#token"));
            config.routes.get("/", context -> context.html(PAGE));
            config.routes.get(
                    "/page.js",
                    context -> context.contentType("text/javascript")
                            .result("addEventListener('load', () => fetch('/loaded'))"));
            config.routes.get("/loaded", context -> pageLoads.release());
            config.routes.get(
                    "/away", context -> context.redirect("http://127.0.0.1:" + foreign.port() + "/redirected"));
            config.routes.get("/frame", context -> frames.add(context.url()));
            config.routes.get(
                    "/file",
                    context -> context.header("Content-Disposition", "attachment; filename=x.bin")
                            .result("content"));
        });
        own.start("127.0.0.1", 0);
        foreign = Javalin.create(config -> {
            config.startup.showJavalinBanner = false;
            config.routes.get("/<path>", context -> {
                outside.add(context.url());
                context.header("Access-Control-Allow-Origin", "*").result("foreign");
            });
        });
        foreign.start("127.0.0.1", 0);
        screen = new VirtualScreen();
        int devToolsPort;
        try (ServerSocket free = new ServerSocket(0)) {
            devToolsPort = free.getLocalPort();
        }
        ProcessBuilder builder = new ProcessBuilder(
                System.getProperty("java.home") + File.separator + "bin" + File.separator + "java",
                "--enable-native-access=ALL-UNNAMED",
                "-cp",
                System.getProperty("java.class.path"),
                WindowProgram.class.getName(),
                "http://127.0.0.1:" + own.port() + "/open/secret",
                folder.toString(),
                Integer.toString(devToolsPort));
        builder.environment().put("DISPLAY", screen.display());
        builder.redirectErrorStream(true)
                .redirectOutput(folder.resolve("window.log").toFile());
        window = builder.start();
        awaitPageLoad();
        devTools = new DevTools(devToolsPort);
    }

    @AfterAll
    void closeAll() throws Exception {
        if (devTools != null) devTools.close();
        if (window != null) {
            window.destroyForcibly();
            System.out.println(Files.readString(folder.resolve("window.log")));
        }
        if (screen != null) screen.close();
        own.stop();
        foreign.stop();
    }

    private void awaitPageLoad() throws InterruptedException {
        assertThat(pageLoads.tryAcquire(60, TimeUnit.SECONDS))
                .as("the page loaded in the window")
                .isTrue();
    }

    @Test
    @Order(1)
    void showsTheAppsOwnPage() throws Exception {
        assertThat(devTools.evaluate("document.title").asText()).isEqualTo("Sotto test page");
        assertThat(devTools.evaluate("location.hash").asText()).isEqualTo("#token");
        assertThat(devTools.evaluate("isSecureContext && 'RTCRtpScriptTransform' in window")
                        .asBoolean())
                .isTrue();
        String keep = System.getProperty("sotto.test.screenshot");
        if (keep != null) screen.photograph(Path.of(keep));
    }

    @Test
    @Order(2)
    void loadsNothingFromAnotherOrigin() throws Exception {
        String other = "http://127.0.0.1:" + foreign.port();
        String attempt = """
                (async () => {
                  const outcome = [];
                  const tried = (name, promise) => promise.then(() => outcome.push(name), () => {});
                  await tried("fetch", fetch("%1$s/fetch"));
                  await tried("no-cors fetch", fetch("%1$s/no-cors", { mode: "no-cors" }));
                  await tried("by name", fetch("http://localhost:%2$d/name", { mode: "no-cors" }));
                  await tried("by outside name", fetch("http://example.com/", { mode: "no-cors" }));
                  for (const [tag, attribute] of [["img", "src"], ["script", "src"], ["link", "href"], ["video", "src"]]) {
                    await tried(tag, new Promise((loaded, failed) => {
                      const element = document.createElement(tag);
                      element.onload = element.onloadeddata = loaded;
                      element.onerror = failed;
                      if (tag === "link") element.rel = "stylesheet";
                      element[attribute] = "%1$s/" + tag;
                      document.body.append(element);
                    }));
                  }
                  await tried("redirect", fetch("/away"));
                  return outcome;
                })()
                """.formatted(other, foreign.port());
        assertThat(devTools.evaluate(attempt)).isEmpty();
        assertThat(outside).isEmpty();
    }

    @Test
    @Order(3)
    void goesNowhereElse() throws Exception {
        String other = "http://127.0.0.1:" + foreign.port() + "/page";
        for (String url : List.of(other, "http://example.com/", "file:///etc/passwd", "chrome://version")) {
            JsonNode answer = devTools.call("Page.navigate", DevTools.object().put("url", url))
                    .get(20, TimeUnit.SECONDS);
            assertThat(answer.path("errorText").asText()).as(url).isNotEmpty();
        }
        devTools.evaluate("location.href = '" + other + "'");
        devTools.evaluate("document.body.insertAdjacentHTML('beforeend', '<form method=post action=" + other
                + "></form>'), document.forms[0].submit()");
        assertThat(devTools.evaluate("fetch('/loaded').then(() => location.origin)")
                        .asText())
                .isEqualTo("http://127.0.0.1:" + own.port());
        assertThat(outside).isEmpty();
    }

    @Test
    @Order(4)
    void opensNoPopUpFrameDialogOrDownload() throws Exception {
        assertThat(devTools.evaluate("String(window.open('/', '_blank'))").asText())
                .isEqualTo("null");
        assertThat(devTools.evaluate("confirm('really?')").asBoolean()).isFalse();
        String frame = """
                new Promise(done => {
                  const frame = document.createElement("iframe");
                  frame.src = "/frame";
                  frame.onload = done;
                  document.body.append(frame);
                  fetch("/loaded").then(done);
                }).then(() => true)
                """;
        assertThat(devTools.evaluate(frame).asBoolean()).isTrue();
        devTools.evaluate(
                "document.body.insertAdjacentHTML('beforeend', '<a id=a download href=/file>x</a>'), a.click()");
        assertThat(devTools.evaluate("fetch('/loaded').then(() => location.pathname)")
                        .asText())
                .isEqualTo("/");
        assertThat(frames).isEmpty();
        assertThat(devTools.pages()).hasSize(1);
    }

    @Test
    @Order(5)
    void capturesAWindowFromThePickersList() throws Exception {
        Process terminal = screen.start("xterm", "-T", "Shared terminal");
        try {
            screen.awaitWindow("Shared terminal");
            List<ScreenSource> listed = X11Windows.list(screen.display(), window.pid());
            assertThat(listed).extracting(ScreenSource::title).containsExactly("Shared terminal");
            String capture = """
                    navigator.mediaDevices.getUserMedia({ video: { mandatory: {
                      chromeMediaSource: "desktop", chromeMediaSourceId: "%s" } } })
                      .then(stream => stream.getVideoTracks()[0].readyState)
                    """;
            for (String id : List.of(listed.getFirst().id(), ScreenSources.WHOLE_SCREEN))
                assertThat(devTools.evaluate(capture.formatted(id)).asText())
                        .as(id)
                        .isEqualTo("live");
            assertThat(X11Windows.list(screen.display(), terminal.pid()))
                    .extracting(ScreenSource::title)
                    .containsExactly("Sotto test page");
        } finally {
            terminal.destroy();
        }
    }

    @Test
    @Order(6)
    void bringsThePageBackAfterItsProcessHasCrashed() throws Exception {
        pageLoads.drainPermits();
        devTools.call("Page.crash");
        awaitPageLoad();
    }

    @Test
    @Order(7)
    void endsWithTheProcessWhenTheUserClosesItAndRemembersItsSize() throws Exception {
        devTools.close();
        try (var in = window.outputWriter()) {
            in.write("close\n");
        }
        assertThat(window.waitFor(30, TimeUnit.SECONDS)).isTrue();
        assertThat(window.exitValue()).isZero();
        assertThat(folder.resolve("window.log")).content().doesNotContain("has not ended");
        assertThat(Files.readString(folder.resolve("window.properties"))).contains("width=1120");
    }
}
