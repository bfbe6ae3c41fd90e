package sotto.app.net;

import java.net.ConnectException;
import java.net.SocketException;
import java.net.UnknownHostException;
import java.net.http.HttpTimeoutException;
import java.net.http.WebSocketHandshakeException;
import java.nio.channels.UnresolvedAddressException;
import java.util.concurrent.CancellationException;
import javax.net.ssl.SSLException;

/** Why a connection could not be made, in words for the log. */
enum ConnectFailure {
    UNKNOWN_HOST("unknown host: there is no address for the server's name"),
    UNREACHABLE("unreachable: nothing answers at the server's address"),
    TIMEOUT("timeout: the server did not answer in time"),
    TLS("tls: the server's certificate or encryption is not acceptable"),
    NOT_A_SERVER("not a server: what answers there is no coordination server of this version"),
    FULL("full: the server takes no more connections"),
    CANCELLED("cancelled"),
    OTHER("failed: the connection could not be made");

    private static final int UNAVAILABLE = 503;

    private final String text;

    ConnectFailure(String text) {
        this.text = text;
    }

    String text() {
        return text;
    }

    static ConnectFailure of(Throwable failed) {
        // The telling exception stands anywhere in the chain: the HTTP client wraps by route.
        ConnectFailure broad = OTHER;
        for (Throwable cause = failed; cause != null; cause = cause.getCause()) {
            switch (cause) {
                case WebSocketHandshakeException refused -> {
                    return refused.getResponse().statusCode() == UNAVAILABLE ? FULL : NOT_A_SERVER;
                }
                case UnresolvedAddressException unresolved -> {
                    return UNKNOWN_HOST;
                }
                case UnknownHostException unknown -> {
                    return UNKNOWN_HOST;
                }
                case SSLException tls -> {
                    return TLS;
                }
                case HttpTimeoutException late -> {
                    return TIMEOUT;
                }
                case CancellationException cancelled -> {
                    return CANCELLED;
                }
                case ConnectException refused -> broad = UNREACHABLE;
                case SocketException broken -> broad = UNREACHABLE;
                default -> {}
            }
        }
        return broad;
    }
}
