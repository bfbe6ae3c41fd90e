package sotto.demo;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Reads bar codes and tones off the participants' screens and loudspeakers while the call runs. */
final class Watch {
    private static final String LOOK = """
            async () => {
              const seen = [];
              for (const element of document.querySelectorAll("[data-participant][data-track]")) {
                if (element.dataset.own === "true") continue;
                const { participant, track } = element.dataset;
                if (element instanceof HTMLVideoElement) {
                  seen.push({ participant, track, code: window.sottoSynthetic.readBarcode(element) });
                } else if (element.srcObject && element.srcObject.getAudioTracks().length > 0) {
                  seen.push({ participant, track, tone: await window.sottoSynthetic.readTone(element) });
                }
              }
              const stats = await window.sotto.stats();
              return { seen, people: stats.participants };
            }
            """;

    /** Who sent what to whom. */
    record Key(String from, String to, String track) implements Comparable<Key> {
        @Override
        public int compareTo(Key other) {
            return toString().compareTo(other.toString());
        }
    }

    /** What was recognised of one stream. */
    static final class Seen {
        int right;
        /** Somebody else's bar code or tone, or another track's: the worst that can happen. */
        int wrong;

        final List<Double> latencies = new ArrayList<>();
    }

    private final Map<String, Integer> numbers = new HashMap<>();
    private final Map<Key, Seen> seen = new TreeMap<>();

    /** @param people all who take part, by name */
    Watch(List<String> people) {
        for (int i = 0; i < people.size(); i++) numbers.put(people.get(i), i + 1);
    }

    /** Looks once at everything that this person sees and hears. */
    void look(Person person) {
        JsonNode answer = person.evaluate(LOOK);
        Map<String, String> names = new HashMap<>();
        answer.get("people")
                .forEach(
                        one -> names.put(one.get("id").asText(), one.get("name").asText()));
        for (JsonNode one : answer.get("seen")) {
            String from = names.get(one.get("participant").asText());
            if (from == null) continue;
            String track = one.get("track").asText();
            Seen stream = seen.computeIfAbsent(new Key(from, person.name, track), key -> new Seen());
            int number = numbers.get(from);
            if (one.hasNonNull("code")) {
                JsonNode code = one.get("code");
                if (code.get("sender").asInt() == number
                        && code.get("track").asText().equals(track)) {
                    stream.right++;
                    stream.latencies.add(code.get("ageMs").asDouble());
                } else stream.wrong++;
            } else if (one.hasNonNull("tone")) {
                JsonNode tone = one.get("tone");
                if (tone.get("person").asInt() == number
                        && tone.get("track").asText().equals(track)) stream.right++;
                else stream.wrong++;
            }
        }
    }

    /** All streams that were seen, recognised or not. */
    Map<Key, Seen> streams() {
        return seen;
    }

    static Double median(List<Double> values) {
        if (values.isEmpty()) return null;
        List<Double> sorted = values.stream().sorted().toList();
        return (double) Math.round(sorted.get(sorted.size() / 2));
    }
}
