package sotto.demo.attack;

import java.io.BufferedInputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.Base64;

/** The server's end of a WebSocket (RFC 6455), by hand: it can send what no library would. */
final class RawSocket implements AutoCloseable {
    private static final int TEXT = 1;
    private static final int BINARY = 2;
    private static final int CLOSE = 8;
    private static final int PING = 9;
    private static final int PONG = 10;

    private final Socket socket;
    private final DataInputStream in;
    private final OutputStream out;

    RawSocket(Socket socket) throws IOException {
        this.socket = socket;
        socket.setTcpNoDelay(true);
        in = new DataInputStream(new BufferedInputStream(socket.getInputStream()));
        out = socket.getOutputStream();
        String key = "";
        for (String line = line(); !line.isEmpty(); line = line())
            if (line.regionMatches(true, 0, "sec-websocket-key:", 0, 18))
                key = line.substring(18).strip();
        out.write(("HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
                        + "Sec-WebSocket-Accept: " + accept(key) + "\r\n\r\n")
                .getBytes(StandardCharsets.US_ASCII));
    }

    private String line() throws IOException {
        StringBuilder line = new StringBuilder();
        for (int next = in.readUnsignedByte(); next != '\n'; next = in.readUnsignedByte()) line.append((char) next);
        return line.toString().strip();
    }

    private static String accept(String key) {
        try {
            return Base64.getEncoder()
                    .encodeToString(MessageDigest.getInstance("SHA-1")
                            .digest((key + "258EAFA5-E914-47DA-95CA-C5AB0DC85B11")
                                    .getBytes(StandardCharsets.US_ASCII)));
        } catch (GeneralSecurityException missing) {
            throw new AssertionError(missing);
        }
    }

    /** The next text frame, whole; pings are answered meanwhile. Null when the client is gone. */
    String text() {
        try {
            StringBuilder text = new StringBuilder();
            while (true) {
                int first = in.readUnsignedByte();
                int second = in.readUnsignedByte();
                long length = second & 0x7f;
                if (length == 126) length = in.readUnsignedShort();
                else if (length == 127) length = in.readLong();
                byte[] mask = in.readNBytes(4);
                byte[] payload = in.readNBytes((int) length);
                for (int i = 0; i < payload.length; i++) payload[i] ^= mask[i % 4];
                switch (first & 0x0f) {
                    case PING -> send(PONG, payload);
                    case PONG -> {}
                    case CLOSE -> {
                        return null;
                    }
                    default -> {
                        text.append(new String(payload, StandardCharsets.UTF_8));
                        if ((first & 0x80) != 0) return text.toString();
                    }
                }
            }
        } catch (IOException gone) {
            return null;
        }
    }

    void sendText(String text) {
        try {
            send(TEXT, text.getBytes(StandardCharsets.UTF_8));
        } catch (IOException gone) {
            // Whoever reads notices.
        }
    }

    void sendBinary(byte[] bytes) {
        try {
            send(BINARY, bytes);
        } catch (IOException gone) {
            // Whoever reads notices.
        }
    }

    private synchronized void send(int kind, byte[] payload) throws IOException {
        ByteBuffer header = ByteBuffer.allocate(10).put((byte) (0x80 | kind));
        if (payload.length < 126) header.put((byte) payload.length);
        else if (payload.length < 1 << 16) header.put((byte) 126).putShort((short) payload.length);
        else header.put((byte) 127).putLong(payload.length);
        byte[] frame = ByteBuffer.allocate(header.position() + payload.length)
                .put(header.flip())
                .put(payload)
                .array();
        out.write(frame);
    }

    @Override
    public void close() {
        try {
            socket.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
