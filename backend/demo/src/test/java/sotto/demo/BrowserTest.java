package sotto.demo;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.extension.AfterTestExecutionCallback;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** People with real backends and real pages, in one browser per class; all that a test starts ends with it. */
@Tag("slow")
public abstract class BrowserTest {
    /** For what takes a second or two, on a machine that does five other things. */
    public static final double SOON = 20_000;

    static Browser browser;

    @TempDir
    Path folder;

    private final Deque<AutoCloseable> closing = new ArrayDeque<>();
    private final List<Person> people = new ArrayList<>();

    /** What everybody saw helps whoever reads of a failure. */
    @RegisterExtension
    final AfterTestExecutionCallback stories = context -> {
        if (context.getExecutionException().isEmpty()) return;
        for (Person person : people) {
            try {
                System.err.println(person.story());
            } catch (RuntimeException gone) {
                System.err.println(person.name + ": " + gone.getMessage());
            }
            System.err.println(Files.readString(log(person.name)));
        }
    };

    @BeforeAll
    static void openBrowser() throws IOException {
        browser = new Browser();
    }

    @AfterAll
    static void closeBrowser() {
        browser.close();
    }

    @AfterEach
    void endAll() throws Exception {
        while (!closing.isEmpty()) closing.pop().close();
    }

    ServerProcess server(String... options) throws IOException {
        return ends(ServerProcess.start(options));
    }

    <T extends AutoCloseable> T ends(T one) {
        closing.push(one);
        return one;
    }

    Path log(String name) {
        return folder.resolve(name + ".log");
    }

    Path profile(String name) {
        return folder.resolve(name);
    }

    AppProcess app(String name, String server, String... options) throws IOException {
        return ends(AppProcess.start(profile(name), server, log(name), options));
    }

    /** Somebody whose page is not open yet. */
    Person newcomer(String name, String server, Person.Role role, String... before) throws IOException {
        AppProcess app = app(name, server);
        app.awaitUrl();
        Person person = ends(new Person(people.size() + 1, name, app, browser, role, before));
        people.add(person);
        return person;
    }

    /** Somebody in the lobby with a name. */
    Person person(String name, String server, Person.Role role, String... before) throws IOException {
        Person person = newcomer(name, server, role, before);
        person.openLobby();
        return person;
    }

    Person person(String name, String server) throws IOException {
        return person(name, server, Person.Role.HONEST);
    }

    /** Waits until each of them sees a fresh picture of each other. */
    public static void awaitPictures(Person... present) {
        for (Person at : present) for (Person of : present) if (at != of) awaitPicture(at, of);
    }

    /** Waits until {@code at} sees a picture that {@code of} has painted within the last second. */
    public static void awaitPicture(Person at, Person of) {
        Browser.until(
                at.page, SOON, () -> seesFresh(at, of), () -> ": " + at.name + " sees no fresh picture of " + of.name);
    }

    /**
     * Waits until each of them sees a picture of each other that was painted after a moment: whatever carried the call until
     * then, and is gone, has no part in it.
     *
     * @param moment by {@link System#nanoTime}
     */
    public static void awaitPicturesSince(long moment, Person... present) {
        for (Person at : present)
            for (Person of : present)
                if (at != of)
                    Browser.until(
                            at.page,
                            SOON,
                            () -> sees(at.page, of.number, (System.nanoTime() - moment) / 1e6),
                            () -> ": " + at.name + " sees no new picture of " + of.name);
    }

    public static boolean seesFresh(Person at, Person of) {
        return seesFresh(at.page, of.number);
    }

    public static boolean seesFresh(com.microsoft.playwright.Page page, int number) {
        return sees(page, number, 1_000);
    }

    /** @param painted at most so many milliseconds ago */
    private static boolean sees(com.microsoft.playwright.Page page, int number, double painted) {
        return (Boolean) page.evaluate("""
                ([number, painted]) => [...document.querySelectorAll("video[data-participant][data-track=camera]")]
                  .filter((video) => video.dataset.own !== "true")
                  .map((video) => window.sottoSynthetic.readBarcode(video))
                  .some((code) => code && code.sender === number && code.track === "camera" && code.ageMs < painted)""", List.of(number, painted));
    }

    public static JsonNode stats(Person person) {
        return person.evaluate("() => window.sotto.stats()");
    }

    public static long epoch(Person person) {
        return stats(person).get("epoch").asLong(-1);
    }

    /** Camera frames of everybody else that this person's browser has decoded on its present connections. */
    public static long decoded(Person person) {
        long frames = 0;
        for (JsonNode peer : stats(person).get("peers"))
            for (JsonNode one : peer.get("received"))
                if (one.get("track").asText().equals("camera"))
                    frames += one.get("framesDecoded").asLong();
        return frames;
    }

    /** Waits until so many more camera frames were decoded. */
    public static void awaitDecoded(Person person, int more) {
        long before = decoded(person);
        Browser.until(person.page, SOON, () -> decoded(person) >= before + more);
    }
}
