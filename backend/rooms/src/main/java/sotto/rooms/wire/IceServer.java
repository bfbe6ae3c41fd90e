package sotto.rooms.wire;

import java.util.List;
import java.util.Optional;

/**
 * A STUN or TURN server that the operator offers, in the shape of WebRTC's {@code RTCIceServer}.
 *
 * @param urls {@code stun:}, {@code stuns:}, {@code turn:} or {@code turns:} URLs (RFC 7064, RFC 7065), at least one
 * @param username for TURN
 * @param credential for TURN
 */
public record IceServer(List<String> urls, Optional<String> username, Optional<String> credential) {
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
