package sotto.app.net;

import java.net.URI;
import java.net.http.WebSocket;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import java.util.function.Supplier;
import sotto.rooms.session.ServerPort;
import sotto.rooms.wire.WireLimits;

/**
 * One WebSocket to the server, from the attempt to connect to its end.
 *
 * <p>Out: frames wait in a bounded queue; one is on its way at a time, in pieces, so that pings get through between
 * them on a slow line. In: pieces are joined up to the size limit, and the next frame is asked for only when the last
 * was handed on. All that {@link Events} is told goes through {@link #events}, which runs one thing at a time, and
 * {@code closed} is the last.
 */
final class ServerConnection implements ServerPort.Connection, WebSocket.Listener {
    /** Characters that may wait to be sent: minutes of a call's messages, or the server is not taking them. */
    static final int MOST_WAITING = 8 << 20;

    private static final int PIECE_CHARS = 16 * 1024;
    private static final int NORMAL_CLOSURE = 1000;

    private final ServerConnector.Timing timing;
    private final ServerPort.Events listener;
    private final Executor threads;
    private final ScheduledExecutorService timer;
    private final Consumer<ServerConnection> whenOver;
    private final SerialExecutor events;
    private final StringBuilder text = new StringBuilder();
    private final AtomicBoolean pinging = new AtomicBoolean();

    /** When the server was last heard, by {@link System#nanoTime}. */
    private volatile long heardAt;
    /** A frame is being handed on and nothing is read meanwhile: silence is then our own doing. */
    private volatile boolean handingOn;

    // The following only with this object's lock held.
    private final Queue<String> waiting = new ArrayDeque<>();
    private long waitingChars;
    private boolean sending;
    private boolean closing;
    private boolean over;
    private WebSocket socket;
    /** Attempts to connect. The first that opens is the connection; the others end by themselves. */
    private final List<CompletableFuture<WebSocket>> attempts = new ArrayList<>();

    private ScheduledFuture<?> trying;
    private ScheduledFuture<?> ticking;

    ServerConnection(
            ServerConnector.Timing timing,
            ServerPort.Events listener,
            Executor threads,
            ScheduledExecutorService timer,
            Consumer<ServerConnection> whenOver) {
        this.timing = timing;
        this.listener = listener;
        this.threads = threads;
        this.timer = timer;
        this.whenOver = whenOver;
        this.events = new SerialExecutor(threads);
    }

    /**
     * Tries to connect. An attempt that began while the network was away waits for TCP to try again, which takes seconds
     * after the network is back: so others are begun beside it. The first failure ends all of them.
     */
    void start(Supplier<WebSocket.Builder> builders, URI address) {
        attempt(builders, address);
        long again = timing.again().toMillis();
        synchronized (this) {
            if (over || socket != null) return;
            try {
                trying = timer.scheduleAtFixedRate(
                        () -> threads.execute(() -> attempt(builders, address)), again, again, TimeUnit.MILLISECONDS);
            } catch (RejectedExecutionException connectorClosed) {
                finish("the app is closing");
            }
        }
    }

    private void attempt(Supplier<WebSocket.Builder> builders, URI address) {
        synchronized (this) {
            if (over || socket != null) return;
        }
        CompletableFuture<WebSocket> attempt = builders.get().buildAsync(address, this);
        synchronized (this) {
            if (over && socket == null) attempt.cancel(true);
            else attempts.add(attempt);
        }
        attempt.whenComplete((opened, failed) -> {
            if (failed == null) return;
            synchronized (this) {
                if (socket != null) return; // another one got through
            }
            finish(ConnectFailure.of(failed).text());
        });
    }

    @Override
    public void onOpen(WebSocket opened) {
        synchronized (this) {
            if (over || socket != null) {
                opened.abort();
                return;
            }
            heardAt = System.nanoTime();
            socket = opened;
            if (trying != null) trying.cancel(false);
            long every = timing.ping().toMillis() / 2 + 1;
            try {
                ticking = timer.scheduleAtFixedRate(this::tick, every, every, TimeUnit.MILLISECONDS);
            } catch (RejectedExecutionException connectorClosed) {
                finish("the app is closing");
                return;
            }
            tell(listener::opened);
        }
        opened.request(1);
        pump();
    }

    @Override
    public void send(String frame) {
        synchronized (this) {
            if (over || closing) return;
            if (waitingChars + frame.length() > MOST_WAITING) {
                finish("the server does not take what is sent to it");
                return;
            }
            waiting.add(frame);
            waitingChars += frame.length();
        }
        pump();
    }

    @Override
    public void close() {
        synchronized (this) {
            if (over || closing) return;
            closing = true;
            if (socket == null) {
                finish("closed before it was open");
                return;
            }
        }
        pump();
    }

    /** Sends the next frame unless one is on its way; after the last, the close if it was asked for. */
    private void pump() {
        String frame;
        WebSocket out;
        synchronized (this) {
            if (over || sending || socket == null) return;
            out = socket;
            frame = waiting.poll();
            if (frame == null && !closing) return;
            // Stays set after a close: nothing may follow it.
            sending = true;
        }
        if (frame != null) {
            sendPieces(out, frame, 0);
            return;
        }
        out.sendClose(NORMAL_CLOSURE, "");
        try {
            timer.schedule(() -> finish("closed"), timing.closing().toMillis(), TimeUnit.MILLISECONDS);
        } catch (RejectedExecutionException connectorClosed) {
            finish("closed");
        }
    }

    private void sendPieces(WebSocket out, String frame, int from) {
        int end = Math.min(frame.length(), from + PIECE_CHARS);
        // A pair of surrogates is one character on the wire and must not be cut.
        if (end < frame.length() && Character.isHighSurrogate(frame.charAt(end - 1))) end--;
        int next = end;
        boolean last = next == frame.length();
        out.sendText(frame.substring(from, next), last)
                .whenCompleteAsync(
                        (sent, failed) -> {
                            if (failed != null) {
                                finish("sending failed: " + kind(failed));
                            } else if (last) {
                                synchronized (this) {
                                    waitingChars -= frame.length();
                                    sending = false;
                                }
                                pump();
                            } else {
                                sendPieces(out, frame, next);
                            }
                        },
                        threads);
    }

    @Override
    public CompletionStage<?> onText(WebSocket from, CharSequence piece, boolean last) {
        if (late(from)) return null;
        heardAt = System.nanoTime();
        if (text.length() + piece.length() > WireLimits.FRAME_BYTES) {
            finish("the server sent a frame above " + WireLimits.FRAME_BYTES + " bytes");
            return null;
        }
        text.append(piece);
        if (!last) {
            from.request(1);
            return null;
        }
        String frame = text.toString();
        text.setLength(0);
        handingOn = true;
        tell(() -> {
            listener.frame(frame);
            heardAt = System.nanoTime();
            handingOn = false;
            from.request(1);
        });
        return null;
    }

    @Override
    public CompletionStage<?> onBinary(WebSocket from, ByteBuffer data, boolean last) {
        if (late(from)) return null;
        finish("the server sent a binary frame");
        return null;
    }

    @Override
    public CompletionStage<?> onPing(WebSocket from, ByteBuffer payload) {
        heardAt = System.nanoTime();
        from.request(1); // the answer is sent by the HTTP client
        return null;
    }

    @Override
    public CompletionStage<?> onPong(WebSocket from, ByteBuffer payload) {
        heardAt = System.nanoTime();
        from.request(1);
        return null;
    }

    @Override
    public CompletionStage<?> onClose(WebSocket from, int status, String reason) {
        if (late(from)) return null;
        boolean own;
        synchronized (this) {
            own = closing;
        }
        finish(own ? "closed" : "the server closed the connection (" + status + " " + printable(reason) + ")");
        return null;
    }

    @Override
    public void onError(WebSocket from, Throwable error) {
        if (late(from)) return;
        finish("the connection broke: " + kind(error));
    }

    private void tick() {
        long now = System.nanoTime();
        if (handingOn) return;
        long silence = now - heardAt;
        if (silence > timing.dead().toNanos()) {
            finish("nothing was heard from the server for " + timing.dead().toMillis() + " ms");
            return;
        }
        WebSocket out;
        synchronized (this) {
            out = over || closing ? null : socket;
        }
        if (out != null && silence >= timing.ping().toNanos() && pinging.compareAndSet(false, true))
            out.sendPing(ByteBuffer.allocate(0)).whenComplete((sent, failed) -> pinging.set(false));
    }

    /** Ends the connection at once, for a reason that goes to the log. Only the first call counts. */
    void finish(String detail) {
        synchronized (this) {
            if (over) return;
            tell(() -> listener.closed(detail));
            over = true;
            waiting.clear();
            if (socket != null) socket.abort();
            else attempts.forEach(attempt -> attempt.cancel(true));
            if (trying != null) trying.cancel(false);
            if (ticking != null) ticking.cancel(false);
        }
        whenOver.accept(this);
    }

    /** Whether this is an attempt that opened too late. */
    private synchronized boolean late(WebSocket from) {
        return from != socket;
    }

    /** Tells the listener something, unless it has been told the end already. */
    private synchronized void tell(Runnable what) {
        if (over) return;
        events.execute(() -> {
            try {
                what.run();
            } catch (RuntimeException broken) {
                finish("the app failed to handle a frame: " + kind(broken));
            }
        });
    }

    /** The kind of an error only: messages may hold addresses or content. */
    private static String kind(Throwable error) {
        Throwable cause = error.getCause() == null ? error : error.getCause();
        return cause.getClass().getSimpleName();
    }

    private static String printable(String reason) {
        return reason.replaceAll("[^\\x20-\\x7e]", "?");
    }
}
