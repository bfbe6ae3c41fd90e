package sotto.demo.relay;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.Closeable;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What stands at a relay node's address: passes on to the node, or answers clients as the test wants. */
final class Doorman implements AutoCloseable {
    private static final InetAddress LOOPBACK = InetAddress.getLoopbackAddress();
    private static final Pattern KEY = Pattern.compile("(?i)\r\nSec-WebSocket-Key: *([^\r]+)\r\n");

    enum Answer {
        /** The node's own. */
        PASS,
        /** As to a ticket that is over, once; then passes. */
        LATE_ONCE,
        /** As a program that knows no such path. */
        OTHER_PROGRAM,
        /** A WebSocket that speaks of other things. */
        OTHER_PROTOCOL,
        /** None: clients are cut off, while the coordination server's questions are answered. */
        CUT_OFF,
        /** None to anybody. */
        AWAY
    }

    private final ServerSocket listening = new ServerSocket(0, 50, LOOPBACK);
    private final int behind;
    private final List<Closeable> open = new CopyOnWriteArrayList<>();
    final AtomicInteger refused = new AtomicInteger();
    volatile Answer answer = Answer.PASS;

    /** @param behind the node's port */
    Doorman(int behind) throws IOException {
        this.behind = behind;
        Thread.ofVirtual().start(this::accept);
    }

    URI url() {
        return URI.create("ws://127.0.0.1:" + listening.getLocalPort());
    }

    private void accept() {
        while (!listening.isClosed())
            try {
                Socket client = listening.accept();
                open.add(client);
                Thread.ofVirtual().start(() -> serve(client));
            } catch (IOException closed) {
                return;
            }
    }

    private void serve(Socket client) {
        try (client) {
            String head = head(client);
            Answer now = answer;
            if (now == Answer.AWAY) return;
            if (!head.startsWith("GET /rtc")) {
                say(client, "HTTP/1.1 200 OK\r\nContent-Length: 0\r\nConnection: close\r\n\r\n");
                return;
            }
            switch (now) {
                case PASS -> pass(client, head);
                case LATE_ONCE -> {
                    answer = Answer.PASS;
                    refused.incrementAndGet();
                    say(client, "HTTP/1.1 401 Unauthorized\r\nContent-Length: 0\r\n\r\n");
                }
                case OTHER_PROGRAM -> say(client, "HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n");
                case OTHER_PROTOCOL -> {
                    say(
                            client,
                            "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
                                    + "Sec-WebSocket-Accept: " + accept(head) + "\r\n\r\n");
                    // A text frame (RFC 6455 §5.2).
                    client.getOutputStream().write(new byte[] {(byte) 0x81, 2, '{', '}'});
                    client.getInputStream().transferTo(OutputStream.nullOutputStream());
                }
                case CUT_OFF, AWAY -> {}
            }
        } catch (IOException gone) {
            // As when a proxy's client or node is away.
        }
    }

    private void pass(Socket client, String head) throws IOException {
        try (Socket node = new Socket(LOOPBACK, behind)) {
            open.add(node);
            say(node, head);
            Thread there = Thread.ofVirtual().start(() -> carry(client, node));
            carry(node, client);
            there.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static void carry(Socket from, Socket to) {
        try (from;
                to) {
            from.getInputStream().transferTo(to.getOutputStream());
        } catch (IOException over) {
            // One end has gone, and the other goes with it.
        }
    }

    private static String head(Socket client) throws IOException {
        DataInputStream in = new DataInputStream(client.getInputStream());
        StringBuilder text = new StringBuilder();
        while (text.indexOf("\r\n\r\n") < 0) text.append((char) in.readUnsignedByte());
        return text.toString();
    }

    private static void say(Socket to, String text) throws IOException {
        to.getOutputStream().write(text.getBytes(ISO_8859_1));
        to.getOutputStream().flush();
    }

    private static String accept(String head) {
        Matcher key = KEY.matcher(head);
        if (!key.find()) throw new IllegalStateException("no WebSocket is asked for");
        try {
            byte[] digest = MessageDigest.getInstance("SHA-1")
                    .digest((key.group(1) + "258EAFA5-E914-47DA-95CA-C5AB0DC85B11").getBytes(US_ASCII));
            return Base64.getEncoder().encodeToString(digest);
        } catch (NoSuchAlgorithmException missing) {
            throw new AssertionError("every Java platform has SHA-1", missing);
        }
    }

    @Override
    public void close() throws IOException {
        listening.close();
        for (Closeable one : open) one.close();
    }
}
