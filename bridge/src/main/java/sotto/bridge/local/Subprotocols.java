package sotto.bridge.local;

import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import sotto.bridge.messages.Protocol;

/**
 * What a socket offers in {@code Sec-WebSocket-Protocol}: the protocol, and after it the token or ticket. Browsers let a
 * page set no other header.
 *
 * @param token page token or worker ticket, or an empty string if none was offered
 */
record Subprotocols(String token) {
    private static final Pattern TOKEN = Pattern.compile(Pattern.quote(Protocol.TOKEN_PREFIX) + "([A-Za-z0-9_-]{43})");

    /** Empty if anything else is offered, in another order, or twice. */
    static Optional<Subprotocols> parse(String header) {
        List<String> offered = Stream.of((header == null ? "" : header).split(",", -1))
                .map(String::strip)
                .toList();
        if (!offered.getFirst().equals(Protocol.SUBPROTOCOL) || offered.size() > 2) return Optional.empty();
        if (offered.size() == 1) return Optional.of(new Subprotocols(""));
        var token = TOKEN.matcher(offered.get(1));
        return token.matches() ? Optional.of(new Subprotocols(token.group(1))) : Optional.empty();
    }

    @Override
    public String toString() {
        return "Subprotocols";
    }
}
