package sotto.bridge.gate;

import java.util.List;
import java.util.Objects;

/**
 * What a request shows of itself. Absent headers are empty strings.
 *
 * @param socket whether it asks for an upgrade to a WebSocket
 * @param host header {@code Host}
 * @param origin header {@code Origin}
 * @param fetchSite header {@code Sec-Fetch-Site}
 * @param cookies values of all cookies called {@link Gate#cookieName}
 */
public record Visitor(
        String method, boolean socket, String host, String origin, String fetchSite, List<String> cookies) {
    public Visitor {
        Objects.requireNonNull(method);
        Objects.requireNonNull(host);
        Objects.requireNonNull(origin);
        Objects.requireNonNull(fetchSite);
        cookies = List.copyOf(cookies);
    }
}
