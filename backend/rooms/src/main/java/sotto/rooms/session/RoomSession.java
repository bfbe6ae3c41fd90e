package sotto.rooms.session;

import java.util.Objects;
import java.util.Optional;
import java.util.function.UnaryOperator;
import sotto.rooms.RoomLink;
import sotto.rooms.RoomPath;
import sotto.rooms.envelope.RoomMessage;
import sotto.rooms.group.Bytes;
import sotto.rooms.group.ParticipantId;
import sotto.rooms.machine.RoomEvent;
import sotto.rooms.rules.Pass;
import sotto.rooms.rules.Settings;
import sotto.rooms.wire.ClientFrame;
import sotto.rooms.wire.WireLimits;

/**
 * One stay in one room. All methods may be called from any thread and return at once; the work is done on the ports'
 * executor, in the order of the calls. A session is used once: after {@link RoomListener#ended} a new one is made.
 */
public final class RoomSession {
    /** UTF-16 characters of one signal's data. */
    public static final int SIGNAL_CHARS = RoomMessage.SIGNAL_CHARS;

    private final RoomPorts ports;
    private final Shell shell;

    /**
     * @param link stays open until the session has ended; closed by the caller
     * @param listener called on the ports' executor
     */
    public RoomSession(RoomLink link, RoomPorts ports, RoomListener listener) {
        this.ports = Objects.requireNonNull(ports, "ports");
        shell = new Shell(Objects.requireNonNull(link, "link"), ports, Objects.requireNonNull(listener, "listener"));
    }

    /** Connects and enters. */
    public void enter() {
        ports.executor().execute(shell::enter);
    }

    /** Tells the others and ends the session; the others remove this member from the group. */
    public void leave() {
        ports.executor().execute(() -> shell.handle(new RoomEvent.Leave()));
    }

    /**
     * Sends a signal, sealed and signed, to one participant. Kept for a while if the participant is not connected.
     *
     * @param session media session of the sending page: 16 bytes in base64url
     * @param data SDP or candidate JSON, at most {@link #SIGNAL_CHARS}
     * @throws IllegalArgumentException if session or data are longer than allowed
     */
    public void signal(ParticipantId to, String session, String data) {
        Objects.requireNonNull(to, "to");
        RoomMessage.Signal signal = new RoomMessage.Signal(session, data);
        ports.executor().execute(() -> shell.signal(to, signal));
    }

    /** Tells everybody, now and whoever joins later, what one sends. */
    public void setState(Tracks tracks) {
        Objects.requireNonNull(tracks, "tracks");
        ports.executor().execute(() -> shell.setState(tracks));
    }

    /**
     * Asks the coordination server for a way into the room's call on a relay. It answers once, by
     * {@link RoomListener#relayTicket} or {@link RoomListener#relayRefused}; tickets are short-lived and good for one
     * connection, so that one is asked for each time.
     *
     * @param pass what the operator wants to see, if anything: at most {@link WireLimits#TICKET_CHARS} characters
     * @param failedNode the node of the last ticket, if it no longer answers: the room gets another one if it is dead
     * @throws IllegalArgumentException if one of the two can't be one
     */
    public void askTicket(Optional<String> pass, Optional<String> failedNode) {
        ClientFrame.Ticket ask = new ClientFrame.Ticket(pass, failedNode);
        ports.executor().execute(() -> shell.relay.askTicket(ask));
    }

    /** Asks for the ICE servers anew, answered by {@link RoomListener#iceServers}; nothing comes without a connection. */
    public void askIceServers() {
        ports.executor().execute(() -> shell.relay.askIceServers());
    }

    /**
     * Switches how media travels, for everybody, if the rules let this person. {@link RoomListener#agreed} tells when it is
     * so; where it cannot be now, nothing happens.
     */
    public void setPath(RoomPath path) {
        Objects.requireNonNull(path, "path");
        ports.executor().execute(() -> shell.hosting.setPath(path));
    }

    /**
     * Sets the room's rules, if this person is a host and is in the group.
     *
     * @param change from what holds to what shall hold; its path is left alone
     */
    public void setRules(UnaryOperator<Settings> change) {
        Objects.requireNonNull(change, "change");
        ports.executor().execute(() -> shell.hosting.change(change));
    }

    /**
     * Names a host, or takes the name back, if this person made the room.
     *
     * @param identity identity key, 33 bytes
     */
    public void nameHost(Bytes identity, boolean host) {
        Objects.requireNonNull(identity, "identity");
        ports.executor().execute(() -> shell.hosting.name(identity, host));
    }

    /** Lets somebody who waits into the locked room, or refuses, if this person is a host. */
    public void admit(Pass pass, boolean allow) {
        Objects.requireNonNull(pass, "pass");
        ports.executor().execute(() -> shell.hosting.admit(pass, allow));
    }

    /** Asks for a new epoch: a new worker needs a send key that no other worker had. */
    public void rekey() {
        ports.executor().execute(() -> shell.handle(new RoomEvent.Rekey()));
    }

    /**
     * Makes a commit of one's own if that is possible now, which renews the own leaf: one that still has its KeyPackage's
     * lifetime is refused by newcomers when that is over. Another member's commit may win: look, and ask again.
     */
    public void renew() {
        ports.executor().execute(() -> shell.handle(new RoomEvent.Renew()));
    }
}
