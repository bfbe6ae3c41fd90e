package sotto.demo.fault;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import sotto.demo.Person;

/** Every new picture that was painted at each person, as {@code picture-log.js} noted it. Times are ms since 1970. */
final class Pictures {
    private static final String TAKE = """
            async () => ({
              pictures: window.sottoPictures.take(),
              people: window.sotto.call().participants,
            })
            """;

    private record Pair(int from, int to) {}

    private record Shown(String participant, int sender) {}

    private final Map<Pair, List<Double>> times = new HashMap<>();
    private final List<Shown> shown = new ArrayList<>();
    private final Map<String, String> names = new HashMap<>();

    /** Takes down what this person's page has noted since the last time. */
    void take(Person at) {
        JsonNode taken = at.evaluate(TAKE);
        for (JsonNode one : taken.get("people"))
            names.put(one.get("id").asText(), one.get("name").asText());
        for (JsonNode one : taken.get("pictures")) {
            int sender = one.get(2).asInt();
            shown.add(new Shown(one.get(1).asText(), sender));
            times.computeIfAbsent(new Pair(sender, at.number), pair -> new ArrayList<>())
                    .add(one.get(0).asDouble());
        }
    }

    /** The longest time without a new picture that lies wholly or in part between the two times. */
    double largestGap(Person from, Person to, double start, double end) {
        double last = Double.NaN;
        double largest = 0;
        for (double time : times(from, to)) {
            if (time >= start && !Double.isNaN(last))
                largest = Math.max(largest, Math.min(time, end) - Math.max(last, start));
            if (time >= end) return largest;
            last = time;
        }
        return Math.max(largest, end - (Double.isNaN(last) ? start : Math.max(last, start)));
    }

    /** The longest of all that anybody of these people waited for a picture of another of them. */
    double largestGap(List<Person> people, double start, double end) {
        double largest = 0;
        for (Person from : people)
            for (Person to : people) if (from != to) largest = Math.max(largest, largestGap(from, to, start, end));
        return largest;
    }

    /** When the longest time without a new picture ended that lies wholly or in part between the two times. */
    double endOfLargestGap(Person from, Person to, double start, double end) {
        double last = start;
        double largest = 0;
        double ended = start;
        for (double time : times(from, to)) {
            if (time < start || time > end) continue;
            if (time - last > largest) {
                largest = time - last;
                ended = time;
            }
            last = time;
        }
        return ended;
    }

    OptionalDouble firstAfter(Person from, Person to, double start) {
        return times(from, to).stream()
                .mapToDouble(Double::doubleValue)
                .filter(time -> time > start)
                .findFirst();
    }

    private List<Double> times(Person from, Person to) {
        return times.getOrDefault(new Pair(from.number, to.number), List.of());
    }

    long count() {
        return shown.size();
    }

    /** Pictures that stood under another name than that of whose bar code they bore. */
    long wrong(List<Person> people) {
        Map<Integer, String> senders = new HashMap<>();
        people.forEach(person -> senders.put(person.number, person.name));
        return shown.stream()
                .filter(one -> names.containsKey(one.participant()))
                .filter(one -> !names.get(one.participant()).equals(senders.get(one.sender())))
                .count();
    }
}
