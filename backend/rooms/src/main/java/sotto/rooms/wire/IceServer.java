package sotto.rooms.wire;

import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * A STUN or TURN server that the operator offers, in the shape of WebRTC's {@code RTCIceServer}.
 *
 * @param urls {@code stun:}, {@code stuns:}, {@code turn:} or {@code turns:} URLs (RFC 7064, RFC 7065), at least one
 * @param username for TURN
 * @param credential for TURN
 * @param life how long user name and credential are good for, from the frame that brings them; whole seconds, a day at
 *     most. Empty if they do not end
 */
public record IceServer(
        List<String> urls, Optional<String> username, Optional<String> credential, Optional<Duration> life) {
    /** Longest life of credentials. */
    public static final Duration LONGEST_LIFE = Duration.ofDays(1);

    public IceServer {
        urls = List.copyOf(urls);
        if (urls.isEmpty() || urls.size() > WireLimits.ICE_URLS)
            throw new IllegalArgumentException(
                    "an ICE server has " + urls.size() + " URLs instead of 1 to " + WireLimits.ICE_URLS);
        for (String url : urls) checkUrl(url);
        username.ifPresent(text -> WireLimits.text("ICE user name", text));
        credential.ifPresent(text -> WireLimits.text("ICE credential", text));
        if (username.isPresent() != credential.isPresent())
            throw new IllegalArgumentException("an ICE server has a user name without a credential or the reverse");
        life.ifPresent(time -> {
            if (username.isEmpty()) throw new IllegalArgumentException("an ICE server without credentials has a life");
            checkLife(time);
        });
    }

    /** With credentials that do not end, or none. */
    public IceServer(List<String> urls, Optional<String> username, Optional<String> credential) {
        this(urls, username, credential, Optional.empty());
    }

    /** @throws IllegalArgumentException unless credentials may live so long */
    public static void checkLife(Duration life) {
        if (life.toSeconds() < 1 || life.compareTo(LONGEST_LIFE) > 0 || life.getNano() != 0)
            throw new IllegalArgumentException(
                    "the credentials of an ICE server live from 1 s to " + LONGEST_LIFE.toSeconds() + " s");
    }

    private static void checkUrl(String url) {
        WireLimits.text("ICE URL", url);
        if (!url.matches("(stun|turn)s?:[\\x21-\\x7e]+"))
            throw new IllegalArgumentException("an ICE URL must start with stun:, stuns:, turn: or turns:");
    }

    /** Tells no credential. */
    @Override
    public String toString() {
        return "IceServer" + urls;
    }
}
