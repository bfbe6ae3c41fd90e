package sotto.demo.relay;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.Closeable;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketAddress;
import java.net.URI;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import sotto.server.relay.RelaySettings;

/**
 * Stands between clients and a relay on this machine: carries signalling and media, and keeps all that passes. The relay's
 * own candidates are given the tap's port in place of the relay's, and clients' candidates are kept from the relay, so that
 * media can't go round the tap. Media over TCP leads nowhere.
 */
final class RelayTap implements AutoCloseable {
    private static final InetAddress LOOPBACK = InetAddress.getLoopbackAddress();
    /** More than two short calls have. */
    private static final int MOST_PACKETS = 200_000;
    /** Field 3 of LiveKit's {@code SignalRequest}: a candidate. */
    private static final byte TRICKLE = 0x1a;
    /** A WebSocket message of bytes, in one frame. */
    private static final int BINARY = 0x82;

    /** A client's connection for signalling. Messages are as their sender sent them. */
    static final class Signalling {
        /** The HTTP request that opened it, as text with one character for each byte. */
        volatile String request = "";

        final List<byte[]> fromClient = new CopyOnWriteArrayList<>();
        final List<byte[]> fromRelay = new CopyOnWriteArrayList<>();
        private volatile OutputStream toRelay;

        /** Puts a message between those of the client; lost if the connection has ended, or was never opened. */
        void say(byte[] message) {
            OutputStream to = toRelay;
            if (to == null) return;
            try {
                // Under a mask of zeros: there has to be one.
                write(to, frame(BINARY, 0x80, new byte[4], message));
            } catch (IOException over) {
                // It would have been lost in the same way if the client had said it.
            }
        }
    }

    /** A datagram of a client's, and the port that it came from. */
    record Packet(int port, byte[] bytes) {}

    private final ServerSocket signalling = new ServerSocket(0, 50, LOOPBACK);
    private final DatagramSocket media = withFiveDigits();
    private final int relayPort;
    private final int relayTcp;
    private final int relayUdp;
    private final List<Closeable> open = new CopyOnWriteArrayList<>();
    private final Map<SocketAddress, DatagramSocket> clients = new ConcurrentHashMap<>();
    private final AtomicInteger kept = new AtomicInteger();
    private volatile boolean losesMedia;
    private volatile boolean cut;
    private final Object mended = new Object();

    final List<Signalling> connections = new CopyOnWriteArrayList<>();
    final ConcurrentLinkedQueue<Packet> packets = new ConcurrentLinkedQueue<>();

    RelayTap() throws IOException {
        try (ServerSocket one = new ServerSocket(0, 1, LOOPBACK);
                ServerSocket other = new ServerSocket(0, 1, LOOPBACK);
                DatagramSocket udp = withFiveDigits()) {
            relayPort = one.getLocalPort();
            relayTcp = other.getLocalPort();
            relayUdp = udp.getLocalPort();
        }
        Thread.ofVirtual().start(this::accept);
        Thread.ofVirtual().start(this::carryMedia);
    }

    /** Ports in texts are replaced by others of the same length. */
    private static DatagramSocket withFiveDigits() throws IOException {
        while (true) {
            DatagramSocket socket = new DatagramSocket(new InetSocketAddress(LOOPBACK, 0));
            if (socket.getLocalPort() >= 10_000) return socket;
            socket.close();
        }
    }

    /** A relay of the server's own, which clients reach through this tap. */
    RelaySettings relay() {
        return RelaySettings.off()
                .withOwn(new RelaySettings.Own(
                        "127.0.0.1",
                        relayPort,
                        relayTcp,
                        relayUdp,
                        Optional.empty(),
                        Optional.of(URI.create("ws://127.0.0.1:" + signalling.getLocalPort()))));
    }

    /** From now on packets of media vanish, or no longer do. */
    void loseMedia(boolean loses) {
        losesMedia = loses;
    }

    /**
     * The network between clients and relay is cut: nothing passes, nobody is told, and what connects anew gets no answer.
     * When it is mended, what was sent meanwhile over TCP comes through, as it would.
     */
    void cut(boolean isCut) {
        synchronized (mended) {
            cut = isCut;
            mended.notifyAll();
        }
    }

    private void awaitNetwork() {
        synchronized (mended) {
            while (cut)
                try {
                    mended.wait();
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                    return;
                }
        }
    }

    private void accept() {
        try {
            while (true) {
                Socket client = signalling.accept();
                awaitNetwork();
                Socket relay = new Socket(LOOPBACK, relayPort);
                open.add(client);
                open.add(relay);
                Signalling seen = new Signalling();
                connections.add(seen);
                Thread.ofVirtual().start(() -> carry(client, relay, seen, true));
                Thread.ofVirtual().start(() -> carry(relay, client, seen, false));
            }
        } catch (IOException closed) {
            // The tap was closed.
        }
    }

    /** From one end to the other: HTTP's head, then WebSocket frames (RFC 6455 §5.2). Neither end splits a message. */
    private void carry(Socket from, Socket to, Signalling seen, boolean fromClient) {
        try (from;
                to) {
            DataInputStream in = new DataInputStream(new BufferedInputStream(from.getInputStream()));
            OutputStream out = to.getOutputStream();
            String head = head(in);
            if (fromClient) seen.request = head;
            write(out, head.getBytes(ISO_8859_1));
            if (fromClient) seen.toRelay = out;
            while (true) {
                int first = in.readUnsignedByte();
                int second = in.readUnsignedByte();
                long length = second & 0x7f;
                if (length == 126) length = in.readUnsignedShort();
                else if (length == 127) length = in.readLong();
                byte[] mask = new byte[4];
                if ((second & 0x80) != 0) in.readFully(mask);
                byte[] payload = new byte[Math.toIntExact(length)];
                in.readFully(payload);
                awaitNetwork();
                apply(mask, payload);
                boolean message = (first & 0x0f) == 2;
                if (message) (fromClient ? seen.fromClient : seen.fromRelay).add(payload.clone());
                if (message && fromClient) {
                    if (payload.length > 0
                            && payload[0] == TRICKLE
                            && text(payload).contains("candidate:")) continue;
                    payload = text(payload)
                            .replace("a=candidate:", "a=kept-back:")
                            .getBytes(ISO_8859_1);
                } else if (message) {
                    payload = text(payload)
                            .replace(" " + relayUdp + " typ", " " + media.getLocalPort() + " typ")
                            .replace(" " + relayTcp + " typ", " " + media.getLocalPort() + " typ")
                            .getBytes(ISO_8859_1);
                }
                apply(mask, payload);
                write(out, frame(first, second, mask, payload));
            }
        } catch (IOException over) {
            // One end has gone, and the other goes with it.
        }
    }

    private static void write(OutputStream to, byte[] bytes) throws IOException {
        synchronized (to) {
            to.write(bytes);
        }
    }

    private static String head(DataInputStream in) throws IOException {
        StringBuilder text = new StringBuilder();
        while (text.indexOf("\r\n\r\n") < 0) text.append((char) in.readUnsignedByte());
        return text.toString();
    }

    private static byte[] frame(int first, int second, byte[] mask, byte[] payload) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        DataOutputStream out = new DataOutputStream(bytes);
        out.writeByte(first);
        int masked = second & 0x80;
        if (payload.length < 126) out.writeByte(masked | payload.length);
        else if (payload.length < 1 << 16) {
            out.writeByte(masked | 126);
            out.writeShort(payload.length);
        } else {
            out.writeByte(masked | 127);
            out.writeLong(payload.length);
        }
        if (masked != 0) out.write(mask);
        out.write(payload);
        return bytes.toByteArray();
    }

    private static void apply(byte[] mask, byte[] payload) {
        for (int i = 0; i < payload.length; i++) payload[i] ^= mask[i & 3];
    }

    private static String text(byte[] bytes) {
        return new String(bytes, ISO_8859_1);
    }

    private void carryMedia() {
        try {
            DatagramPacket packet = new DatagramPacket(new byte[65_536], 65_536);
            while (true) {
                packet.setLength(65_536);
                media.receive(packet);
                if (losesMedia || cut) continue;
                SocketAddress client = packet.getSocketAddress();
                byte[] bytes = Arrays.copyOf(packet.getData(), packet.getLength());
                if (kept.getAndIncrement() < MOST_PACKETS) packets.add(new Packet(packet.getPort(), bytes));
                DatagramSocket to = clients.get(client);
                if (to == null) {
                    to = new DatagramSocket(new InetSocketAddress(LOOPBACK, 0));
                    to.connect(LOOPBACK, relayUdp);
                    clients.put(client, to);
                    open.add(to);
                    DatagramSocket back = to;
                    Thread.ofVirtual().start(() -> carryBack(back, client));
                }
                deliver(to, bytes);
            }
        } catch (IOException closed) {
            // The tap was closed.
        }
    }

    private static void deliver(DatagramSocket to, byte[] bytes) {
        try {
            to.send(new DatagramPacket(bytes, bytes.length));
        } catch (IOException lost) {
            // As a network loses packets.
        }
    }

    private void carryBack(DatagramSocket from, SocketAddress client) {
        DatagramPacket packet = new DatagramPacket(new byte[65_536], 65_536);
        while (!from.isClosed())
            try {
                packet.setLength(65_536);
                from.receive(packet);
                if (losesMedia || cut) continue;
                media.send(new DatagramPacket(packet.getData(), packet.getLength(), client));
            } catch (IOException goneOrClosed) {
                if (media.isClosed()) return;
            }
    }

    @Override
    public void close() throws IOException {
        cut(false);
        signalling.close();
        media.close();
        for (Closeable one : open) one.close();
    }
}
