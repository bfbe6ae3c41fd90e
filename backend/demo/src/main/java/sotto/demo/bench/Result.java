package sotto.demo.bench;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;

/**
 * What a benchmark found.
 *
 * @param lines the same for people
 */
record Result(JsonNode figures, List<Goal> goals, List<String> lines) {

    /** @param measured in words, with its unit */
    record Goal(String what, String measured, boolean met) {}

    Result {
        goals = List.copyOf(goals);
        lines = List.copyOf(lines);
    }
}
