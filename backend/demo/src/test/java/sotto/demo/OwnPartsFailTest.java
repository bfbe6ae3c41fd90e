package sotto.demo;

import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Route;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestReporter;

/** Page, frame worker and backend of one person fail in the middle of a call. */
class OwnPartsFailTest extends BrowserTest {
    /** Keeps hold of the page's workers, so that a test can end one as a crash would. */
    private static final String WORKERS = """
            {
              globalThis.workersOfThisPage = [];
              const Real = globalThis.Worker;
              globalThis.Worker = class extends Real {
                constructor(...about) {
                  super(...about);
                  globalThis.workersOfThisPage.push(this);
                }
              };
            }
            """;

    @Test
    void aReloadedPageIsBackInTheCallWithFreshKeys(TestReporter report) throws Exception {
        ServerProcess server = server();
        Person ada = person("Ada", server.url());
        Person bruno = person("Bruno", server.url());
        bruno.join(ada.newRoom());
        awaitPictures(ada, bruno);
        long before = epoch(bruno);

        long start = System.nanoTime();
        bruno.page.reload();
        bruno.see("call");
        awaitPicture(bruno, ada);
        awaitPicture(ada, bruno);
        report.publishEntry(
                "pictures both ways after a reload, ms", String.valueOf((System.nanoTime() - start) / 1_000_000));
        assertThat(epoch(bruno)).isGreaterThan(before);
        assertThat(epoch(ada)).isEqualTo(epoch(bruno));
        assertNoSendKeyTwice(ada);
        assertNoSendKeyTwice(bruno);
    }

    @Test
    void aKilledWorkerLetsNothingOutAndIsReplacedWithFreshKeys() throws Exception {
        ServerProcess server = server();
        Person tap = person("Ada", server.url(), Person.Role.WIRE_TAP);
        Person victim = person("Bruno", server.url(), Person.Role.HONEST, WORKERS);
        victim.join(tap.newRoom());
        awaitPictures(tap, victim);
        long before = epoch(victim);
        // The replacement is held up, so that the time without a worker is as long as this test wants it.
        AtomicReference<Route> held = new AtomicReference<>();
        AtomicBoolean holding = new AtomicBoolean(true);
        victim.page.route("**/frame-worker.js", route -> {
            if (holding.get()) held.set(route);
            else route.resume();
        });

        victim.page.evaluate("() => workersOfThisPage.at(-1).terminate()");
        victim.see("worker-away");
        Browser.until(victim.page, SOON, () -> held.get() != null);
        Browser.until(tap.page, SOON, () -> !seesFresh(tap, victim));
        long shown = decoded(tap);
        long wire = seen(tap);
        long painted = painted(victim);
        Browser.until(victim.page, SOON, () -> painted(victim) >= painted + 30);
        // The connection may be built anew meanwhile, and counts from 0 then.
        assertThat(decoded(tap)).as("pictures that the other side decoded").isLessThanOrEqualTo(shown);
        assertThat(seen(tap)).as("frames that travelled").isEqualTo(wire);

        holding.set(false);
        held.get().resume();
        victim.gone("worker-away");
        awaitPictures(tap, victim);
        assertThat(epoch(victim)).isGreaterThan(before);
        assertNoSendKeyTwice(victim);
        var onTheWire = tap.evaluate("() => window.sottoTap.listen('wire')");
        assertThat(onTheWire.get("seen").asInt()).isPositive();
        assertThat(onTheWire.get("found").asInt()).isZero();
        assertThat(onTheWire.get("toneShare").asDouble()).isLessThan(0.5);
        assertThat(tap.evaluate("() => window.sottoTap.listen('control')")
                        .get("found")
                        .asInt())
                .as("bar codes that the tap can read where it should")
                .isPositive();
    }

    @Test
    void aKilledBackendEndsTheCallOfItsPageInWordsAndTheOthersSeeItGo() throws Exception {
        ServerProcess server = server();
        Person tap = person("Ada", server.url(), Person.Role.WIRE_TAP);
        Person victim = person("Bruno", server.url());
        victim.join(tap.newRoom());
        awaitPictures(tap, victim);

        victim.app.kill();
        victim.see("lost");
        assertThat(victim.at("lost").innerText()).contains("ended on this computer", "Nothing was sent unencrypted");
        assertThat(victim.page.locator("video").count()).isZero();
        Browser.until(tap.page, SOON, () -> stats(tap).get("participants").size() == 1);
        assertThat(tap.page.locator("video[data-own=false]").count()).isZero();
        assertThat(tap.at("alarm").count()).isZero();
        var onTheWire = tap.evaluate("() => window.sottoTap.listen('wire')");
        assertThat(onTheWire.get("seen").asInt()).isPositive();
        assertThat(onTheWire.get("found").asInt()).isZero();
        assertThat(onTheWire.get("toneShare").asDouble()).isLessThan(0.5);
    }

    /** Non-empty frames that reached this person's worker. */
    private static long seen(Person tap) {
        return tap.evaluate("() => window.sottoTap.counts()").get("wire").asLong();
    }

    /** Frames that the synthetic camera has shown on the own tile. */
    private static long painted(Person person) {
        return ((Number)
                        person.page.evaluate(
                                "() => document.querySelector('video[data-own=true]').getVideoPlaybackQuality().totalVideoFrames"))
                .longValue();
    }

    private static final Pattern EVENT =
            Pattern.compile("\\s*\\d+  \\S+ \\S+  (?<event>\\S+) +(?<key>\\S+) +(?<detail>.*)");

    /** Not one send key left the backend twice, and none was derived twice. */
    private static void assertNoSendKeyTwice(Person person) throws IOException {
        List<Matcher> events = person.app.journal().stream()
                .map(EVENT::matcher)
                .filter(Matcher::matches)
                .toList();
        List<Matcher> derived = events.stream()
                .filter(event -> event.group("event").equals("derived"))
                .filter(event -> event.group("detail").startsWith("send "))
                .toList();
        assertThat(derived).isNotEmpty();
        // Leaf, track, epoch and root: the very key, whatever number the journal gave it.
        assertThat(derived).extracting(event -> event.group("detail")).doesNotHaveDuplicates();
        Map<String, Long> delivered = events.stream()
                .filter(event -> event.group("event").equals("delivered"))
                .collect(Collectors.groupingBy(event -> event.group("key"), Collectors.counting()));
        for (Matcher key : derived)
            assertThat(delivered.getOrDefault(key.group("key"), 0L))
                    .as("deliveries of " + key.group("key"))
                    .isLessThanOrEqualTo(1);
        assertThat(delivered.keySet())
                .containsAnyElementsOf(
                        derived.stream().map(key -> key.group("key")).toList());
    }
}
