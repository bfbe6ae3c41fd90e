package sotto.rooms.session;

import java.util.Objects;
import sotto.rooms.RoomLink;
import sotto.rooms.group.ParticipantId;

/**
 * One stay in one room. All methods may be called from any thread and return at once; the work is done on the ports'
 * executor, in the order of the calls. A session is used once: after {@link RoomListener#ended} a new one is made.
 */
public final class RoomSession {
    /** UTF-16 characters of one signal's data. */
    public static final int SIGNAL_CHARS = 64 * 1024;

    private final RoomLink link;
    private final RoomPorts ports;
    private final RoomListener listener;

    /**
     * @param link stays open until the session has ended; closed by the caller
     * @param listener called on the ports' executor
     */
    public RoomSession(RoomLink link, RoomPorts ports, RoomListener listener) {
        this.link = Objects.requireNonNull(link, "link");
        this.ports = Objects.requireNonNull(ports, "ports");
        this.listener = Objects.requireNonNull(listener, "listener");
    }

    /** Connects and enters. */
    public void enter() {
        throw new UnsupportedOperationException("not there yet");
    }

    /** Tells the others and ends the session; the others remove this member from the group. */
    public void leave() {
        throw new UnsupportedOperationException("not there yet");
    }

    /**
     * Sends a signal, sealed and signed, to one participant. Kept for a while if the participant is not connected.
     *
     * @param session media session of the sending page: 16 bytes in base64url
     * @param data SDP or candidate JSON, at most {@link #SIGNAL_CHARS}
     */
    public void signal(ParticipantId to, String session, String data) {
        throw new UnsupportedOperationException("not there yet");
    }

    /** Tells everybody, now and whoever joins later, what one sends. */
    public void setState(Tracks tracks) {
        throw new UnsupportedOperationException("not there yet");
    }

    /** Asks for a new epoch: a new worker needs a send key that no other worker had. */
    public void rekey() {
        throw new UnsupportedOperationException("not there yet");
    }
}
