package sotto.demo;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Consumer;

/**
 * What became of each stream of a call: what the receiver's frame worker decrypted and dropped, what its browser made of
 * that, and whether the watch recognised the sender in it.
 */
final class StreamFigures {
    private final Watch watch;
    private final Consumer<String> error;
    private final Map<Watch.Key, Report.Stream> streams = new TreeMap<>();

    /** @param error told of what is missing, in words */
    StreamFigures(Watch watch, Consumer<String> error) {
        this.watch = watch;
        this.error = error;
    }

    List<Report.Stream> all() {
        return List.copyOf(streams.values());
    }

    /**
     * Takes down the final figures of all streams that this person receives; those taken before are replaced. What nobody
     * counted is an error.
     */
    void settle(Person person, List<Person> present) {
        JsonNode stats = person.evaluate("() => window.sotto.stats()");
        Map<String, String> names = new LinkedHashMap<>();
        stats.get("participants")
                .forEach(
                        one -> names.put(one.get("id").asText(), one.get("name").asText()));
        Set<String> others = new HashSet<>();
        present.stream().filter(other -> other != person).forEach(other -> others.add(other.name));
        for (JsonNode counts : stats.get("worker")) {
            if (!counts.path("direction").asText().equals("receive")) continue;
            String from = names.get(counts.path("participant").asText());
            if (from == null || !others.contains(from)) continue;
            String track = counts.get("track").asText();
            // Screens are not shared in the demo.
            if (track.startsWith("screen")) continue;
            Watch.Key key = new Watch.Key(from, person.name, track);
            Watch.Seen seen = watch.streams().getOrDefault(key, new Watch.Seen());
            JsonNode peer = peer(stats, counts.path("participant").asText());
            JsonNode received = received(peer, track);
            boolean video = track.equals("camera");
            JsonNode dropped = counts.get("dropped");
            long rejected = dropped.path("forged").asLong()
                    + dropped.path("foreign").asLong()
                    + dropped.path("malformed").asLong()
                    + dropped.path("codec").asLong();
            streams.put(
                    key,
                    new Report.Stream(
                            from,
                            person.name,
                            track,
                            counts.get("passed").asLong(),
                            video ? number(received, "framesDecoded") : null,
                            rejected,
                            seen.right > 0 && seen.wrong == 0,
                            video ? Watch.median(seen.latencies) : null,
                            video ? number(received, "freezeCount") : null,
                            video ? null : number(received, "concealedSamples"),
                            number(peer, "rebuilds")));
        }
        for (String other : others)
            for (String track : List.of("camera", "microphone"))
                if (!streams.containsKey(new Watch.Key(other, person.name, track)))
                    error.accept(person.name + " has no " + track + " of " + other);
    }

    private static JsonNode peer(JsonNode stats, String participant) {
        for (JsonNode peer : stats.get("peers"))
            if (peer.get("participant").asText().equals(participant)) return peer;
        return null;
    }

    private static JsonNode received(JsonNode peer, String track) {
        if (peer == null) return null;
        for (JsonNode one : peer.get("received")) if (one.get("track").asText().equals(track)) return one;
        return null;
    }

    private static Long number(JsonNode node, String field) {
        return node == null || !node.hasNonNull(field) ? null : node.get(field).asLong();
    }
}
