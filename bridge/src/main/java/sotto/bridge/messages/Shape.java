package sotto.bridge.messages;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * What one component of a message looks like in JSON. Read once from the records, and used by both {@link BridgeCodec}
 * and the TypeScript generator, so that the two ends cannot drift apart.
 */
public sealed interface Shape {

    /** The largest integer that JavaScript holds exactly. */
    long MOST_EXACT = 0x1F_FFFF_FFFF_FFFFL;

    /** A JSON string. */
    record Text() implements Shape {}

    /** A JSON boolean. */
    record Flag() implements Shape {}

    /** A JSON number without fraction or exponent. */
    record Whole(long least, long most) implements Shape {}

    /** A JSON string out of a fixed set: an enum. */
    record Choice(Class<?> type, Map<String, Enum<?>> values) implements Shape {}

    /** A JSON array. */
    record Many(Shape element) implements Shape {}

    /** A JSON object: a record. */
    record Structure(Class<? extends Record> type, List<Field> fields) implements Shape {}

    /** One component of a record. Always present in JSON, also when it is null. */
    record Field(String name, Shape shape, boolean nullable, Method accessor) {
        /** The component's value in {@code owner}. */
        Object valueIn(Record owner) {
            try {
                return accessor.invoke(owner);
            } catch (IllegalAccessException | InvocationTargetException e) {
                throw new IllegalStateException("cannot read " + name, e);
            }
        }
    }

    /** The shape of a record's components, in their order. */
    static Structure of(Class<? extends Record> type) {
        return new Structure(
                type,
                Arrays.stream(type.getRecordComponents())
                        .map(component -> field(type, component))
                        .toList());
    }

    /** The records of a sealed message interface by their {@code type} value, in the order of the source. */
    static Map<String, Structure> messagesOf(Class<?> family) {
        if (!family.isSealed()) throw new IllegalArgumentException(family + " is not sealed");
        Map<String, Structure> messages = new LinkedHashMap<>();
        for (Class<?> message : family.getPermittedSubclasses()) {
            messages.put(typeName(message), of(message.asSubclass(Record.class)));
        }
        return messages;
    }

    /** The {@code type} value of a message: its name in lower camel case. */
    static String typeName(Class<?> message) {
        String name = message.getSimpleName();
        return name.substring(0, 1).toLowerCase(Locale.ROOT) + name.substring(1);
    }

    /** {@code SCREEN_AUDIO} travels as {@code screen-audio}. */
    static String valueName(Enum<?> value) {
        return value.name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    /** An enum's values by their names in JSON, in the order of their ordinals. */
    static Choice choice(Class<?> type) {
        Map<String, Enum<?>> values = new LinkedHashMap<>();
        for (Object constant : type.getEnumConstants()) {
            Enum<?> value = (Enum<?>) constant;
            values.put(valueName(value), value);
        }
        return new Choice(type, values);
    }

    private static Field field(Class<?> owner, RecordComponent component) {
        String name = component.getName();
        if (name.equals("type")) throw new IllegalArgumentException(owner + " has a component called type");
        boolean nullable = component.isAnnotationPresent(Nullable.class);
        return new Field(name, shape(component.getGenericType()), nullable, component.getAccessor());
    }

    private static Shape shape(Type type) {
        if (type == String.class) return new Text();
        if (type == boolean.class) return new Flag();
        if (type == int.class) return new Whole(Integer.MIN_VALUE, Integer.MAX_VALUE);
        if (type == long.class) return new Whole(-MOST_EXACT, MOST_EXACT);
        if (type instanceof ParameterizedType p && p.getRawType() == List.class)
            return new Many(shape(p.getActualTypeArguments()[0]));
        if (type instanceof Class<?> c && c.isEnum()) return choice(c);
        if (type instanceof Class<?> c && c.isRecord()) return of(c.asSubclass(Record.class));
        throw new IllegalArgumentException("a bridge message cannot hold a " + type.getTypeName());
    }
}
