package sotto.demo.fault;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import sotto.demo.Person;

/** Whether people's pages show one and the same group: equal epoch, roster and safety number, and nobody off the server. */
final class OneGroup {
    private static final String STATE = """
            () => {
              const call = window.sotto.call();
              return {
                epoch: call.epoch,
                number: call.safetyNumber,
                ids: call.participants.map((one) => one.id).sort().join(),
                names: call.participants.map((one) => one.name).sort(),
                away: document.querySelector("[data-testid=server-reconnecting]") !== null,
              };
            }
            """;

    private OneGroup() {}

    /**
     * @param all who must be in it, and nobody else
     * @param others who cannot be asked, and may be in it or not
     */
    static boolean holds(List<Person> all, List<Person> others) {
        List<String> names = all.stream().map(person -> person.name).sorted().toList();
        JsonNode first = null;
        for (Person person : all) {
            JsonNode state = person.evaluate(STATE);
            List<String> seen = new ArrayList<>();
            state.get("names").forEach(name -> seen.add(name.asText()));
            others.forEach(other -> seen.remove(other.name));
            if (!seen.equals(names) || state.get("away").asBoolean()) return false;
            if (all.size() > 1 && state.get("number").isNull()) return false;
            if (first != null && !first.equals(state)) return false;
            first = state;
        }
        return true;
    }
}
