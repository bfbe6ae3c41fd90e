package sotto.demo;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;

/** A coordination server that refuses everybody's version, which is all that it can do. */
final class OtherVersionServer implements AutoCloseable {
    private static final String REFUSAL =
            "{\"type\":\"refused\",\"code\":\"version\",\"text\":\"this server speaks version 2\",\"fatal\":true}";

    private final ServerSocket listening;

    OtherVersionServer() throws IOException {
        listening = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        Thread.ofVirtual().start(this::serve);
    }

    String url() {
        return "http://127.0.0.1:" + listening.getLocalPort();
    }

    private void serve() {
        while (!listening.isClosed()) {
            try (Socket socket = listening.accept()) {
                refuse(socket);
            } catch (IOException | NoSuchAlgorithmException gone) {
                // The client has read enough, or the test is over.
            }
        }
    }

    private static void refuse(Socket socket) throws IOException, NoSuchAlgorithmException {
        BufferedReader in =
                new BufferedReader(new InputStreamReader(socket.getInputStream(), StandardCharsets.US_ASCII));
        String key = "";
        for (String line = in.readLine(); line != null && !line.isEmpty(); line = in.readLine())
            if (line.regionMatches(true, 0, "sec-websocket-key:", 0, 18))
                key = line.substring(18).strip();
        OutputStream out = socket.getOutputStream();
        byte[] text = REFUSAL.getBytes(StandardCharsets.US_ASCII);
        out.write(("HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
                        + "Sec-WebSocket-Accept: " + accept(key) + "\r\n\r\n")
                .getBytes(StandardCharsets.US_ASCII));
        out.write(new byte[] {(byte) 0x81, (byte) text.length}); // one text frame, below 126 bytes
        out.write(text);
        out.write(new byte[] {(byte) 0x88, 0}); // close
        out.flush();
        in.read(); // until the client has taken it and says something, or goes
    }

    /** RFC 6455 section 4.2.2. */
    private static String accept(String key) throws NoSuchAlgorithmException {
        byte[] hash = MessageDigest.getInstance("SHA-1")
                .digest((key + "258EAFA5-E914-47DA-95CA-C5AB0DC85B11").getBytes(StandardCharsets.US_ASCII));
        return Base64.getEncoder().encodeToString(hash);
    }

    @Override
    public void close() throws IOException {
        listening.close();
    }
}
