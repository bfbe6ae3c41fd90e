package sotto.rooms.session;

import java.net.URI;
import sotto.rooms.wire.ClientFrame;
import sotto.rooms.wire.RefusalCode;
import sotto.rooms.wire.RelayTicket;
import sotto.rooms.wire.ServerFrame;

/**
 * Asks the server for relay tickets and ICE servers, and passes its answers on. None of it is state of the room, so that
 * the machine never hears of it. Each question is answered once, also when the connection breaks before the server does;
 * an answer without a question is dropped.
 */
final class RelayDesk {
    /** Questions that may wait at once; the server limits them much lower. */
    private static final int MOST_ASKED = 16;

    private final Shell shell;
    private int ticketsAsked;

    RelayDesk(Shell shell) {
        this.shell = shell;
    }

    void askTicket(ClientFrame.Ticket ask) {
        if (shell.over) return;
        if (shell.sealer == null) {
            shell.listener.relayRefused(RelayRefusal.NONE, "The coordination server is not reachable.");
        } else if (ticketsAsked == MOST_ASKED) {
            shell.listener.relayRefused(RelayRefusal.NONE, "The coordination server has not answered yet.");
        } else {
            ticketsAsked++;
            shell.transmit(ask);
        }
    }

    void askIceServers() {
        if (!shell.over && shell.sealer != null) shell.transmit(new ClientFrame.Ice());
    }

    void entered(ServerFrame.Entered entered) {
        shell.listener.iceServers(entered.iceServers());
        shell.listener.relayOffered(entered.relay());
    }

    void disconnected() {
        for (; ticketsAsked > 0; ticketsAsked--)
            shell.listener.relayRefused(
                    RelayRefusal.NONE, "The connection to the coordination server broke before it answered.");
    }

    void ice(ServerFrame.Ice ice) {
        if (shell.sealer != null) shell.listener.iceServers(ice.iceServers());
    }

    void ticket(RelayTicket ticket) {
        if (ticketsAsked == 0) return;
        ticketsAsked--;
        if (mayLeadTo(ticket.url())) shell.listener.relayTicket(ticket);
        else
            shell.listener.relayRefused(
                    RelayRefusal.NONE, "The coordination server named a relay that is reached without TLS.");
    }

    /** @return whether the refusal was about a ticket */
    boolean refused(ServerFrame.Refused refused) {
        if (refused.code() != RefusalCode.RELAY_NONE && refused.code() != RefusalCode.RELAY_PASS) return false;
        if (ticketsAsked > 0) {
            ticketsAsked--;
            shell.listener.relayRefused(
                    refused.code() == RefusalCode.RELAY_PASS ? RelayRefusal.PASS : RelayRefusal.NONE, refused.text());
        }
        return true;
    }

    /** As for links: without TLS only where the coordination server is on this machine itself. */
    private boolean mayLeadTo(URI url) {
        return url.getScheme().equals("wss") || shell.link.server().getScheme().equals("http");
    }
}
