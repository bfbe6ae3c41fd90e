package sotto.rooms.wire;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.util.List;

/**
 * Frames to JSON text and back. Decoding is strict: one JSON object of at most {@link WireLimits#FRAME_BYTES} UTF-8
 * bytes, with exactly the fields of its type, each once, and nothing after it; all else is a {@link WireException} that
 * says what was wrong. Safe for use from any thread.
 */
public final class WireCodec {
    private static final JsonFactory FACTORY = new JsonFactory();

    private WireCodec() {}

    /** The frame as JSON text. */
    public static String encode(ClientFrame frame) {
        return write(json -> {
            switch (frame) {
                case ClientFrame.Enter enter -> {
                    json.writeStringField("type", "enter");
                    json.writeNumberField("version", enter.version());
                    json.writeStringField("room", enter.room().toString());
                }
                case ClientFrame.Post post -> {
                    json.writeStringField("type", "post");
                    json.writeStringField("payload", post.payload().text());
                }
                case ClientFrame.Commit commit -> {
                    json.writeStringField("type", "commit");
                    json.writeStringField("group", commit.group().toString());
                    json.writeNumberField("epoch", commit.epoch());
                    json.writeStringField("payload", commit.payload().text());
                }
                case ClientFrame.Send send -> {
                    json.writeStringField("type", "send");
                    json.writeStringField("to", send.to().toString());
                    json.writeStringField("payload", send.payload().text());
                }
                case ClientFrame.Ticket ticket -> {
                    json.writeStringField("type", "ticket");
                    json.writeStringField("pass", ticket.pass().orElse(null));
                    json.writeStringField("failed", ticket.failed().orElse(null));
                }
                case ClientFrame.Ice ice -> json.writeStringField("type", "ice");
            }
        });
    }

    /** The frame as JSON text. */
    public static String encode(ServerFrame frame) {
        return write(json -> {
            switch (frame) {
                case ServerFrame.Entered entered -> write(json, entered);
                case ServerFrame.Entry entry -> write(json, entry.entry());
                case ServerFrame.Sent sent -> {
                    json.writeStringField("type", "sent");
                    json.writeStringField("from", sent.from().toString());
                    json.writeStringField("payload", sent.payload().text());
                }
                case ServerFrame.Lost lost -> {
                    json.writeStringField("type", "lost");
                    json.writeStringField("group", lost.group().toString());
                    json.writeNumberField("epoch", lost.epoch());
                }
                case ServerFrame.Ticket ticket -> {
                    json.writeStringField("type", "ticket");
                    json.writeStringField("node", ticket.ticket().node());
                    json.writeStringField("url", ticket.ticket().url().toString());
                    json.writeStringField("token", ticket.ticket().token());
                    json.writeNumberField("expires", ticket.ticket().expires().toEpochMilli());
                }
                case ServerFrame.Ice ice -> {
                    json.writeStringField("type", "ice");
                    write(json, ice.iceServers());
                }
                case ServerFrame.Refused refused -> {
                    json.writeStringField("type", "refused");
                    json.writeStringField("code", refused.code().text());
                    json.writeStringField("text", refused.text());
                    json.writeBooleanField("fatal", refused.fatal());
                }
            }
        });
    }

    /** @throws WireException unless the text is exactly one frame of a client */
    public static ClientFrame decodeClient(String text) throws WireException {
        FrameReader in = FrameReader.of(text);
        ClientFrame frame = switch (in.type()) {
            case "enter" -> new ClientFrame.Enter(in.version(), in.value("room", RoomId::fromString));
            case "post" -> new ClientFrame.Post(in.payload());
            case "commit" ->
                new ClientFrame.Commit(in.value("group", GroupId::fromString), in.number("epoch"), in.payload());
            case "send" -> new ClientFrame.Send(in.value("to", ConnectionId::fromString), in.payload());
            case "ticket" ->
                new ClientFrame.Ticket(
                        in.nullable("pass", WireLimits::pass), in.nullable("failed", RelayTicket::checkNode));
            case "ice" -> new ClientFrame.Ice();
            default -> throw FrameReader.unknownType();
        };
        in.end();
        return frame;
    }

    /** @throws WireException unless the text is exactly one frame of a server */
    public static ServerFrame decodeServer(String text) throws WireException {
        FrameReader in = FrameReader.of(text);
        ServerFrame frame = switch (in.type()) {
            case "entered" -> in.entered();
            case "entry" -> new ServerFrame.Entry(in.logEntry());
            case "sent" -> new ServerFrame.Sent(in.value("from", ConnectionId::fromString), in.payload());
            case "lost" -> new ServerFrame.Lost(in.value("group", GroupId::fromString), in.number("epoch"));
            case "ticket" -> new ServerFrame.Ticket(in.ticket());
            case "ice" -> new ServerFrame.Ice(in.iceServers());
            case "refused" ->
                new ServerFrame.Refused(
                        in.value("code", RefusalCode::fromString), in.shortText("text"), in.bool("fatal"));
            default -> throw FrameReader.unknownType();
        };
        in.end();
        return frame;
    }

    private static void write(JsonGenerator json, ServerFrame.Entered entered) throws IOException {
        json.writeStringField("type", "entered");
        json.writeNumberField("version", entered.version());
        json.writeStringField("connection", entered.connection().toString());
        json.writeStringField("log", entered.log().toString());
        json.writeNumberField("sequence", entered.head().sequence());
        json.writeStringField("hash", entered.head().hash().toString());
        json.writeArrayFieldStart("present");
        for (ConnectionId connection : entered.present()) json.writeString(connection.toString());
        json.writeEndArray();
        write(json, entered.iceServers());
        json.writeBooleanField("relay", entered.relay());
    }

    private static void write(JsonGenerator json, List<IceServer> iceServers) throws IOException {
        json.writeArrayFieldStart("iceServers");
        for (IceServer server : iceServers) {
            json.writeStartObject();
            json.writeArrayFieldStart("urls");
            for (String url : server.urls()) json.writeString(url);
            json.writeEndArray();
            if (server.username().isPresent())
                json.writeStringField("username", server.username().get());
            if (server.credential().isPresent())
                json.writeStringField("credential", server.credential().get());
            if (server.life().isPresent())
                json.writeNumberField("life", server.life().get().toSeconds());
            json.writeEndObject();
        }
        json.writeEndArray();
    }

    private static void write(JsonGenerator json, LogEntry entry) throws IOException {
        json.writeStringField("type", "entry");
        json.writeNumberField("sequence", entry.sequence());
        json.writeStringField(
                "kind",
                switch (entry) {
                    case LogEntry.Arrived arrived -> "arrived";
                    case LogEntry.Gone gone -> "gone";
                    case LogEntry.Message message -> "message";
                    case LogEntry.Commit commit -> "commit";
                });
        json.writeStringField("from", entry.from().toString());
        switch (entry) {
            case LogEntry.Arrived arrived -> {}
            case LogEntry.Gone gone -> {}
            case LogEntry.Message message ->
                json.writeStringField("payload", message.payload().text());
            case LogEntry.Commit commit -> {
                json.writeStringField("group", commit.group().toString());
                json.writeNumberField("epoch", commit.epoch());
                json.writeStringField("payload", commit.payload().text());
            }
        }
    }

    @FunctionalInterface
    private interface Fields {
        void writeTo(JsonGenerator json) throws IOException;
    }

    private static String write(Fields fields) {
        StringWriter text = new StringWriter();
        try (JsonGenerator json = FACTORY.createGenerator(text)) {
            json.writeStartObject();
            fields.writeTo(json);
            json.writeEndObject();
        } catch (IOException impossible) {
            throw new UncheckedIOException("writing to a string failed", impossible);
        }
        return text.toString();
    }
}
