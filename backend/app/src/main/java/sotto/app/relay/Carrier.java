package sotto.app.relay;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Queue;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import sotto.bridge.local.TunnelLink;
import sotto.bridge.local.TunnelListener;
import sotto.rooms.wire.RelayTicket;

/**
 * One tunnel. The relay's socket is opened when the page's is, with the ticket's token as a header, which no address or
 * log ever holds; and with a name of our own in place of the browser's, which LiveKit would take system and browser from.
 * Messages go through as they are, one at a time in each direction, in bounded queues. When one end closes so does the
 * other: a client that loses its relay is to ask for another ticket.
 */
final class Carrier implements TunnelListener.Tunnel, WebSocket.Listener {
    private static final Logger LOG = LoggerFactory.getLogger(Carrier.class);

    /** What waits for the relay; a page that is faster than that floods. */
    private static final int MOST_WAITING = 256;

    private static final int MOST_WAITING_BYTES = 2 << 20;

    private final HttpClient http;
    private final Duration connectWithin;
    private final RelayTicket ticket;
    private final Consumer<TunnelFailure> failed;
    private final Consumer<Carrier> whenOver;

    /** Of the relay's thread: whether it has said something that makes sense. */
    private boolean greeted;

    /** Of the relay's thread: a message of which not all has come. */
    private byte[] pieces = new byte[0];

    // With this object's lock held
    private final Queue<byte[]> waiting = new ArrayDeque<>();
    private int waitingBytes;
    private boolean sending;
    private boolean over;
    private TunnelLink page;
    private WebSocket relay;

    /**
     * @param failed told why, once at most, if the relay never answers as one
     * @param whenOver told in any case
     */
    Carrier(
            HttpClient http,
            Duration connectWithin,
            RelayTicket ticket,
            Consumer<TunnelFailure> failed,
            Consumer<Carrier> whenOver) {
        this.http = http;
        this.connectWithin = connectWithin;
        this.ticket = ticket;
        this.failed = failed;
        this.whenOver = whenOver;
    }

    @Override
    public void opened(TunnelLink link, String joinRequest) {
        synchronized (this) {
            page = link;
            if (over) link.close();
            if (over) return;
        }
        http.newWebSocketBuilder()
                .connectTimeout(connectWithin)
                .header("Authorization", "Bearer " + ticket.token())
                .header("User-Agent", "Sotto")
                .buildAsync(address(ticket.url(), joinRequest), this)
                .whenComplete((opened, failure) -> {
                    if (failure != null) refused(failure);
                });
    }

    /** LiveKit's path for a client's signalling. {@code joinRequest} is base64url, with padding. */
    static URI address(URI node, String joinRequest) {
        String base = node.toString();
        String slash = base.endsWith("/") ? "" : "/";
        return URI.create(base + slash + "rtc/v1?join_request=" + joinRequest.replace("=", "%3D"));
    }

    @Override
    public void onOpen(WebSocket opened) {
        synchronized (this) {
            relay = opened;
            if (over) opened.abort();
            if (over) return;
        }
        opened.request(1);
        pump();
    }

    @Override
    public void message(byte[] message) {
        boolean flood;
        synchronized (this) {
            if (over) return;
            waiting.add(message);
            waitingBytes += message.length;
            flood = waiting.size() > MOST_WAITING || waitingBytes > MOST_WAITING_BYTES;
        }
        if (flood) end();
        else pump();
    }

    private void pump() {
        byte[] next;
        synchronized (this) {
            if (over || sending || relay == null) return;
            next = waiting.poll();
            if (next == null) return;
            waitingBytes -= next.length;
            sending = true;
        }
        relay.sendBinary(ByteBuffer.wrap(next), true).whenComplete((sent, failed) -> {
            synchronized (this) {
                sending = false;
            }
            if (failed != null) fail("broke", failed);
            else pump();
        });
    }

    @Override
    public CompletionStage<?> onBinary(WebSocket from, ByteBuffer data, boolean last) {
        if (pieces.length + data.remaining() > TunnelLink.MOST_BYTES) {
            LOG.warn("a relay sent a message above {} bytes", TunnelLink.MOST_BYTES);
            end();
            return null;
        }
        byte[] joined = Arrays.copyOf(pieces, pieces.length + data.remaining());
        data.get(joined, pieces.length, data.remaining());
        pieces = joined;
        if (!last) {
            from.request(1);
            return null;
        }
        byte[] message = pieces;
        pieces = new byte[0];
        if (!greeted && !isGreeting(message)) {
            refused(TunnelFailure.VERSION, "does not begin as LiveKit does");
            return null;
        }
        greeted = true;
        if (isToken(message)) {
            from.request(1);
            return null;
        }
        TunnelLink to;
        synchronized (this) {
            to = page;
        }
        to.send(message).whenComplete((written, failed) -> {
            if (failed == null) from.request(1);
            else end();
        });
        return null;
    }

    /**
     * Whether this is LiveKit's {@code refresh_token}, field 16 of its {@code SignalResponse}: a fresh token now and then.
     * The page is to hold none, and asks for another ticket instead.
     */
    static boolean isToken(byte[] message) {
        return message.length >= 2 && message[0] == (byte) 0x82 && message[1] == 0x01;
    }

    /** Whether this is LiveKit's {@code join} or {@code leave}, fields 1 and 8 of its {@code SignalResponse}. */
    static boolean isGreeting(byte[] message) {
        return message.length > 0 && (message[0] == 0x0a || message[0] == 0x42);
    }

    @Override
    public CompletionStage<?> onText(WebSocket from, CharSequence data, boolean last) {
        // LiveKit answers in the client's way, which is binary
        if (greeted) end();
        else refused(TunnelFailure.VERSION, "answers in text");
        return null;
    }

    @Override
    public CompletionStage<?> onClose(WebSocket from, int status, String reason) {
        end();
        return null;
    }

    @Override
    public void onError(WebSocket from, Throwable error) {
        fail("broke", error);
    }

    @Override
    public void closed() {
        end();
    }

    /** It could not be opened. */
    private void refused(Throwable error) {
        Throwable cause = cause(error);
        refused(TunnelFailure.of(cause), cause.getClass().getSimpleName());
    }

    /** Told before the page sees its end of the tunnel close. */
    private void refused(TunnelFailure why, String how) {
        synchronized (this) {
            if (over) return;
        }
        LOG.info("a tunnel to relay node {} could not be opened: {}, {}", ticket.node(), why, how);
        failed.accept(why);
        end();
    }

    private static Throwable cause(Throwable error) {
        return error instanceof CompletionException && error.getCause() != null ? error.getCause() : error;
    }

    /** The kind of the error alone: a message may hold the address. */
    private void fail(String what, Throwable error) {
        Throwable cause = cause(error);
        boolean first;
        synchronized (this) {
            first = !over;
        }
        if (first)
            LOG.info(
                    "a tunnel to relay node {} {}: {}",
                    ticket.node(),
                    what,
                    cause.getClass().getSimpleName());
        end();
    }

    void end() {
        TunnelLink toClose;
        WebSocket toAbort;
        synchronized (this) {
            if (over) return;
            over = true;
            waiting.clear();
            toClose = page;
            toAbort = relay;
        }
        if (toAbort != null) {
            // LiveKit takes a clean close for somebody who may come back, as it does a broken one.
            toAbort.abort();
        }
        if (toClose != null) toClose.close();
        whenOver.accept(this);
    }
}
