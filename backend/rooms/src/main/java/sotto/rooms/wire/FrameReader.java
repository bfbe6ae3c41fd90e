package sotto.rooms.wire;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.exc.MismatchedInputException;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import sotto.rooms.wire.WireException.Reason;

/** One JSON object whose fields are taken one by one; {@link #end} refuses it if any was not asked for. */
final class FrameReader {
    private static final ObjectMapper MAPPER = JsonMapper.builder(JsonFactory.builder()
                    .streamReadConstraints(StreamReadConstraints.builder()
                            .maxNestingDepth(6)
                            .maxNameLength(64)
                            .maxNumberLength(20)
                            .maxStringLength(WireLimits.FRAME_BYTES)
                            .build())
                    // The names come from outside: keep them out of the tables that live as long as the process.
                    .disable(JsonFactory.Feature.INTERN_FIELD_NAMES)
                    .disable(JsonFactory.Feature.CANONICALIZE_FIELD_NAMES)
                    .build())
            .enable(DeserializationFeature.FAIL_ON_READING_DUP_TREE_KEY)
            .build();

    private final ObjectNode object;
    private final Set<String> taken = new HashSet<>();

    private FrameReader(ObjectNode object) {
        this.object = object;
    }

    static FrameReader of(String text) throws WireException {
        // Every char is at least one byte, so that the cheap test comes first.
        if (text.length() > WireLimits.FRAME_BYTES || WireLimits.utf8Length(text) > WireLimits.FRAME_BYTES)
            throw new WireException(
                    Reason.OVERSIZE, "frame has more than the " + WireLimits.FRAME_BYTES + " bytes allowed");
        try (JsonParser parser = MAPPER.createParser(text)) {
            JsonNode node = parse(parser);
            if (!(node instanceof ObjectNode object))
                throw new WireException(Reason.NOT_JSON, "frame is not a JSON object");
            if (!atEnd(parser)) throw new WireException(Reason.TRAILING, "something follows the frame's JSON object");
            return new FrameReader(object);
        } catch (IOException notJson) {
            // Jackson's message quotes the input, so that it is dropped.
            throw new WireException(Reason.NOT_JSON, "frame is not JSON");
        }
    }

    private static JsonNode parse(JsonParser parser) throws IOException, WireException {
        try {
            return MAPPER.readTree(parser);
        } catch (MismatchedInputException duplicate) {
            throw new WireException(Reason.DUPLICATE_FIELD, "a field of the frame stands there twice");
        }
    }

    private static boolean atEnd(JsonParser parser) {
        try {
            return parser.nextToken() == null;
        } catch (IOException garbage) {
            return false;
        }
    }

    static WireException unknownType() {
        return new WireException(Reason.UNKNOWN_TYPE, "the frame's type is unknown");
    }

    String type() throws WireException {
        JsonNode type = object.get("type");
        if (type == null || !type.isTextual()) throw unknownType();
        taken.add("type");
        return type.textValue();
    }

    /** Refuses other versions before anything else is looked at: their fields may differ. */
    int version() throws WireException {
        long version = number("version");
        if (version != WireLimits.VERSION)
            throw new WireException(
                    Reason.VERSION, "the other side speaks version " + version + ", this one " + WireLimits.VERSION);
        return WireLimits.VERSION;
    }

    Payload payload() throws WireException {
        JsonNode node = take("payload");
        // Told apart from other bad values, so that a sender can be told that it was too much.
        if (node.isTextual() && node.textValue().length() * 3L / 4 > WireLimits.PAYLOAD_BYTES)
            throw new WireException(
                    Reason.OVERSIZE, "payload has more than the " + WireLimits.PAYLOAD_BYTES + " bytes allowed");
        return value("payload", Payload::fromString);
    }

    ServerFrame.Entered entered() throws WireException {
        int version = version();
        ConnectionId connection = value("connection", ConnectionId::fromString);
        LogId log = value("log", LogId::fromString);
        LogHead head = new LogHead(number("sequence"), value("hash", LogHash::fromString));
        List<ConnectionId> present = new ArrayList<>();
        for (JsonNode node : array("present", WireLimits.PRESENT))
            present.add(convert("present", node, ConnectionId::fromString));
        List<IceServer> iceServers = iceServers();
        boolean relay = bool("relay");
        try {
            return new ServerFrame.Entered(version, connection, log, head, present, iceServers, relay);
        } catch (IllegalArgumentException inconsistent) {
            throw new WireException(Reason.BAD_VALUE, inconsistent.getMessage());
        }
    }

    RelayTicket ticket() throws WireException {
        String node = value("node", RelayTicket::checkNode);
        URI url = value("url", RelayTicket::nodeUrl);
        String token = value("token", Function.identity());
        Instant expires = Instant.ofEpochMilli(number("expires"));
        try {
            return new RelayTicket(node, url, token, expires);
        } catch (IllegalArgumentException bad) {
            throw badValue("token");
        }
    }

    List<IceServer> iceServers() throws WireException {
        List<IceServer> servers = new ArrayList<>();
        for (JsonNode node : array("iceServers", WireLimits.ICE_SERVERS)) servers.add(iceServer(node));
        return servers;
    }

    private static IceServer iceServer(JsonNode node) throws WireException {
        if (!(node instanceof ObjectNode object))
            throw new WireException(Reason.BAD_VALUE, "an ICE server is not an object");
        FrameReader in = new FrameReader(object);
        List<String> urls = new ArrayList<>();
        for (JsonNode url : in.array("urls", WireLimits.ICE_URLS)) urls.add(convert("urls", url, Function.identity()));
        Optional<String> username = in.optionalText("username");
        Optional<String> credential = in.optionalText("credential");
        Optional<Duration> life =
                object.has("life") ? Optional.of(Duration.ofSeconds(in.number("life"))) : Optional.empty();
        in.end();
        try {
            return new IceServer(urls, username, credential, life);
        } catch (IllegalArgumentException bad) {
            throw new WireException(Reason.BAD_VALUE, bad.getMessage());
        }
    }

    LogEntry logEntry() throws WireException {
        long sequence = number("sequence");
        if (sequence == 0) throw badValue("sequence");
        String kind = value("kind", Function.identity());
        ConnectionId from = value("from", ConnectionId::fromString);
        return switch (kind) {
            case "arrived" -> new LogEntry.Arrived(sequence, from);
            case "gone" -> new LogEntry.Gone(sequence, from);
            case "message" -> new LogEntry.Message(sequence, from, payload());
            case "commit" ->
                new LogEntry.Commit(sequence, from, value("group", GroupId::fromString), number("epoch"), payload());
            default -> throw badValue("kind");
        };
    }

    /** A whole number from 0 to 2^53 - 1. */
    long number(String field) throws WireException {
        JsonNode node = take(field);
        if (!node.isIntegralNumber() || !node.canConvertToLong()) throw badValue(field);
        long value = node.longValue();
        if (value < 0 || value > WireLimits.NUMBER) throw badValue(field);
        return value;
    }

    boolean bool(String field) throws WireException {
        JsonNode node = take(field);
        if (!node.isBoolean()) throw badValue(field);
        return node.booleanValue();
    }

    String shortText(String field) throws WireException {
        return value(field, text -> WireLimits.text(field, text));
    }

    /** A text field turned into a value; what the conversion refuses is a bad value. */
    <T> T value(String field, Function<String, T> conversion) throws WireException {
        return convert(field, take(field), conversion);
    }

    /** A field that stands there in any case, and is null where there is nothing to say. */
    <T> Optional<T> nullable(String field, Function<String, T> conversion) throws WireException {
        JsonNode node = take(field);
        return node.isNull() ? Optional.empty() : Optional.of(convert(field, node, conversion));
    }

    void end() throws WireException {
        if (object.size() != taken.size())
            throw new WireException(Reason.UNKNOWN_FIELD, "the frame has a field that its type does not know");
    }

    private Optional<String> optionalText(String field) throws WireException {
        return object.has(field) ? Optional.of(shortText(field)) : Optional.empty();
    }

    private JsonNode array(String field, int most) throws WireException {
        JsonNode node = take(field);
        if (!node.isArray() || node.size() > most) throw badValue(field);
        return node;
    }

    private JsonNode take(String field) throws WireException {
        JsonNode node = object.get(field);
        if (node == null) throw new WireException(Reason.MISSING_FIELD, "the frame lacks the field " + field);
        taken.add(field);
        return node;
    }

    private static <T> T convert(String field, JsonNode node, Function<String, T> conversion) throws WireException {
        if (!node.isTextual()) throw badValue(field);
        try {
            return conversion.apply(node.textValue());
        } catch (IllegalArgumentException bad) {
            throw badValue(field);
        }
    }

    private static WireException badValue(String field) {
        return new WireException(Reason.BAD_VALUE, "the value of the field " + field + " is not allowed");
    }
}
