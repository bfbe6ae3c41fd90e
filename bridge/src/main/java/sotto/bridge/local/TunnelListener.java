package sotto.bridge.local;

import java.util.Optional;

/**
 * Carries what the page's relay client says to a relay. The page itself reaches nothing but this computer, and never
 * holds what lets it in there.
 */
public interface TunnelListener {

    /**
     * Somebody who has passed the door's checks shows a tunnel's name. It is good once.
     *
     * @return how it goes on, or empty if the name is not, or no longer, good
     */
    Optional<Tunnel> redeem(String name);

    /** One tunnel, from the page's socket to a relay's. Calls come one after the other. */
    interface Tunnel {
        /**
         * The page's socket is open.
         *
         * @param joinRequest what the client says of itself: LiveKit's {@code join_request}, in base64url
         */
        void opened(TunnelLink page, String joinRequest);

        /** A binary message of the page, at most {@link TunnelLink#MOST_BYTES} long. */
        void message(byte[] message);

        /** The page's socket is closed. Told once. */
        void closed();
    }

    /** No relay: every tunnel is refused. */
    TunnelListener NONE = name -> Optional.empty();
}
