package sotto.demo.relay;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import sotto.demo.AppProcess;
import sotto.demo.Browser;
import sotto.demo.KeySearch;
import sotto.demo.Person;
import sotto.keys.identity.Identities;
import sotto.keys.identity.Identity;
import sotto.keys.journal.KeyJournal;
import sotto.keys.store.FileProfileStore;
import sotto.keys.store.ProfileStore;
import sotto.server.ServerSettings;
import sotto.server.SottoServer;

/**
 * Two people have two calls through a relay, from the same pages. All that the relay was sent is searched for who they
 * are, and for anything that tells that the calls are of the same people.
 */
@Tag("slow")
class WhatTheRelayLearnsTest {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final double SOON = 30_000;
    private static final Duration RELAY_STARTS_WITHIN = Duration.ofMinutes(2);
    private static final int PACKETS = 300;

    /** The only header extensions: which track, which layer, and when it was sent, for the bandwidth. */
    private static final Set<String> AUDIO_EXTENSIONS = Set.of("urn:ietf:params:rtp-hdrext:sdes:mid");

    private static final Set<String> EXTENSIONS = Set.of(
            "urn:ietf:params:rtp-hdrext:sdes:mid",
            "urn:ietf:params:rtp-hdrext:sdes:rtp-stream-id",
            "urn:ietf:params:rtp-hdrext:sdes:repaired-rtp-stream-id",
            "http://www.webrtc.org/experiments/rtp-hdrext/abs-send-time",
            "http://www.ietf.org/id/draft-holmer-rmcat-transport-wide-cc-extensions-01");

    private static final String DATA_CHANNELS = """
            async () => {
              let channels = 0;
              let messages = 0;
              for (const connection of globalThis.sottoConnections)
                for (const one of (await connection.getStats()).values())
                  if (one.type === "data-channel") {
                    channels += 1;
                    messages += one.messagesSent;
                  }
              return { channels, messages };
            }
            """;

    /** Of system and browser. */
    private static final List<String> SYSTEMS =
            List.of("Mozilla", "Chrom", "Headless", "AppleWebKit", "Linux", "Windows", "Macintosh", "x86_64", "Java");

    @TempDir
    Path folder;

    /** One call: what each of the two said to the relay, and what the relay answered to both. */
    private record Call(Said ada, Said bruno, String answers) {}

    private final List<byte[]> secrets = new ArrayList<>();

    @Test
    void theRelayLearnsNeitherWhoIsInACallNorThatTwoCallsAreOfTheSamePeople() throws Exception {
        Call first;
        Call second;
        try (RelayTap tap = new RelayTap();
                SottoServer server = SottoServer.start(
                        ServerSettings.defaults().withPort(0).withMetrics(false).withRelay(tap.relay()), null);
                Browser browser = new Browser()) {
            server.awaitRelay(RELAY_STARTS_WITHIN);
            try (Person ada = person(1, "Margarete Hollander", server, browser);
                    Person bruno = person(2, "Konstantin Sarti-Weiss", server, browser)) {
                // Each makes one of the rooms: what only the first in a room says is no trait of a person.
                try {
                    List<Said> one = call(tap, ada, bruno);
                    first = new Call(one.get(0), one.get(1), answers(tap));
                    List<Said> other = call(tap, bruno, ada);
                    second = new Call(other.get(1), other.get(0), answers(tap));
                } catch (RuntimeException | AssertionError failed) {
                    System.err.println(ada.story() + "\n" + bruno.story());
                    throw failed;
                }
            }
        }
        List<Said> all = List.of(first.ada, first.bruno, second.ada, second.bruno);
        for (Said said : all) {
            assertThat(said.rtp).isGreaterThan(PACKETS / 2);
            isNobody(said);
            tellsNothingOfTheContent(said);
            hasATicketForOneCall(said);
        }
        // A search that could not find anything would prove nothing.
        assertThat(first.answers).contains(claim(first.ada, "sub"), claim(first.bruno, "sub"));
        assertThat(new KeySearch(List.of("urn:ietf:params:rtp-hdrext:sdes:mid".getBytes(UTF_8)))
                        .findsIn(first.ada.signalling))
                .isTrue();

        assertThat(links(first.ada, second.ada, first.bruno, second.bruno)).isEmpty();
        assertThat(links(first.bruno, second.bruno, first.ada, second.ada)).isEmpty();
        assertThat(shared(first.ada, first.ada)).containsAll(first.ada.stun);
        assertThat(all.stream().map(said -> claim(said, "sub")).distinct()).hasSize(4);
        assertThat(room(first.ada)).isEqualTo(room(first.bruno)).isNotEqualTo(room(second.ada));
    }

    private Person person(int number, String name, SottoServer server, Browser browser) throws IOException {
        Path profile = folder.resolve(name);
        try (ProfileStore store = FileProfileStore.open(profile);
                Identity identity = Identities.loadOrCreate(store, new KeyJournal(Clock.systemUTC(), 100))) {
            // Without the byte that says which curve.
            byte[] key = identity.publicKey().bytes();
            secrets.add(Arrays.copyOfRange(key, 1, key.length));
            String fingerprint = identity.publicKey().fingerprint();
            secrets.add(fingerprint.getBytes(UTF_8));
            secrets.add(fingerprint.replace(" ", "").getBytes(UTF_8));
        }
        secrets.add(name.getBytes(UTF_8));
        for (String part : name.split(" ")) secrets.add(part.getBytes(UTF_8));
        AppProcess app = AppProcess.start(profile, server.url(), folder.resolve(name + ".log"));
        app.awaitUrl();
        Person person = new Person(number, name, app, browser, Person.Role.HONEST, RelayCall.script("connections.js"));
        person.openLobby();
        return person;
    }

    /** A call with pictures both ways; what the maker and the guest said to the relay. */
    private List<Said> call(RelayTap tap, Person maker, Person guest) {
        int connections = tap.connections.size();
        tap.packets.clear();
        String link = maker.newRoom("relay");
        Browser.until(maker.page, SOON, () -> open(maker));
        int ofMaker = tap.connections.size();
        guest.join(link);
        Browser.until(guest.page, SOON, () -> seesFresh(maker, guest) && seesFresh(guest, maker));
        Browser.until(guest.page, SOON, () -> said(tap, connections).rtp > PACKETS && said(tap, ofMaker).rtp > PACKETS);
        remember(link, stats(maker));
        for (Person one : List.of(maker, guest)) {
            JsonNode data = one.evaluate(DATA_CHANNELS);
            assertThat(data.get("channels").asInt())
                    .as("the client opens some, unasked")
                    .isPositive();
            assertThat(data.get("messages").asInt()).isZero();
        }
        maker.leave();
        guest.leave();
        assertThat(tap.connections).as("one stay each").hasSize(connections + 2);
        return List.of(said(tap, connections), said(tap, ofMaker));
    }

    private static Said said(RelayTap tap, int connection) {
        return new Said(tap.connections.get(connection), tap.packets);
    }

    private void remember(String link, JsonNode stats) {
        String path = link.substring(link.indexOf("/j/") + 3);
        // Room, secret, and path with the maker's tag; the path's letter alone could stand anywhere.
        String[] parts = path.split("[#.]");
        for (String part : List.of(parts[0], parts[1], parts[2].substring(1))) secrets.add(part.getBytes(UTF_8));
        stats.get("participants")
                .forEach(one -> secrets.add(one.get("id").asText().getBytes(UTF_8)));
        secrets.add(stats.get("safetyNumber").asText().getBytes(UTF_8));
        secrets.addAll(decoded());
    }

    /** What names in base64url stand for. */
    private List<byte[]> decoded() {
        List<byte[]> all = new ArrayList<>();
        for (byte[] secret : secrets)
            if (secret.length >= 20)
                try {
                    all.add(Base64.getUrlDecoder().decode(secret));
                } catch (IllegalArgumentException notBase64) {
                    // A text like any other.
                }
        return all;
    }

    private void isNobody(Said said) {
        for (byte[] secret : secrets)
            assertThat(new KeySearch(List.of(secret)).findsIn(said.signalling))
                    .as(new String(secret, ISO_8859_1))
                    .isFalse();
        assertThat(said.signalling).doesNotContain(SYSTEMS);
        // Nor where its computer is in its own network.
        assertThat(said.signalling).doesNotContain("candidate:", "typ host");
    }

    private static void tellsNothingOfTheContent(Said said) {
        assertThat(said.signalling).doesNotContain("ssrc-audio-level", "csrc-audio-level");
        Map<Integer, Set<String>> names = said.extensionNames();
        assertThat(said.audioTypes).isNotEmpty();
        assertThat(said.extensions.keySet()).containsAnyElementsOf(said.audioTypes);
        said.extensions.forEach((type, borne) -> {
            Set<String> allowed = said.audioTypes.contains(type) ? AUDIO_EXTENSIONS : EXTENSIONS;
            for (int number : borne) assertThat(allowed).containsAll(names.get(number));
        });
    }

    private static void hasATicketForOneCall(Said said) throws IOException {
        JsonNode claims = JSON.readTree(said.claims);
        assertThat(claims.get("exp").asLong() - claims.get("nbf").asLong()).isBetween(1L, 120L);
        JsonNode grants = claims.get("video");
        for (String refused : List.of("canPublishData", "canUpdateOwnMetadata", "canSubscribeMetrics", "hidden"))
            assertThat(grants.get(refused).booleanValue()).as(refused).isFalse();
        assertThat(claims.has("name") || claims.has("metadata") || claims.has("attributes"))
                .isFalse();
    }

    private static String claim(Said said, String name) {
        try {
            return JSON.readTree(said.claims).get(name).asText();
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    private static String room(Said said) {
        try {
            return JSON.readTree(said.claims).at("/video/room").asText();
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    /** What somebody said in both calls and nobody else in any. */
    private static Set<String> links(Said one, Said again, Said... others) {
        Set<String> words = shared(one, again);
        for (Said other : others) words.removeAll(other.words());
        return words;
    }

    private static Set<String> shared(Said one, Said other) {
        Set<String> words = new TreeSet<>(one.words());
        words.retainAll(new HashSet<>(other.words()));
        return words;
    }

    private static String answers(RelayTap tap) {
        StringBuilder text = new StringBuilder();
        for (RelayTap.Signalling one : tap.connections)
            one.fromRelay.forEach(message -> text.append(new String(message, ISO_8859_1)));
        return text.toString();
    }

    private static JsonNode stats(Person person) {
        return person.evaluate("() => window.sotto.stats()");
    }

    private static boolean open(Person person) {
        JsonNode paths = stats(person).get("paths");
        return paths.size() == 1 && paths.get(0).get("state").asText().equals("open");
    }

    private static boolean seesFresh(Person at, Person of) {
        return (Boolean) at.page.evaluate("""
                (number) => [...document.querySelectorAll("video[data-participant][data-track=camera]")]
                  .filter((video) => video.dataset.own !== "true")
                  .map((video) => window.sottoSynthetic.readBarcode(video))
                  .some((code) => code && code.sender === number && code.ageMs < 1000)""", of.number);
    }
}
