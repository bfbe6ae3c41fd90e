package sotto.server;

import java.io.BufferedOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import sotto.rooms.wire.ClientFrame;
import sotto.rooms.wire.RoomId;
import sotto.rooms.wire.WireCodec;
import sotto.rooms.wire.WireLimits;

/** A client that does only what a test tells it: it never reads unless told, and answers no ping. */
final class RawClient implements AutoCloseable {
    static final int CONTINUATION = 0;
    static final int TEXT = 1;
    static final int BINARY = 2;
    static final int PING = 9;

    private final Socket socket;
    private final DataOutputStream out;

    RawClient(SottoServer server) throws IOException {
        socket = new Socket();
        socket.setReceiveBufferSize(8 * 1024);
        socket.setSoTimeout((int) TestClient.PATIENCE.toMillis());
        socket.connect(new InetSocketAddress("127.0.0.1", server.port()));
        socket.setTcpNoDelay(true);
        out = new DataOutputStream(new BufferedOutputStream(socket.getOutputStream()));
        out.writeBytes("GET " + WireLimits.PATH + " HTTP/1.1\r\nHost: 127.0.0.1\r\nUpgrade: websocket\r\n"
                + "Connection: Upgrade\r\nSec-WebSocket-Version: 13\r\n"
                + "Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\n\r\n");
        out.flush();
        String head = "";
        while (!head.endsWith("\r\n\r\n")) head += (char) in().read();
        if (!head.startsWith("HTTP/1.1 101")) throw new IOException("no upgrade: " + head);
    }

    InputStream in() throws IOException {
        return socket.getInputStream();
    }

    void enter(RoomId room) throws IOException {
        frame(TEXT, true, WireCodec.encode(new ClientFrame.Enter(WireLimits.VERSION, room)));
    }

    /** One WebSocket frame, masked with zeros. */
    void frame(int opcode, boolean last, String content) throws IOException {
        byte[] bytes = content.getBytes(StandardCharsets.UTF_8);
        out.writeByte((last ? 0x80 : 0) | opcode);
        if (bytes.length < 126) {
            out.writeByte(0x80 | bytes.length);
        } else {
            out.writeByte(0x80 | 127);
            out.writeLong(bytes.length);
        }
        out.writeInt(0);
        out.write(bytes);
        out.flush();
    }

    /** Resets the TCP connection, as a crash of the machine's network stack would. */
    void reset() throws IOException {
        socket.setSoLinger(true, 0);
        socket.close();
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
