package sotto.app.relay;

import java.net.ProtocolException;
import java.net.http.WebSocketHandshakeException;
import javax.net.ssl.SSLException;

/** Why a tunnel came to nothing. */
public enum TunnelFailure {
    /** Nothing answers at the node's address, or it can't take anybody now. */
    UNREACHABLE,
    /** Who answers can't prove to be the node that was named. Nothing was said to them. */
    CERTIFICATE,
    /** The node does not take the ticket: it was made with another key, or is over by the node's clock. */
    TICKET,
    /** Who answers does not speak the relay's protocol, or another version of it. */
    VERSION;

    private static final int UNAUTHORIZED = 401;
    private static final int FORBIDDEN = 403;
    private static final int SERVER_ERROR = 500;

    static TunnelFailure of(Throwable opening) {
        return switch (opening) {
            case WebSocketHandshakeException refused -> of(refused.getResponse().statusCode());
            case SSLException untrusted -> CERTIFICATE;
            case ProtocolException foreign -> VERSION;
            default -> UNREACHABLE;
        };
    }

    private static TunnelFailure of(int status) {
        if (status == UNAUTHORIZED || status == FORBIDDEN) return TICKET;
        return status >= SERVER_ERROR ? UNREACHABLE : VERSION;
    }
}
