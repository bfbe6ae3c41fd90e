package sotto.server;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import sotto.rooms.wire.IceServer;

/**
 * A TURN server of the operator's, with which this server shares a secret: coturn's {@code use-auth-secret}, the TURN REST
 * scheme (draft-uberti-behave-turn-rest-00). The user name is {@code <expiry, s since 1970>:<random>}, the password
 * base64(HMAC-SHA1(secret, user name)). The TURN server learns nothing from it but when it was made.
 */
public final class TurnServer {
    /**
     * For how long fresh credentials open an allocation, unless the operator wants another time; an allocation that stands
     * outlives them.
     */
    public static final Duration LIFE = Duration.ofHours(1);

    private static final int RANDOM_BYTES = 12;

    private final List<String> urls;
    private final SecretKeySpec secret;
    private final Duration life;
    private final SecureRandom random = new SecureRandom();

    /**
     * @param urls {@code turn:} or {@code turns:} URLs of one server
     * @param secret its {@code static-auth-secret}
     * @param life of the credentials, from 1 s to a day
     * @throws IllegalArgumentException if a URL is none, there are too many for a frame, or the life is out of range
     */
    public TurnServer(List<String> urls, String secret, Duration life) {
        for (String url : urls)
            if (!url.startsWith("turn:") && !url.startsWith("turns:"))
                throw new IllegalArgumentException("a TURN URL must start with turn: or turns:");
        if (secret.isBlank()) throw new IllegalArgumentException("the TURN secret is empty");
        this.urls = List.copyOf(urls);
        this.secret = new SecretKeySpec(secret.getBytes(StandardCharsets.UTF_8), "HmacSHA1");
        this.life = life;
        credentials(Instant.EPOCH); // refuses bad URLs now
    }

    /** The server with credentials of their own for one client. */
    IceServer credentials(Instant now) {
        byte[] unique = new byte[RANDOM_BYTES];
        random.nextBytes(unique);
        String username = now.plus(life).getEpochSecond() + ":" + HexFormat.of().formatHex(unique);
        return new IceServer(urls, Optional.of(username), Optional.of(password(username)), Optional.of(life));
    }

    private String password(String username) {
        try {
            Mac mac = Mac.getInstance("HmacSHA1");
            mac.init(secret);
            return Base64.getEncoder().encodeToString(mac.doFinal(username.getBytes(StandardCharsets.UTF_8)));
        } catch (GeneralSecurityException missing) {
            throw new AssertionError("this Java lacks HmacSHA1", missing);
        }
    }

    /** Tells no secret. */
    @Override
    public String toString() {
        return "TurnServer" + urls;
    }
}
