package sotto.demo.fault;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalDouble;
import sotto.demo.Person;

/**
 * Whether people's pages show one and the same group, as {@code group-log.js} noted it: equal epoch, roster and safety
 * number, and nobody off the server.
 */
final class OneGroup {
    private OneGroup() {}

    /**
     * Since when they do, in ms since 1970; empty if they do not.
     *
     * @param all who must be in it, and nobody else
     * @param others who cannot be asked, and may be in it or not
     */
    static OptionalDouble since(List<Person> all, List<Person> others) {
        List<String> names = all.stream().map(person -> person.name).sorted().toList();
        JsonNode first = null;
        double since = 0;
        for (Person person : all) {
            JsonNode shown = person.evaluate("() => window.sottoGroup.now()");
            JsonNode group = shown.get("group");
            if (group.isNull()) return OptionalDouble.empty();
            List<String> seen = new ArrayList<>();
            group.get("names").forEach(name -> seen.add(name.asText()));
            others.forEach(other -> seen.remove(other.name));
            if (!seen.equals(names) || group.get("away").asBoolean()) return OptionalDouble.empty();
            if (all.size() > 1 && group.get("number").isNull()) return OptionalDouble.empty();
            if (first != null && !first.equals(group)) return OptionalDouble.empty();
            first = group;
            since = Math.max(since, shown.get("since").asDouble());
        }
        return OptionalDouble.of(since);
    }
}
