package sotto.rooms.wire;

import java.net.URI;
import java.net.URISyntaxException;
import java.time.Instant;
import java.util.Objects;

/**
 * Lets one connection into its room's call on a relay node, for a short time and once: a client that connects anew asks
 * for another.
 *
 * @param node the node's id, to be named should it fail: 1 to {@link WireLimits#NODE_CHARS} characters of base64url
 * @param url the node's WebSocket address, {@code wss:} or {@code ws:}; host, port and path only
 * @param token what the node wants to see, opaque to the client; visible ASCII
 * @param expires when the node stops taking the token from newcomers; to the millisecond
 */
public record RelayTicket(String node, URI url, String token, Instant expires) {
    public RelayTicket {
        checkNode(node);
        Objects.requireNonNull(url, "url");
        checkUrl(url);
        if (!token.matches("[\\x21-\\x7e]{1," + WireLimits.TICKET_CHARS + "}"))
            throw new IllegalArgumentException(
                    "a relay ticket's token is not 1 to " + WireLimits.TICKET_CHARS + " characters of visible ASCII");
        WireLimits.number("expires", expires.toEpochMilli());
        if (expires.getNano() % 1_000_000 != 0)
            throw new IllegalArgumentException("a relay ticket's expiry is finer than a millisecond");
    }

    /**
     * The URL of a relay node.
     *
     * @throws IllegalArgumentException unless it is one that a ticket may name
     */
    public static URI nodeUrl(String text) {
        WireLimits.text("relay URL", text);
        URI url;
        try {
            url = new URI(text);
        } catch (URISyntaxException notAUri) {
            throw new IllegalArgumentException("a relay URL is not a URL");
        }
        checkUrl(url);
        return url;
    }

    static String checkNode(String node) {
        if (!node.matches("[A-Za-z0-9_-]{1," + WireLimits.NODE_CHARS + "}"))
            throw new IllegalArgumentException(
                    "a relay node's id is not 1 to " + WireLimits.NODE_CHARS + " characters of base64url");
        return node;
    }

    private static void checkUrl(URI url) {
        if (!"ws".equals(url.getScheme()) && !"wss".equals(url.getScheme()))
            throw new IllegalArgumentException("a relay URL must begin with wss:// or ws://");
        if (url.getHost() == null) throw new IllegalArgumentException("a relay URL names no valid host");
        if (url.getRawUserInfo() != null || url.getRawQuery() != null || url.getRawFragment() != null)
            throw new IllegalArgumentException("a relay URL has a user name, a query or a fragment");
        WireLimits.text("relay URL", url.toString());
    }

    /** Tells no token. */
    @Override
    public String toString() {
        return "RelayTicket[" + node + ", expires " + expires + "]";
    }
}
