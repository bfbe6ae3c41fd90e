package sotto.bridge.messages;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.lang.reflect.Constructor;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.RecordComponent;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import sotto.bridge.messages.BridgeException.Fault;
import sotto.bridge.messages.Shape.Choice;
import sotto.bridge.messages.Shape.Field;
import sotto.bridge.messages.Shape.Flag;
import sotto.bridge.messages.Shape.Many;
import sotto.bridge.messages.Shape.Structure;
import sotto.bridge.messages.Shape.Text;
import sotto.bridge.messages.Shape.Whole;

/**
 * JSON text of one direction's messages, strict both ways: every component is present, nothing else is, no value is
 * coerced from another type. Jackson only parses; the mapping to records is done here, where it can be read.
 * Thread-safe.
 *
 * @param <M> the sealed interface of the messages
 */
public final class BridgeCodec<M> {
    public static final BridgeCodec<PageToBackend> PAGE_TO_BACKEND = new BridgeCodec<>(PageToBackend.class);
    public static final BridgeCodec<BackendToPage> BACKEND_TO_PAGE = new BridgeCodec<>(BackendToPage.class);
    public static final BridgeCodec<WorkerToBackend> WORKER_TO_BACKEND = new BridgeCodec<>(WorkerToBackend.class);
    public static final BridgeCodec<BackendToWorker> BACKEND_TO_WORKER = new BridgeCodec<>(BackendToWorker.class);

    private static final JsonNodeFactory NODES = JsonNodeFactory.instance;
    private static final JsonMapper JSON = JsonMapper.builder(JsonFactory.builder()
                    .streamReadConstraints(StreamReadConstraints.builder()
                            .maxNestingDepth(8)
                            .maxNameLength(64)
                            .maxNumberLength(20)
                            .maxStringLength(Limits.MESSAGE_BYTES)
                            .build())
                    .build())
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .build();

    private final Class<M> family;
    private final Map<String, Structure> messages;

    private BridgeCodec(Class<M> family) {
        this.family = family;
        this.messages = Shape.messagesOf(family);
    }

    /**
     * The message as JSON text.
     *
     * @throws BridgeException if a component is null that may not be, or the text would be too large
     */
    public String encode(M message) {
        Class<? extends Record> type = ((Record) message).getClass().asSubclass(Record.class);
        String name = Shape.typeName(type);
        ObjectNode json = NODES.objectNode().put("type", name);
        write(json, messages.get(name), (Record) message, name);
        try {
            String text = JSON.writeValueAsString(json);
            checkSize(text);
            return text;
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("a JSON tree was not written", e);
        }
    }

    /**
     * The message that the text holds.
     *
     * @throws BridgeException if it is not exactly one message of this direction
     */
    public M decode(String text) {
        checkSize(text);
        if (!(parse(text) instanceof ObjectNode json)
                || !(json.get("type") instanceof JsonNode type)
                || !type.isTextual())
            throw new BridgeException(Fault.NOT_A_MESSAGE, "not an object with a text field type");
        Structure message = messages.get(type.textValue());
        if (message == null)
            throw new BridgeException(Fault.UNKNOWN_TYPE, "not a message of " + family.getSimpleName());
        json.remove("type");
        return family.cast(readRecord(json, message, Shape.typeName(message.type())));
    }

    private static JsonNode parse(String text) {
        try {
            JsonNode json = JSON.readTree(text);
            if (!json.isMissingNode()) return json;
        } catch (JsonProcessingException e) {
            // Falls through: neither Jackson's message nor the exception itself is passed on: both may quote the text.
        }
        throw new BridgeException(Fault.NOT_JSON, "not one well-formed JSON value");
    }

    private static void checkSize(String text) {
        if (text.length() > Limits.MESSAGE_BYTES || text.getBytes(UTF_8).length > Limits.MESSAGE_BYTES)
            throw new BridgeException(Fault.TOO_LARGE, "more than " + Limits.MESSAGE_BYTES + " bytes");
    }

    // Java to JSON

    private static void write(ObjectNode json, Structure structure, Record value, String where) {
        for (Field field : structure.fields()) {
            Object component = field.valueIn(value);
            String at = where + "." + field.name();
            if (component == null && field.nullable()) json.putNull(field.name());
            else json.set(field.name(), write(field.shape(), component, at));
        }
    }

    private static JsonNode write(Shape shape, Object value, String where) {
        if (value == null) throw new BridgeException(Fault.WRONG_TYPE, where + " is null");
        return switch (shape) {
            case Text text -> NODES.textNode(wellFormed((String) value, where));
            case Flag flag -> NODES.booleanNode((Boolean) value);
            case Whole whole -> NODES.numberNode(inRange(((Number) value).longValue(), whole, where));
            case Choice choice -> NODES.textNode(Shape.valueName((Enum<?>) value));
            case Many many -> {
                ArrayNode array = NODES.arrayNode();
                for (Object element : (List<?>) value) array.add(write(many.element(), element, where + "[]"));
                yield array;
            }
            case Structure structure -> {
                ObjectNode object = NODES.objectNode();
                write(object, structure, (Record) value, where);
                yield object;
            }
        };
    }

    // JSON to Java

    private static Object read(JsonNode json, Shape shape, String where) {
        if (!fits(json, shape)) throw new BridgeException(Fault.WRONG_TYPE, where + " has the wrong type");
        return switch (shape) {
            case Text text -> wellFormed(json.textValue(), where);
            case Flag flag -> json.booleanValue();
            case Whole whole -> {
                if (!json.canConvertToLong())
                    throw new BridgeException(Fault.REFUSED_VALUE, where + " is out of range");
                long value = inRange(json.longValue(), whole, where);
                yield whole.most() == Integer.MAX_VALUE ? (Object) (int) value : (Object) value;
            }
            case Choice choice -> {
                Enum<?> value = choice.values().get(json.textValue());
                if (value == null)
                    throw new BridgeException(Fault.REFUSED_VALUE, where + " is none of the known values");
                yield value;
            }
            case Many many -> {
                List<Object> elements = new ArrayList<>(json.size());
                for (JsonNode element : json) elements.add(read(element, many.element(), where + "[]"));
                yield List.copyOf(elements);
            }
            case Structure structure -> readRecord((ObjectNode) json, structure, where);
        };
    }

    private static boolean fits(JsonNode json, Shape shape) {
        return switch (shape) {
            case Text text -> json.isTextual();
            case Choice choice -> json.isTextual();
            case Flag flag -> json.isBoolean();
            case Whole whole -> json.isIntegralNumber();
            case Many many -> json.isArray();
            case Structure structure -> json.isObject();
        };
    }

    private static Record readRecord(ObjectNode json, Structure structure, String where) {
        List<Object> components = new ArrayList<>(structure.fields().size());
        for (Field field : structure.fields()) {
            String at = where + "." + field.name();
            JsonNode value = json.get(field.name());
            if (value == null) throw new BridgeException(Fault.MISSING_FIELD, at + " is missing");
            components.add(value.isNull() && field.nullable() ? null : read(value, field.shape(), at));
        }
        if (json.size() != structure.fields().size()) throw unknownField(json, structure, where);
        return construct(structure.type(), components.toArray(), where);
    }

    private static BridgeException unknownField(ObjectNode json, Structure structure, String where) {
        Set<String> known = structure.fields().stream().map(Field::name).collect(Collectors.toSet());
        long unknown =
                json.propertyStream().filter(p -> !known.contains(p.getKey())).count();
        return new BridgeException(Fault.UNKNOWN_FIELD, where + " has " + unknown + " unknown field(s)");
    }

    /** Runs the record's own checks; what they refuse is the sender's fault, not a bug here. */
    private static Record construct(Class<? extends Record> type, Object[] components, String where) {
        Class<?>[] parameters = Arrays.stream(type.getRecordComponents())
                .map(RecordComponent::getType)
                .toArray(Class<?>[]::new);
        try {
            Constructor<? extends Record> canonical = type.getDeclaredConstructor(parameters);
            return canonical.newInstance(components);
        } catch (InvocationTargetException e) {
            if (e.getCause() instanceof IllegalArgumentException refused)
                throw new BridgeException(Fault.REFUSED_VALUE, where + ": " + refused.getMessage());
            throw new IllegalStateException("constructor of " + type.getSimpleName() + " failed", e.getCause());
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException(type.getSimpleName() + " cannot be made", e);
        }
    }

    private static long inRange(long value, Whole whole, String where) {
        if (value < whole.least() || value > whole.most())
            throw new BridgeException(Fault.REFUSED_VALUE, where + " is out of range");
        return value;
    }

    /** Half a surrogate pair has no UTF-8 form: it would change on its way, and with it what was signed or compared. */
    private static String wellFormed(String text, String where) {
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (!Character.isSurrogate(c)) continue;
            boolean pair = Character.isHighSurrogate(c)
                    && i + 1 < text.length()
                    && Character.isLowSurrogate(text.charAt(i + 1));
            if (!pair) throw new BridgeException(Fault.REFUSED_VALUE, where + " holds half a surrogate pair");
            i++;
        }
        return text;
    }
}
