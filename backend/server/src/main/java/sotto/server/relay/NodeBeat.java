package sotto.server.relay;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.util.Locale;
import java.util.Objects;
import sotto.rooms.wire.RelayTicket;

/**
 * A relay node's sign of life (docs/operate.md): JSON in the body of {@code POST} to {@link #PATH}, with {@link
 * NodeSecret#beatMac} over the body as {@code Authorization: SottoNode <base64url>}.
 *
 * @param node id of the node, made when it starts: 22 characters of base64url
 * @param url where clients reach it
 * @param state how it is
 * @param time the node's clock in ms since 1970, rising with each beat
 */
record NodeBeat(String node, URI url, State state, long time) {
    /** How a node is, by its own account. */
    enum State {
        UP,
        DOWN,
        /** Going to stop when its rooms are over. */
        DRAINING,
        /** This is the last one. */
        GONE
    }

    static final String PATH = "/v1/relay-node";
    static final String SCHEME = "SottoNode ";
    static final int MOST_BYTES = 1_024;

    private static final int VERSION = 1;
    private static final ObjectMapper MAPPER = JsonMapper.builder(JsonFactory.builder()
                    .streamReadConstraints(StreamReadConstraints.builder()
                            .maxNestingDepth(2)
                            .maxStringLength(MOST_BYTES)
                            .maxNameLength(32)
                            .maxNumberLength(20)
                            .build())
                    .build())
            .enable(DeserializationFeature.FAIL_ON_READING_DUP_TREE_KEY)
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .build();

    NodeBeat {
        if (!node.matches("[A-Za-z0-9_-]{22}")) throw new IllegalArgumentException("node is no node id");
        RelayTicket.nodeUrl(url.toString());
        Objects.requireNonNull(state, "state");
        if (time < 0) throw new IllegalArgumentException("time is negative");
    }

    byte[] encode() {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try (JsonGenerator json = MAPPER.createGenerator(out)) {
            json.writeStartObject();
            json.writeNumberField("version", VERSION);
            json.writeStringField("node", node);
            json.writeStringField("url", url.toString());
            json.writeStringField("state", state.name().toLowerCase(Locale.ROOT));
            json.writeNumberField("time", time);
            json.writeEndObject();
        } catch (IOException impossible) {
            throw new UncheckedIOException("writing to memory failed", impossible);
        }
        return out.toByteArray();
    }

    /** @throws IllegalArgumentException unless these are exactly the fields of a beat; says which is wrong */
    static NodeBeat decode(byte[] body) {
        JsonNode json;
        try {
            json = MAPPER.readTree(body);
        } catch (JsonProcessingException notJson) { // its message quotes the input
            throw new IllegalArgumentException("the body is no JSON, or has a field twice");
        } catch (IOException impossible) {
            throw new UncheckedIOException("reading from memory failed", impossible);
        }
        if (json == null || !json.isObject()) throw new IllegalArgumentException("the body is no JSON object");
        if (!json.path("version").isInt() || json.path("version").intValue() != VERSION)
            throw new IllegalArgumentException("version is not " + VERSION);
        if (json.size() != 5) throw new IllegalArgumentException("the body has too many or too few fields");
        if (!json.path("time").isIntegralNumber() || !json.path("time").canConvertToLong())
            throw new IllegalArgumentException("time is no number");
        return new NodeBeat(
                text(json, "node"),
                RelayTicket.nodeUrl(text(json, "url")),
                state(text(json, "state")),
                json.path("time").longValue());
    }

    private static String text(JsonNode json, String field) {
        if (!json.path(field).isTextual()) throw new IllegalArgumentException(field + " is no text");
        return json.path(field).textValue();
    }

    private static State state(String text) {
        for (State state : State.values())
            if (state.name().toLowerCase(Locale.ROOT).equals(text)) return state;
        throw new IllegalArgumentException("state is unknown");
    }
}
