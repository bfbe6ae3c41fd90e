package sotto.server;

import java.util.ArrayDeque;
import java.util.Queue;
import java.util.concurrent.atomic.AtomicInteger;
import org.eclipse.jetty.websocket.api.Callback;
import org.eclipse.jetty.websocket.api.Session;

/**
 * Frames on their way to one client, in order and bounded. One frame is handed to the socket at a time; the next
 * follows when it is written, so that what a slow reader leaves lying is counted here and not in the socket's own queue.
 */
final class Outbox {
    private static final int HANDED_OVER = 1;
    private static final int WRITTEN = 2;

    private final Session session;
    private final Metrics metrics;
    private final int mostBytes;
    private final Queue<String> waiting = new ArrayDeque<>();
    private long bytes;
    private boolean writing;
    private boolean closed;
    private Runnable whenEmpty;

    Outbox(Session session, Metrics metrics, int mostBytes) {
        this.session = session;
        this.metrics = metrics;
        this.mostBytes = mostBytes;
    }

    /**
     * @param frame ASCII but for a few texts, so that its length is taken for its bytes
     * @return false if it does not fit; nothing is taken from then on
     */
    synchronized boolean offer(String frame) {
        if (closed || whenEmpty != null) return true;
        if (bytes + frame.length() > mostBytes) {
            close();
            return false;
        }
        waiting.add(frame);
        bytes += frame.length();
        return true;
    }

    /** Takes one last frame, whatever waits, and then runs an action, once it is written. */
    void finish(String last, Runnable action) {
        synchronized (this) {
            if (closed || whenEmpty != null) return;
            waiting.add(last);
            whenEmpty = action;
        }
        flush();
    }

    /** Drops what waits and takes nothing more. */
    synchronized void close() {
        closed = true;
        waiting.clear();
        bytes = 0;
    }

    void flush() {
        write(begin());
    }

    private void write(String first) {
        String frame = first;
        while (frame != null) {
            Write write = new Write(frame.length());
            session.sendText(frame, write);
            // Most writes are done on return; looping here instead of in the callback keeps the stack flat.
            if (write.state.compareAndSet(0, HANDED_OVER)) return;
            frame = next(frame.length());
        }
    }

    private synchronized String begin() {
        if (writing) return null;
        String frame = waiting.poll();
        writing = frame != null;
        return frame;
    }

    private String next(int written) {
        Runnable action = null;
        String frame;
        synchronized (this) {
            bytes = Math.max(0, bytes - written);
            frame = waiting.poll();
            if (frame == null) {
                writing = false;
                if (!closed) action = whenEmpty;
            }
        }
        if (action != null) action.run();
        return frame;
    }

    private final class Write implements Callback {
        private final AtomicInteger state = new AtomicInteger();
        private final int length;

        Write(int length) {
            this.length = length;
        }

        @Override
        public void succeed() {
            metrics.bytesOut(length);
            done();
        }

        /** The socket is broken: its closing is reported on its own. */
        @Override
        public void fail(Throwable cause) {
            close();
            done();
        }

        private void done() {
            if (state.getAndSet(WRITTEN) != HANDED_OVER) return;
            write(next(length));
        }
    }
}
