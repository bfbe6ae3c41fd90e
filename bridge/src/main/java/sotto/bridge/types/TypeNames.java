package sotto.bridge.types;

import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import sotto.bridge.messages.Shape;
import sotto.bridge.messages.Shape.Structure;

/**
 * TypeScript names of the Java types: the simple name, or, where messages of two directions share one, with the sender
 * before it: {@code PageSignal}, {@code BackendSignal}. The same in every file.
 */
final class TypeNames {
    private final Map<Class<?>, String> names = new HashMap<>();

    TypeNames(Class<?>... families) {
        Map<String, Integer> uses = new HashMap<>();
        for (Class<?> family : families) {
            for (Structure message : Shape.messagesOf(family).values())
                uses.merge(message.type().getSimpleName(), 1, Integer::sum);
        }
        for (Class<?> family : families) {
            String sender = family.getSimpleName().replaceFirst("To.*", "");
            for (Structure message : Shape.messagesOf(family).values()) {
                String name = message.type().getSimpleName();
                names.put(message.type(), uses.get(name) > 1 ? sender + name : name);
            }
        }
        Set<String> different = new HashSet<>(names.values());
        if (different.size() != names.size())
            throw new IllegalArgumentException("two messages would have one name: " + names.values());
    }

    String of(Class<?> type) {
        return names.getOrDefault(type, type.getSimpleName());
    }
}
