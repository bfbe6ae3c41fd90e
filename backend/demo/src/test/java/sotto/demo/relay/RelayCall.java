package sotto.demo.relay;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import sotto.demo.AppProcess;
import sotto.demo.Browser;
import sotto.demo.BrowserTest;
import sotto.demo.Person;
import sotto.demo.fault.TestCertificate;
import sotto.server.ServerSettings;
import sotto.server.SottoServer;
import sotto.server.relay.livekit.LiveKitProgram;

/** A server in this process, and people with real backends and pages. Everything that was shown and heard is noted. */
final class RelayCall implements AutoCloseable {
    static final double SOON = BrowserTest.SOON;
    private static final Duration RELAY_UP = Duration.ofSeconds(60);
    private static final List<String> NAMES = List.of("Ada", "Bruno", "Chiara", "Dario");

    /** Whose picture or tone stood under whose name, as which track. */
    record Shown(String under, String as, int sender, String track) {}

    final SottoServer server;
    private final Path folder = Files.createTempDirectory("sotto-relay-test-");
    private final Deque<AutoCloseable> closing = new ArrayDeque<>();
    private final Homes homes;
    private final TestCertificate certificate;
    private final Browser browser;
    private final List<Person> people = new ArrayList<>();
    private final Map<String, Integer> numbers = new HashMap<>();
    private final Set<String> pictured = new HashSet<>();
    private long good;

    RelayCall(ServerSettings settings) throws IOException {
        this(settings, null, null);
    }

    /**
     * @param homes in which people live, one in each; null if all live here
     * @param certificate of the server, which people's computers trust; null if it has none
     */
    RelayCall(ServerSettings settings, Homes homes, TestCertificate certificate) throws IOException {
        this.homes = homes;
        this.certificate = certificate;
        assumeLiveKit();
        server = ends(SottoServer.start(settings.withPort(0)));
        if (settings.relay().own().isPresent()) server.awaitRelay(RELAY_UP);
        browser = homes == null ? ends(new Browser()) : null;
    }

    static void assumeLiveKit() {
        assumeThat(LiveKitProgram.onThisMachine().present())
                .as("livekit-server is not there yet; this gets it: ./sotto relay --fetch")
                .isPresent();
    }

    <T extends AutoCloseable> T ends(T one) {
        closing.push(one);
        return one;
    }

    /** Somebody whose page is not open yet. */
    Person newcomer(String... before) throws IOException {
        String name = NAMES.get(people.size());
        int home = people.size();
        List<String> at = homes == null ? List.of() : homes.in(home);
        AppProcess app = ends(AppProcess.start(
                folder.resolve(name),
                server.url(),
                folder.resolve("log"),
                new AppProcess.Surroundings(at, certificate == null ? List.of() : certificate.java(), Map.of())));
        Browser own = homes == null ? browser : ends(Browser.ofItsOwn(at));
        app.awaitUrl();
        List<String> scripts = new ArrayList<>(List.of(script("seen.js")));
        scripts.addAll(List.of(before));
        Person person =
                ends(new Person(people.size() + 1, name, app, own, Person.Role.HONEST, scripts.toArray(String[]::new)));
        people.add(person);
        return person;
    }

    /** Somebody in the lobby. */
    Person person(String... before) throws IOException {
        Person person = newcomer(before);
        person.openLobby();
        return person;
    }

    /** Moves the call. */
    static void switchTo(Person one, String path) {
        if (one.at("privacy-panel").count() == 0) one.at("open-privacy").click();
        one.at("path-control").locator("label[data-path=" + path + "]").click();
        one.at("path-yes").click();
    }

    /** Waits until each of them has each other on this path alone. */
    static void awaitPath(String path, Person... all) {
        for (Person one : all)
            Browser.until(one.page, SOON, () -> {
                JsonNode paths = BrowserTest.stats(one).get("paths");
                return paths.size() == 1
                        && paths.get(0).get("path").asText().equals(path)
                        && paths.get(0).get("state").asText().equals("open");
            });
    }

    /** Waits until all see and hear each other, on this path alone. */
    static void awaitTalk(String path, Person... all) {
        awaitPath(path, all);
        BrowserTest.awaitPictures(all);
        for (Person at : all) for (Person of : all) if (at != of) awaitTone(at, of, "microphone");
    }

    /** Nobody has left this path for another one unasked. */
    static void assertPath(String path, Person... all) {
        for (Person one : all)
            for (JsonNode taken : BrowserTest.stats(one).get("paths"))
                assertThat(taken.get("path").asText())
                        .as(one.name + " goes no other way unasked")
                        .isEqualTo(path);
    }

    /** How often this person's connections, or seats at a relay, were given up for others. */
    static long rebuilds(Person one) {
        long most = 0;
        for (JsonNode peer : BrowserTest.stats(one).get("peers"))
            most = Math.max(most, peer.get("rebuilds").asLong());
        return most;
    }

    static String script(String file) {
        try (InputStream in = RelayCall.class.getResourceAsStream("/sotto/demo/relay/" + file)) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** What this person's page has shown and played since the last time. */
    List<Shown> seen(Person at) {
        for (JsonNode one : BrowserTest.stats(at).get("participants"))
            people.stream()
                    .filter(person -> person.name.equals(one.get("name").asText()))
                    .forEach(person -> numbers.put(one.get("id").asText(), person.number));
        List<Shown> shown = new ArrayList<>();
        for (JsonNode one : at.evaluate("() => window.sottoSeen.take()")) {
            String participant = one.get(0).asText();
            String name = one.get(4).asText(null);
            String under = name != null
                    ? name
                    : numbers.containsKey(participant) ? NAMES.get(numbers.get(participant) - 1) : participant;
            if (one.get(1).asText().equals("camera")) pictured.add(participant);
            shown.add(new Shown(
                    under, one.get(1).asText(), one.get(2).asInt(), one.get(3).asText()));
        }
        return shown;
    }

    static boolean right(Shown one) {
        return one.sender() >= 1
                && one.sender() <= NAMES.size()
                && NAMES.get(one.sender() - 1).equals(one.under())
                && one.as().equals(one.track());
    }

    /** Nothing of anybody stood under another's name or as another track, at any of them. */
    void assertNothingWrong(Person... all) {
        for (Person at : all) {
            List<Shown> shown = seen(at);
            assertThat(shown).as("shown at " + at.name).allMatch(RelayCall::right);
            good += shown.size();
        }
    }

    /** How many different right things {@link #assertNothingWrong} has looked at: none would prove nothing. */
    long looked() {
        return good;
    }

    /** How many cameras {@link #seen} has found so far; who comes again is another one. */
    int pictured() {
        return pictured.size();
    }

    /** Waits until {@code at} hears the tone of this track of {@code of}. */
    static void awaitTone(Person at, Person of, String track) {
        Browser.until(at.page, SOON, () -> {
            for (JsonNode tone : at.evaluate("() => window.sottoSeen.listen()"))
                if (tone.get(2).asInt() == of.number && tone.get(3).asText().equals(track)) return true;
            return false;
        });
    }

    /** Waits until {@code at} sees a screen that {@code of} has painted within the last second. */
    static void awaitScreen(Person at, Person of) {
        Browser.until(at.page, SOON, () -> seesScreen(at, of));
    }

    static boolean seesScreen(Person at, Person of) {
        return (Boolean) at.page.evaluate("""
                (number) => [...document.querySelectorAll("video[data-participant][data-track=screen]")]
                  .filter((video) => video.dataset.own !== "true")
                  .map((video) => window.sottoSynthetic.readBarcode(video))
                  .some((code) => code && code.sender === number && code.track === "screen" && code.ageMs < 1000)""", of.number);
    }

    /** For whoever reads of a failure. */
    void tellStories() {
        for (Person person : people)
            try {
                System.err.println(person.story());
            } catch (RuntimeException gone) {
                System.err.println(person.name + ": " + gone.getMessage());
            }
    }

    @Override
    public void close() throws IOException {
        while (!closing.isEmpty())
            try {
                closing.pop().close();
            } catch (Exception e) {
                throw new IOException("something of the test did not end", e);
            }
        try (Stream<Path> all = Files.walk(folder)) {
            for (Path one : all.sorted(Comparator.reverseOrder()).toList()) Files.deleteIfExists(one);
        }
    }
}
