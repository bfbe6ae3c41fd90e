package sotto.server.relay.livekit;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.util.Base64;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import sotto.server.relay.RelayEngine.Seat;
import sotto.server.relay.RelayKey;

/**
 * LiveKit's access token: a JWT (RFC 7519) signed with HMAC-SHA256 (RFC 7515, RFC 7518 §3.2).
 *
 * <p>It lets its bearer join one room under one identity, publish the four tracks of a call and subscribe. What could
 * carry something in the clear is not granted: data channels, metadata, attributes, a name.
 */
final class LiveKitToken {
    private static final JsonFactory JSON = new JsonFactory();
    private static final Base64.Encoder BASE64 = Base64.getUrlEncoder().withoutPadding();
    private static final String HEADER =
            BASE64.encodeToString("{\"alg\":\"HS256\",\"typ\":\"JWT\"}".getBytes(StandardCharsets.US_ASCII));
    private static final String[] SOURCES = {"microphone", "camera", "screen_share", "screen_share_audio"};

    private LiveKitToken() {}

    static String mint(RelayKey key, Seat seat) {
        String signed = HEADER + "." + BASE64.encodeToString(claims(key, seat));
        return signed + "." + BASE64.encodeToString(hmac(key.secret(), signed));
    }

    private static byte[] claims(RelayKey key, Seat seat) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try (JsonGenerator json = JSON.createGenerator(out)) {
            json.writeStartObject();
            json.writeStringField("iss", key.name());
            json.writeStringField("sub", seat.identity());
            json.writeNumberField("nbf", seat.from().getEpochSecond());
            json.writeNumberField("exp", seat.expires().getEpochSecond());
            json.writeObjectFieldStart("video");
            json.writeStringField("room", seat.call());
            json.writeBooleanField("roomJoin", true);
            json.writeBooleanField("canPublish", true);
            json.writeArrayFieldStart("canPublishSources");
            for (String source : SOURCES) json.writeString(source);
            json.writeEndArray();
            json.writeBooleanField("canSubscribe", true);
            json.writeBooleanField("canPublishData", false);
            json.writeBooleanField("canUpdateOwnMetadata", false);
            json.writeBooleanField("canSubscribeMetrics", false);
            json.writeBooleanField("hidden", false);
            json.writeEndObject();
            json.writeEndObject();
        } catch (IOException impossible) {
            throw new UncheckedIOException("writing to memory failed", impossible);
        }
        return out.toByteArray();
    }

    private static byte[] hmac(String secret, String signed) {
        try {
            Mac mac = Mac.getInstance("HmacSHA256");
            mac.init(new SecretKeySpec(secret.getBytes(StandardCharsets.US_ASCII), "HmacSHA256"));
            return mac.doFinal(signed.getBytes(StandardCharsets.US_ASCII));
        } catch (GeneralSecurityException missing) {
            throw new AssertionError("every Java platform has HmacSHA256", missing);
        }
    }
}
