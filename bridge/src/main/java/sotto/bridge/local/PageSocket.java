package sotto.bridge.local;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.eclipse.jetty.websocket.api.Session;
import sotto.bridge.gate.SocketId;
import sotto.bridge.messages.BackendToPage;
import sotto.bridge.messages.BridgeCodec;
import sotto.bridge.messages.PageToBackend;
import sotto.bridge.messages.Problem;

/** One page's socket, whether let in or waiting. */
final class PageSocket implements PageLink {
    /** Messages that a page may send before it is let in. */
    static final int MOST_EARLY = 16;

    enum State {
        ARRIVED,
        LET_IN,
        /** Turned away, moved, or closed: nothing it says counts. */
        LEFT
    }

    private final SocketId id;
    private final Outbox outbox;
    private final String userAgent;
    /** Messages handed to the bridge's thread that it has not taken up. */
    final AtomicInteger unread = new AtomicInteger();

    // Of the bridge's thread alone
    State state = State.ARRIVED;
    boolean helloSeen;
    int faults;
    final List<PageToBackend> early = new ArrayList<>();

    PageSocket(SocketId id, Session session, String userAgent) {
        this.id = id;
        this.outbox = new Outbox(session);
        this.userAgent = userAgent;
    }

    SocketId id() {
        return id;
    }

    @Override
    public String userAgent() {
        return userAgent;
    }

    @Override
    public void send(BackendToPage message) {
        outbox.send(BridgeCodec.BACKEND_TO_PAGE.encode(message));
    }

    @Override
    public void close(Problem problem) {
        send(new BackendToPage.Closed(problem));
        outbox.close(Close.DONE, problem.code());
    }

    void ping() {
        outbox.ping();
    }

    /** Without a word: for a socket that floods. */
    void cutOff() {
        outbox.cutOff();
    }

    @Override
    public String toString() {
        return "page " + id.number();
    }
}
