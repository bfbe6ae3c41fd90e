package sotto.bridge.messages;

import java.lang.reflect.Constructor;
import java.lang.reflect.RecordComponent;
import java.util.Arrays;
import java.util.List;

/** One valid value of every message, made from its shape; what a record's own checks want is told by the name. */
public final class Samples {
    private Samples() {}

    public static Record of(Class<? extends Record> type) {
        Object[] values = Shape.of(type).fields().stream()
                .map(field -> value(field.name(), field.shape()))
                .toArray();
        Class<?>[] parameters = Arrays.stream(type.getRecordComponents())
                .map(RecordComponent::getType)
                .toArray(Class<?>[]::new);
        try {
            Constructor<? extends Record> constructor = type.getDeclaredConstructor(parameters);
            return constructor.newInstance(values);
        } catch (ReflectiveOperationException e) {
            throw new AssertionError("no sample of " + type, e);
        }
    }

    private static Object value(String name, Shape shape) {
        return switch (shape) {
            case Shape.Text text -> text(name);
            case Shape.Flag flag -> true;
            case Shape.Whole whole -> whole.most() == Integer.MAX_VALUE ? (Object) 1 : (Object) (1L << 40);
            case Shape.Choice choice ->
                choice.values().values().stream()
                        .reduce((first, second) -> second)
                        .orElseThrow();
            case Shape.Many many -> List.of(value(name, many.element()), value(name, many.element()));
            case Shape.Structure structure -> of(structure.type());
        };
    }

    private static String text(String name) {
        return switch (name) {
            case "self", "id", "to", "from", "session", "request" -> "AAECAwQFBgcICQoLDA0ODw";
            case "ticket", "token", "tunnel", "publicKey", "enc" -> "A".repeat(43);
            default -> "Zoë \"quoted\" \\ 🎧 " + name;
        };
    }
}
