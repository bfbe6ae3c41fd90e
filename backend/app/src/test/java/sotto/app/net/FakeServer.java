package sotto.app.net;

import java.io.BufferedReader;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Base64;

/** A server that does what no good one does: after the handshake, or instead of it, a test says what it sends. */
final class FakeServer implements AutoCloseable {
    static final int CONTINUATION = 0;
    static final int TEXT = 1;
    static final int BINARY = 2;

    interface Behaviour {
        void run(DataOutputStream out) throws Exception;
    }

    private final ServerSocket listening;
    private volatile Socket first;
    private volatile Socket socket;

    private FakeServer(Behaviour behaviour, boolean silentFirst, boolean handshake) throws IOException {
        listening = new ServerSocket(0, 50, InetAddress.getByName("127.0.0.1"));
        Thread.ofVirtual().start(() -> serve(behaviour, silentFirst, handshake));
    }

    /**
     * Behaves so once the client has said something, as real servers do: Java's client was seen to take frames for broken
     * ones that came with the answer to its handshake.
     */
    static FakeServer afterHandshake(Behaviour behaviour) throws IOException {
        return new FakeServer(behaviour, false, true);
    }

    /** As {@link #afterHandshake}, but leaves the first who connects without an answer. */
    static FakeServer afterSecondHandshake(Behaviour behaviour) throws IOException {
        return new FakeServer(behaviour, true, true);
    }

    static FakeServer insteadOfHandshake(Behaviour behaviour) throws IOException {
        return new FakeServer(behaviour, false, false);
    }

    /** Closes the connection that got no answer. */
    void dropFirst() throws IOException {
        first.close();
    }

    URI url() {
        return URI.create("http://127.0.0.1:" + listening.getLocalPort());
    }

    private void serve(Behaviour behaviour, boolean silentFirst, boolean handshake) {
        try {
            if (silentFirst) first = listening.accept();
            socket = listening.accept();
            BufferedReader in =
                    new BufferedReader(new InputStreamReader(socket.getInputStream(), StandardCharsets.US_ASCII));
            DataOutputStream out = new DataOutputStream(socket.getOutputStream());
            String key = "";
            for (String line = in.readLine(); !line.isEmpty(); line = in.readLine())
                if (line.toLowerCase().startsWith("sec-websocket-key:"))
                    key = line.substring(line.indexOf(':') + 1).strip();
            if (handshake)
                out.writeBytes("HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
                        + "Sec-WebSocket-Accept: " + accept(key) + "\r\n\r\n");
            if (handshake && in.read() < 0) return;
            behaviour.run(out);
        } catch (Exception closed) {
            // The client has had enough.
        }
    }

    /** RFC 6455 section 4.2.2. */
    private static String accept(String key) throws Exception {
        byte[] hash = MessageDigest.getInstance("SHA-1")
                .digest((key + "258EAFA5-E914-47DA-95CA-C5AB0DC85B11").getBytes(StandardCharsets.US_ASCII));
        return Base64.getEncoder().encodeToString(hash);
    }

    static void frame(DataOutputStream out, int opcode, boolean last, String content) throws IOException {
        byte[] bytes = content.getBytes(StandardCharsets.UTF_8);
        out.writeByte((last ? 0x80 : 0) | opcode);
        if (bytes.length < 126) {
            out.writeByte(bytes.length);
        } else if (bytes.length < 65_536) {
            out.writeByte(126);
            out.writeShort(bytes.length);
        } else {
            out.writeByte(127);
            out.writeLong(bytes.length);
        }
        out.write(bytes);
        out.flush();
    }

    @Override
    public void close() throws IOException {
        listening.close();
        if (first != null) first.close();
        if (socket != null) socket.close();
    }
}
