package sotto.rooms.explore;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Names values by numbers: equal ones by the same. */
final class Names<T> {
    private final Map<T, Integer> names = new HashMap<>();
    private final List<T> values = new ArrayList<>();

    int name(T value) {
        Integer known = names.get(value);
        if (known != null) return known;
        values.add(value);
        names.put(value, values.size() - 1);
        return values.size() - 1;
    }

    T value(int name) {
        return values.get(name);
    }

    int size() {
        return values.size();
    }
}
