package sotto.bridge.local;

import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.Deque;
import org.eclipse.jetty.websocket.api.Callback;
import org.eclipse.jetty.websocket.api.Session;

/**
 * What waits to be written to one socket: one frame at a time, in order, bounded. A socket that does not take it in time
 * is cut off, so that a hung page costs no more than the bound. Thread-safe.
 */
final class Outbox {
    private static final int MOST_MESSAGES = 1024;
    private static final long MOST_CHARS = 8L * 1024 * 1024;

    private final Session session;
    private final Deque<String> messages = new ArrayDeque<>();
    private long chars;
    private boolean writing;
    private boolean ended;
    private int closeCode;
    private String closeReason = "";

    Outbox(Session session) {
        this.session = session;
    }

    /** Takes a message, or cuts the socket off if too much waits already. Does nothing once it has ended. */
    void send(String message) {
        boolean full;
        synchronized (this) {
            if (ended) return;
            full = messages.size() == MOST_MESSAGES || chars + message.length() > MOST_CHARS;
            if (!full) {
                messages.addLast(message);
                chars += message.length();
            }
        }
        if (full) cutOff();
        else writeNext();
    }

    /** Shows both ends that the other is there. */
    void ping() {
        if (session.isOpen()) session.sendPing(ByteBuffer.allocate(0), Callback.NOOP);
    }

    /** Drops the connection, and all that waits. */
    void cutOff() {
        synchronized (this) {
            ended = true;
            closeCode = 0;
            messages.clear();
        }
        session.disconnect();
    }

    /** Closes the socket when all that waits is written; nothing more is taken. */
    void close(int code, String reason) {
        synchronized (this) {
            if (ended) return;
            ended = true;
            closeCode = code;
            closeReason = reason;
        }
        writeNext();
    }

    private void writeNext() {
        String next;
        synchronized (this) {
            if (writing) return;
            next = messages.pollFirst();
            if (next == null && closeCode == 0) return;
            writing = true;
            if (next != null) chars -= next.length();
        }
        if (next == null) session.close(closeCode, closeReason, Callback.NOOP);
        else session.sendText(next, Callback.from(this::written, this::failed));
    }

    private void written() {
        synchronized (this) {
            writing = false;
        }
        writeNext();
    }

    private void failed(Throwable cause) {
        cutOff();
    }
}
