package sotto.rooms.session;

import java.net.URI;

/**
 * Opens WebSockets to the coordination server. An implementation pings a silent server and calls {@code closed} when it
 * stays silent, so that a dead network is noticed within a few seconds.
 */
public interface ServerPort {

    /**
     * Starts to connect and returns at once.
     *
     * @param server scheme, host and port, as in the link; the path is {@link sotto.rooms.wire.WireLimits#PATH}
     * @param events told what happens, from any thread, in order: {@code opened}, any number of {@code frame}, and in
     *     each case exactly one {@code closed} at the end
     */
    Connection connect(URI server, Events events);

    /** One WebSocket. */
    interface Connection {
        /** Sends a text frame after those sent before; dropped without a word once the connection is closed. */
        void send(String frame);

        /** Closes after what was sent before is out. {@code closed} still follows. Closing twice does nothing. */
        void close();
    }

    /** Told by a connection. */
    interface Events {
        /** The connection stands; frames may be sent. */
        void opened();

        /** A text frame, complete. */
        void frame(String text);

        /** The connection is over, or could not be made. {@code detail} is for the log. */
        void closed(String detail);
    }
}
