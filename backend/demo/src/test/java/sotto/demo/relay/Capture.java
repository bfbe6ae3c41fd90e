package sotto.demo.relay;

import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import sotto.demo.fault.Signals;

/**
 * Records the packets that pass an interface, with tcpdump: for each that goes to one computer, whom it says that it
 * comes from, and what STUN it holds (RFC 8489), also inside of TURN (RFC 8656).
 */
final class Capture implements AutoCloseable {
    private static final byte[] COOKIE = {0x21, 0x12, (byte) 0xA4, 0x42};
    private static final int ETHERNET = 14;
    private static final int IP4 = 0x0800;
    private static final int IP6 = 0x86DD;
    private static final int UDP = 17;
    private static final int HEADER = 24;
    /** Enough of each packet for any STUN message. */
    private static final String SNAP = "1600";

    private final Path file;
    private final Process process;

    Capture(Path folder, String port) throws IOException {
        file = folder.resolve(port + ".pcap");
        process = new ProcessBuilder(
                        program().orElseThrow().toString(),
                        "-i",
                        port,
                        "-U",
                        "-n",
                        "-s",
                        SNAP,
                        "-B",
                        "16384",
                        "-Z",
                        "root",
                        "-w",
                        file.toString(),
                        "ip or ip6")
                .redirectErrorStream(true)
                .start();
        // It says "listening on …" when it records.
        InputStream out = process.getInputStream();
        StringBuilder said = new StringBuilder();
        while (!said.toString().contains("listening on")) {
            int next = out.read();
            if (next < 0) throw new IOException("tcpdump ended: " + said);
            said.append((char) next);
        }
    }

    static Optional<Path> program() {
        return Stream.of((System.getenv("PATH") + ":/usr/sbin").split(":"))
                .map(folder -> Path.of(folder, "tcpdump"))
                .filter(Files::isExecutable)
                .findFirst();
    }

    /** Ends the recording, and returns what was sent to this computer. */
    Received to(String... addresses) throws IOException {
        Signals.run(List.of("kill", "-INT", Long.toString(process.pid())));
        process.onExit().join();
        Set<InetAddress> own = new HashSet<>();
        for (String address : addresses) own.add(InetAddress.getByName(address));
        List<byte[]> packets = read();
        Set<InetAddress> from = new HashSet<>();
        List<byte[]> stun = new ArrayList<>();
        for (byte[] packet : packets) take(packet, own, from, stun);
        return new Received(packets.size(), from, stun);
    }

    /**
     * What came to one computer.
     *
     * @param packets in both directions
     * @param from senders, as the packets' IP headers name them
     * @param stun every STUN message
     */
    record Received(int packets, Set<InetAddress> from, List<byte[]> stun) {
        /** How many STUN messages hold this address, as it is or XORed as attributes are (RFC 8489 §14.2). */
        long holding(InetAddress address) {
            byte[] plain = address.getAddress();
            return stun.stream()
                    .filter(message -> contains(message, plain) || contains(message, xored(plain, message)))
                    .count();
        }
    }

    private static byte[] xored(byte[] address, byte[] message) {
        byte[] made = address.clone();
        for (int i = 0; i < made.length; i++) made[i] ^= message[4 + i];
        return made;
    }

    private static boolean contains(byte[] message, byte[] sought) {
        for (int at = 0; at + sought.length <= message.length; at++)
            if (Arrays.equals(message, at, at + sought.length, sought, 0, sought.length)) return true;
        return false;
    }

    /** The packets of a pcap file in this machine's byte order. */
    private List<byte[]> read() throws IOException {
        List<byte[]> packets = new ArrayList<>();
        try (DataInputStream in = new DataInputStream(Files.newInputStream(file))) {
            in.readFully(new byte[HEADER]);
            while (true) {
                in.readLong(); // when
                int length = Integer.reverseBytes(in.readInt());
                in.readInt(); // before it was cut
                byte[] packet = new byte[length];
                in.readFully(packet);
                packets.add(packet);
            }
        } catch (EOFException end) {
            return packets;
        }
    }

    private static void take(byte[] packet, Set<InetAddress> own, Set<InetAddress> from, List<byte[]> stun)
            throws IOException {
        int type = ByteBuffer.wrap(packet).getShort(12) & 0xffff;
        int at = ETHERNET;
        int protocol;
        InetAddress sender;
        InetAddress receiver;
        if (type == IP4) {
            sender = InetAddress.getByAddress(Arrays.copyOfRange(packet, at + 12, at + 16));
            receiver = InetAddress.getByAddress(Arrays.copyOfRange(packet, at + 16, at + 20));
            protocol = packet[at + 9];
            at += (packet[at] & 0x0f) * 4;
        } else if (type == IP6) {
            sender = InetAddress.getByAddress(Arrays.copyOfRange(packet, at + 8, at + 24));
            receiver = InetAddress.getByAddress(Arrays.copyOfRange(packet, at + 24, at + 40));
            protocol = packet[at + 6];
            at += 40;
        } else return;
        if (!own.contains(receiver)) return;
        from.add(sender);
        byte[] payload = protocol == UDP
                ? Arrays.copyOfRange(packet, at + 8, packet.length)
                : Arrays.copyOfRange(packet, at, packet.length);
        // Wherever it begins: in TURN's ChannelData and Data indications, and framed in TCP (RFC 4571), it stands
        // inside.
        for (int i = 0; i + 20 <= payload.length; i++)
            if (Arrays.equals(payload, i + 4, i + 8, COOKIE, 0, 4))
                stun.add(Arrays.copyOfRange(payload, i, payload.length));
    }

    @Override
    public void close() {
        process.destroyForcibly();
        process.onExit().join();
    }
}
