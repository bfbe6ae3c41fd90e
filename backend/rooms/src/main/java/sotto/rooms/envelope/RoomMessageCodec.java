package sotto.rooms.envelope;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonFactoryBuilder;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import sotto.rooms.RoomPath;
import sotto.rooms.envelope.EnvelopeException.Reason;
import sotto.rooms.group.Bytes;
import sotto.rooms.group.ParticipantId;
import sotto.rooms.rules.Pass;
import sotto.rooms.wire.ConnectionId;
import sotto.rooms.wire.GroupId;
import sotto.rooms.wire.WireLimits;

/**
 * Room messages to JSON and back. Decoding is strict: one object, exactly the fields of its type, each once, nothing
 * after it, and only the way that the type may go.
 */
final class RoomMessageCodec {
    private static final JsonFactory FACTORY = new JsonFactoryBuilder()
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .streamReadConstraints(StreamReadConstraints.builder()
                    .maxNestingDepth(4)
                    .maxStringLength(WireLimits.PAYLOAD_BYTES)
                    .maxNumberLength(16)
                    .build())
            .build();
    private static final ObjectMapper MAPPER =
            new ObjectMapper(FACTORY).enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS);

    private RoomMessageCodec() {}

    static byte[] encode(RoomMessage message) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (JsonGenerator json = FACTORY.createGenerator(bytes)) {
            json.writeStartObject();
            write(json, message);
            json.writeEndObject();
        } catch (IOException impossible) {
            throw new UncheckedIOException(impossible);
        }
        return bytes.toByteArray();
    }

    private static void write(JsonGenerator json, RoomMessage message) throws IOException {
        switch (message) {
            case RoomMessage.Join join -> {
                json.writeStringField("type", "join");
                json.writeStringField("keyPackage", base64(join.keyPackage()));
            }
            case RoomMessage.Found found -> {
                json.writeStringField("type", "found");
                json.writeStringField("keyPackage", base64(found.keyPackage()));
                writeRules(json, found.rules());
            }
            case RoomMessage.Commit commit -> writeCommit(json, commit);
            case RoomMessage.Attach attach -> {
                json.writeStringField("type", "attach");
                json.writeStringField("group", attach.group().toString());
                json.writeNumberField("epoch", attach.epoch());
                json.writeNumberField("leaf", attach.leaf());
                json.writeNumberField("since", attach.since());
                writeTold(json, attach.told());
            }
            case RoomMessage.Tell tell -> {
                json.writeStringField("type", "agreed");
                writeTold(json, tell.told());
                json.writeBooleanField("again", tell.again());
            }
            case RoomMessage.Admit admit -> {
                json.writeStringField("type", "admit");
                json.writeStringField("author", base64(admit.author()));
                json.writeStringField("identity", base64(admit.pass().identity()));
                json.writeStringField("participant", admit.pass().participant().toString());
                json.writeBooleanField("allow", admit.allow());
                json.writeStringField("signature", base64(admit.signature()));
            }
            case RoomMessage.Wait wait -> {
                json.writeStringField("type", "wait");
                json.writeBooleanField("host", wait.host());
                writeRules(json, wait.rules());
            }
            case RoomMessage.Leave leave -> json.writeStringField("type", "leave");
            case RoomMessage.Rekey rekey -> json.writeStringField("type", "rekey");
            case RoomMessage.State state -> {
                json.writeStringField("type", "state");
                json.writeBooleanField("microphone", state.microphone());
                json.writeBooleanField("camera", state.camera());
                json.writeBooleanField("screen", state.screen());
                json.writeBooleanField("screenAudio", state.screenAudio());
            }
            case RoomMessage.Signal signal -> {
                json.writeStringField("type", "signal");
                json.writeStringField("session", signal.session());
                json.writeStringField("data", signal.data());
            }
        }
    }

    private static void writeCommit(JsonGenerator json, RoomMessage.Commit commit) throws IOException {
        json.writeStringField("type", "commit");
        json.writeStringField("commit", base64(commit.commit()));
        if (commit.welcome().isPresent())
            json.writeStringField("welcome", base64(commit.welcome().get()));
        json.writeNumberField("since", commit.since());
        json.writeArrayFieldStart("joins");
        for (RoomMessage.Joined join : commit.joins()) {
            json.writeStartObject();
            json.writeStringField("connection", join.connection().toString());
            json.writeNumberField("sequence", join.sequence());
            json.writeNumberField("leaf", join.leaf());
            json.writeEndObject();
        }
        json.writeEndArray();
        json.writeArrayFieldStart("seats");
        for (var seat : commit.seats().entrySet()) {
            json.writeStartObject();
            json.writeNumberField("leaf", seat.getKey());
            json.writeStringField("connection", seat.getValue().toString());
            json.writeEndObject();
        }
        json.writeEndArray();
        json.writeArrayFieldStart("banned");
        for (Bytes identity : commit.banned()) json.writeString(base64(identity));
        json.writeEndArray();
        if (commit.handed().isEmpty()) return;
        writeTold(json, commit.handed().get().told());
        json.writeArrayFieldStart("passes");
        for (Pass pass : commit.handed().get().passes()) {
            json.writeStartObject();
            json.writeStringField("identity", base64(pass.identity()));
            json.writeStringField("participant", pass.participant().toString());
            json.writeEndObject();
        }
        json.writeEndArray();
        json.writeBooleanField("complete", commit.handed().get().complete());
    }

    private static void writeTold(JsonGenerator json, RoomMessage.Told told) throws IOException {
        json.writeStringField("path", String.valueOf(told.path().letter()));
        json.writeNumberField("number", told.number());
        writeRules(json, told.rules());
    }

    private static void writeRules(JsonGenerator json, List<Bytes> rules) throws IOException {
        json.writeArrayFieldStart("rules");
        for (Bytes statement : rules) json.writeString(base64(statement));
        json.writeEndArray();
    }

    /** @throws EnvelopeException with {@link Reason#CONTENT} unless it is exactly one message that may go this way */
    static RoomMessage decode(byte[] json, EnvelopeContext context) throws EnvelopeException {
        try {
            if (!(MAPPER.readTree(json) instanceof ObjectNode object)) throw bad("it is not a JSON object");
            Fields in = new Fields(object);
            String type = in.text("type");
            RoomMessage message = message(in, type);
            in.end();
            if (!allowed(message, context)) throw bad("a " + type + " may not go this way");
            return message;
        } catch (IOException notJson) { // its message repeats the content
            throw bad("it is not JSON");
        } catch (IllegalArgumentException wrong) {
            throw bad(wrong.getMessage());
        }
    }

    private static boolean allowed(RoomMessage message, EnvelopeContext context) {
        boolean log = context instanceof EnvelopeContext.Message;
        boolean commit = context instanceof EnvelopeContext.Commit;
        boolean send = context instanceof EnvelopeContext.Send;
        return switch (message) {
            case RoomMessage.Join join -> log;
            case RoomMessage.Leave leave -> log;
            case RoomMessage.Rekey rekey -> log;
            case RoomMessage.Found found -> commit;
            case RoomMessage.Commit c -> commit;
            case RoomMessage.Attach attach -> log || send;
            case RoomMessage.Tell tell -> log;
            case RoomMessage.Admit admit -> log;
            case RoomMessage.Wait wait -> send;
            case RoomMessage.State state -> log || send;
            case RoomMessage.Signal signal -> send;
        };
    }

    private static RoomMessage message(Fields in, String type) throws EnvelopeException {
        return switch (type) {
            case "join" -> new RoomMessage.Join(in.bytes("keyPackage"));
            case "found" -> new RoomMessage.Found(in.bytes("keyPackage"), rules(in));
            case "commit" ->
                new RoomMessage.Commit(
                        in.bytes("commit"),
                        in.has("welcome") ? Optional.of(in.bytes("welcome")) : Optional.empty(),
                        in.number("since"),
                        joins(in),
                        seats(in),
                        banned(in),
                        in.has("passes")
                                ? Optional.of(new RoomMessage.Handed(told(in), passes(in), in.flag("complete")))
                                : Optional.empty());
            case "attach" ->
                new RoomMessage.Attach(
                        GroupId.fromString(in.text("group")),
                        in.number("epoch"),
                        in.leaf("leaf"),
                        in.number("since"),
                        told(in));
            case "agreed" -> new RoomMessage.Tell(told(in), in.flag("again"));
            case "admit" ->
                new RoomMessage.Admit(in.bytes("author"), pass(in), in.flag("allow"), in.bytes("signature"));
            case "wait" -> new RoomMessage.Wait(in.flag("host"), rules(in));
            case "leave" -> new RoomMessage.Leave();
            case "rekey" -> new RoomMessage.Rekey();
            case "state" ->
                new RoomMessage.State(
                        in.flag("microphone"), in.flag("camera"), in.flag("screen"), in.flag("screenAudio"));
            case "signal" -> new RoomMessage.Signal(in.text("session"), in.text("data"));
            default -> throw bad("its type is unknown");
        };
    }

    private static List<RoomMessage.Joined> joins(Fields in) throws EnvelopeException {
        List<RoomMessage.Joined> joins = new ArrayList<>();
        for (JsonNode node : in.list("joins")) {
            Fields join = Fields.of(node);
            joins.add(new RoomMessage.Joined(
                    ConnectionId.fromString(join.text("connection")), join.number("sequence"), join.leaf("leaf")));
            join.end();
        }
        return joins;
    }

    private static RoomMessage.Told told(Fields in) throws EnvelopeException {
        String letter = in.text("path");
        RoomPath path = (letter.length() == 1 ? RoomPath.of(letter.charAt(0)) : Optional.<RoomPath>empty())
                .orElseThrow(() -> bad("path is none"));
        return new RoomMessage.Told(path, in.number("number"), rules(in));
    }

    private static List<Bytes> rules(Fields in) throws EnvelopeException {
        List<Bytes> rules = new ArrayList<>();
        for (JsonNode node : in.list("rules")) {
            if (!node.isTextual()) throw bad("rules holds what is not a text");
            rules.add(decode("rules", node.textValue()));
        }
        return rules;
    }

    private static Pass pass(Fields in) throws EnvelopeException {
        return new Pass(in.bytes("identity"), ParticipantId.fromString(in.text("participant")));
    }

    private static SortedSet<Pass> passes(Fields in) throws EnvelopeException {
        SortedSet<Pass> passes = new TreeSet<>();
        for (JsonNode node : in.list("passes")) {
            Fields pass = Fields.of(node);
            passes.add(pass(pass));
            pass.end();
        }
        return passes;
    }

    private static SortedMap<Integer, ConnectionId> seats(Fields in) throws EnvelopeException {
        SortedMap<Integer, ConnectionId> seats = new TreeMap<>();
        for (JsonNode node : in.list("seats")) {
            Fields seat = Fields.of(node);
            if (seats.put(seat.leaf("leaf"), ConnectionId.fromString(seat.text("connection"))) != null)
                throw bad("a leaf has two seats");
            seat.end();
        }
        return seats;
    }

    private static SortedSet<Bytes> banned(Fields in) throws EnvelopeException {
        SortedSet<Bytes> banned = new TreeSet<>();
        for (JsonNode node : in.list("banned")) {
            if (!node.isTextual()) throw bad("banned holds what is not a text");
            banned.add(decode("banned", node.textValue()));
        }
        return banned;
    }

    private static EnvelopeException bad(String why) {
        return new EnvelopeException(Reason.CONTENT, "the envelope's content is wrong: " + why);
    }

    private static String base64(Bytes bytes) {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes.toArray());
    }

    private static Bytes decode(String field, String text) {
        byte[] bytes;
        try {
            bytes = Base64.getUrlDecoder().decode(text);
        } catch (IllegalArgumentException notBase64) {
            throw new IllegalArgumentException(field + " is not base64url");
        }
        Bytes value = Bytes.of(bytes);
        if (!base64(value).equals(text)) throw new IllegalArgumentException(field + " is not canonical base64url");
        return value;
    }

    /** A JSON object's fields, taken one by one, so that what is left over is noticed. */
    private record Fields(ObjectNode object, Set<String> taken) {
        Fields(ObjectNode object) {
            this(object, new HashSet<>());
        }

        static Fields of(JsonNode node) throws EnvelopeException {
            if (node instanceof ObjectNode object) return new Fields(object);
            throw bad("a list holds what is not an object");
        }

        boolean has(String field) {
            return object.has(field);
        }

        private JsonNode take(String field) throws EnvelopeException {
            JsonNode node = object.get(field);
            if (node == null) throw bad("the field " + field + " is missing");
            taken.add(field);
            return node;
        }

        String text(String field) throws EnvelopeException {
            JsonNode node = take(field);
            if (!node.isTextual()) throw bad(field + " is not a text");
            return node.textValue();
        }

        Bytes bytes(String field) throws EnvelopeException {
            return decode(field, text(field));
        }

        long number(String field) throws EnvelopeException {
            JsonNode node = take(field);
            if (!node.isIntegralNumber() || !node.canConvertToLong()) throw bad(field + " is not a whole number");
            return node.longValue();
        }

        int leaf(String field) throws EnvelopeException {
            long value = number(field);
            if (value < 0 || value > Integer.MAX_VALUE) throw bad(field + " is out of range");
            return (int) value;
        }

        boolean flag(String field) throws EnvelopeException {
            JsonNode node = take(field);
            if (!node.isBoolean()) throw bad(field + " is not true or false");
            return node.booleanValue();
        }

        JsonNode list(String field) throws EnvelopeException {
            JsonNode node = take(field);
            if (!node.isArray() || node.size() > RoomMessage.LIST) throw bad(field + " is not a list, or too long");
            return node;
        }

        void end() throws EnvelopeException {
            if (taken.size() != object.size()) throw bad("it has a field that its type does not know");
        }
    }
}
