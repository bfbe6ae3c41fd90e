package sotto.demo;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** What a person is told when something is not as it should be, and that there is a way on. */
class BadInputTest extends BrowserTest {
    private static final String ROOM = "/j/AAAAAAAAAAAAAAAAAAAAAA";
    private static final String SECRET = "#AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA.dAAAAAAAAAAAAAAAAAAAAAA";

    /** Makes capture fail in the way that {@code cameraFails} names, as browsers tell it. */
    private static final String FAILING_CAMERA = """
            {
              globalThis.cameraFails = "NotAllowedError";
              const real = navigator.mediaDevices.getUserMedia;
              const value = async (constraints) => {
                if (constraints.video && globalThis.cameraFails) throw new DOMException("no", globalThis.cameraFails);
                return real(constraints);
              };
              Object.defineProperty(navigator.mediaDevices, "getUserMedia", { value, configurable: true });
            }
            """;

    @Test
    void eachWayALinkCanBeWrongHasItsOwnWordsAtTheField() throws Exception {
        Person ada = person("Ada", server().url());
        assertThat(ada.at("join").isDisabled()).as("nothing to join with").isTrue();
        Map<String, String> wrong = new LinkedHashMap<>();
        wrong.put("https://sotto.example/j/" + "A".repeat(600), "characters, more than");
        wrong.put("come over!", "not a URL");
        wrong.put("ftp://sotto.example" + ROOM + SECRET, "must begin with https://");
        wrong.put("http://sotto.example" + ROOM + SECRET, "http is for this machine only");
        wrong.put("https://sotto_example" + ROOM + SECRET, "no valid host");
        wrong.put("https://me@sotto.example" + ROOM + SECRET, "user name");
        wrong.put("https://sotto.example/rooms/1" + SECRET, "/j/ is missing");
        wrong.put("https://sotto.example/j/1" + SECRET, "room id");
        wrong.put("https://sotto.example" + ROOM, "after # is missing");
        wrong.put("https://sotto.example" + ROOM + "#short", "43 characters");
        Set<String> words = new HashSet<>();
        wrong.forEach((link, reason) -> {
            ada.join(link);
            Browser.until(
                    ada.page,
                    SOON,
                    () -> ada.at("link-problem").count() > 0
                            && ada.at("link-problem").innerText().contains(reason));
            words.add(ada.at("link-problem").innerText());
        });
        assertThat(words).hasSameSizeAs(wrong.keySet());
        assertThat(ada.pageErrors).isEmpty();
    }

    @Test
    void aServerThatIsAwayOrNoneIsToldAndAnotherRoomCanBeEntered() throws Exception {
        Person ada = person("Ada", server().url());
        ada.join("http://127.0.0.1:" + FreePort.tcp() + ROOM + SECRET);
        assertThat(lobbyProblem(ada, "server.away")).contains("cannot be reached", "Check the network");

        HttpServer other = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        other.start();
        try {
            ada.join("http://127.0.0.1:" + other.getAddress().getPort() + ROOM + SECRET);
            assertThat(lobbyProblem(ada, "server.away"))
                    .contains(String.valueOf(other.getAddress().getPort()));
        } finally {
            other.stop(0);
        }
        ada.newRoom();
        ada.leave();
    }

    @Test
    void aServerOfAnotherVersionIsToldAsSuch() throws Exception {
        Person ada = person("Ada", server().url());
        try (OtherVersionServer server = new OtherVersionServer()) {
            ada.join(server.url() + ROOM + SECRET);
            assertThat(lobbyProblem(ada, "server.version")).contains("do not speak the same version", "Update");
        }
        ada.newRoom();
        ada.leave();
    }

    @Test
    void aFullRoomIsToldToWhoComesLastAndTheCallInItGoesOn() throws Exception {
        ServerProcess server = server("--max-people", "2");
        Person ada = person("Ada", server.url());
        Person bruno = person("Bruno", server.url());
        Person chiara = person("Chiara", server.url());
        String link = ada.newRoom();
        bruno.join(link);
        awaitPictures(ada, bruno);
        chiara.join(link);
        assertThat(lobbyProblem(chiara, "room.full")).contains("The room is full");
        awaitPictures(ada, bruno);
        chiara.newRoom();
    }

    @Test
    void aCameraThatIsRefusedBusyOrMissingIsToldAndOneCanJoinWithoutIt() throws Exception {
        ServerProcess server = server();
        Person ada = person("Ada", server.url(), Person.Role.HONEST, FAILING_CAMERA);
        Person bruno = person("Bruno", server.url());
        assertThat(cameraTrouble(ada, "refused")).contains("not allowed");
        for (var failure :
                Map.of("NotReadableError", "busy", "NotFoundError", "missing").entrySet()) {
            ada.page.evaluate("(name) => { globalThis.cameraFails = name; }", failure.getKey());
            ada.at("retry-devices").click();
            assertThat(cameraTrouble(ada, failure.getValue())).containsAnyOf("in use elsewhere", "no camera");
        }
        bruno.join(ada.newRoom());
        awaitPicture(ada, bruno);
        Browser.until(bruno.page, SOON, () -> hears(bruno, ada));
        // The way on: the camera is free again.
        ada.page.evaluate("() => { globalThis.cameraFails = null; }");
        ada.at("toggle-camera").click();
        awaitPicture(bruno, ada);
    }

    @Test
    void aBrowserWithoutScriptTransformsIsRefusedInWords() throws Exception {
        Person ada = newcomer("Ada", server().url(), Person.Role.HONEST, "delete globalThis.RTCRtpScriptTransform;");
        ada.page.navigate(ada.app.url());
        ada.see("closed");
        assertThat(ada.at("closed").innerText())
                .contains(
                        "can’t encrypt calls frame by frame",
                        "Nothing was sent".toLowerCase(java.util.Locale.ROOT),
                        "Chromium");
        assertThat(ada.page.locator("video").count()).isZero();
    }

    @Test
    void aSecondStartAPortInUseAndABrokenProfileEndWithTheirOwnCodesAndWords() throws Exception {
        AppProcess first = app("Ada", "http://127.0.0.1:1");
        first.awaitUrl();
        AppProcess second = ends(AppProcess.start(profile("Ada"), "http://127.0.0.1:1", log("second")));
        assertThat(second.exitCode()).isEqualTo(3);
        assertThat(Files.readString(log("second")))
                .contains("in use", "--profile FOLDER")
                .doesNotContain("\tat ");
        int taken = java.net.URI.create(first.url()).getPort();
        AppProcess third = app("Bruno", "http://127.0.0.1:1", "--port", String.valueOf(taken));
        assertThat(third.exitCode()).isEqualTo(5);
        assertThat(Files.readString(log("Bruno")))
                .contains("in use by another program", "--port")
                .doesNotContain("\tat ");
        first.close();

        try (DirectoryStream<Path> records = Files.newDirectoryStream(profile("Ada"), "*.record")) {
            for (Path record : records) Files.write(record, new byte[] {1, 2, 3});
        }
        AppProcess broken = ends(AppProcess.start(profile("Ada"), "http://127.0.0.1:1", log("broken")));
        assertThat(broken.exitCode()).isEqualTo(4);
        assertThat(Files.readString(log("broken")))
                .contains("damaged", "--profile FOLDER")
                .doesNotContain("\tat ");
    }

    /** Waits for this problem in the lobby, and returns its words. */
    private static String lobbyProblem(Person person, String code) {
        person.see("lobby-problem");
        assertThat(person.page
                        .locator("[data-testid=lobby-problem] [data-problem]")
                        .getAttribute("data-problem"))
                .isEqualTo(code);
        return person.at("lobby-problem").innerText();
    }

    private static String cameraTrouble(Person person, String kind) {
        person.page
                .locator("[data-testid=camera-trouble][data-trouble=" + kind + "]")
                .waitFor();
        return person.at("camera-trouble").innerText();
    }

    private static boolean hears(Person at, Person of) {
        return at.evaluate("""
                async () => {
                  for (const element of document.querySelectorAll("audio[data-track=microphone]")) {
                    if (!element.srcObject?.getAudioTracks().length) continue;
                    const tone = await window.sottoSynthetic.readTone(element);
                    if (tone) return tone;
                  }
                  return null;
                }""").path("person").asInt(-1) == of.number;
    }
}
