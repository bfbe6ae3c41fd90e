package sotto.bridge.local;

import java.io.IOException;

/** Another program listens on the wanted port. */
public final class PortInUseException extends IOException {
    private final int port;

    PortInUseException(int port, Throwable cause) {
        super("port " + port + " of 127.0.0.1 is in use by another program", cause);
        this.port = port;
    }

    public int port() {
        return port;
    }
}
