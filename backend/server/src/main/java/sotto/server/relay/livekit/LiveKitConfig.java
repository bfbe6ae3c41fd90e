package sotto.server.relay.livekit;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.NetworkInterface;
import java.util.List;
import sotto.server.relay.RelayEngine.Binding;
import sotto.server.relay.RelayKey;

/** LiveKit's settings for a node that this server runs: JSON, which is YAML too. */
final class LiveKitConfig {
    private static final JsonFactory JSON = new JsonFactory();
    /** Seconds for which a call is kept that nobody is in: as long as a client may take to come back. */
    private static final int EMPTY_SECONDS = 30;

    /**
     * How often at most a sender is asked for a key frame, whoever needs one. LiveKit's own half to full second is how long
     * somebody who joins would see nothing when the first key frame came before their browser was ready for it.
     */
    private static final String KEY_FRAME_EVERY = "200ms";

    private LiveKitConfig() {}

    static String of(RelayKey key, Binding binding) {
        StringWriter text = new StringWriter();
        try (JsonGenerator json = JSON.createGenerator(text)) {
            json.writeStartObject();
            json.writeNumberField("port", binding.port());
            json.writeArrayFieldStart("bind_addresses");
            json.writeString(binding.host());
            json.writeEndArray();
            json.writeObjectFieldStart("keys");
            json.writeStringField(key.name(), key.secret());
            json.writeEndObject();
            media(json, binding);
            json.writeObjectFieldStart("room");
            json.writeBooleanField("auto_create", true);
            json.writeNumberField("empty_timeout", EMPTY_SECONDS);
            json.writeNumberField("departure_timeout", EMPTY_SECONDS);
            json.writeNumberField("max_participants", binding.people());
            json.writeBooleanField("enable_remote_unmute", false);
            json.writeEndObject();
            json.writeObjectFieldStart("turn");
            json.writeBooleanField("enabled", false);
            json.writeEndObject();
            // From level info on it logs the addresses of clients.
            json.writeObjectFieldStart("logging");
            json.writeStringField("level", "error");
            json.writeStringField("pion_level", "error");
            json.writeEndObject();
            json.writeEndObject();
        } catch (IOException impossible) {
            throw new UncheckedIOException("writing to a string failed", impossible);
        }
        return text.toString();
    }

    private static void media(JsonGenerator json, Binding binding) throws IOException {
        json.writeObjectFieldStart("rtc");
        json.writeNumberField("udp_port", binding.mediaUdpPort());
        json.writeNumberField("tcp_port", binding.mediaTcpPort());
        json.writeObjectFieldStart("pli_throttle");
        for (String layer : List.of("low_quality", "mid_quality", "high_quality"))
            json.writeStringField(layer, KEY_FRAME_EVERY);
        json.writeEndObject();
        // It would ask a third party's STUN server for its own address.
        json.writeBooleanField("use_external_ip", false);
        if (binding.loopbackAlone()) {
            InetAddress host = InetAddress.getByName(binding.host());
            json.writeStringField("node_ip", host.getHostAddress());
            json.writeBooleanField("enable_loopback_candidate", true);
            json.writeObjectFieldStart("interfaces");
            json.writeArrayFieldStart("includes");
            NetworkInterface loopback = NetworkInterface.getByInetAddress(host);
            json.writeString(loopback == null ? "lo" : loopback.getName());
            json.writeEndArray();
            json.writeEndObject();
        } else if (binding.mediaAddress().isPresent()) {
            json.writeStringField("node_ip", binding.mediaAddress().get());
        }
        json.writeEndObject();
    }
}
