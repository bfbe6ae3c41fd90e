package sotto.demo.relay;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashMap;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.zip.GZIPInputStream;

/** What one client told a relay during one stay: its signalling, and the clear parts of its datagrams. */
final class Said {
    private static final int LEAST_WORD = 8;
    private static final int RTP_HEADER = 12;
    private static final int STUN_HEADER = 20;
    private static final Pattern WORD = Pattern.compile("[A-Za-z0-9+/_-]{" + LEAST_WORD + ",}");
    private static final Pattern FINGERPRINT = Pattern.compile("(?:[0-9A-F]{2}:){7,}[0-9A-F]{2}");
    private static final Pattern UFRAG = Pattern.compile("a=ice-ufrag:([A-Za-z0-9+/]+)");
    private static final Pattern EXTENSION = Pattern.compile("a=extmap:(\\d+)(?:/\\S+)? (\\S+)");
    private static final Pattern AUDIO_TYPE = Pattern.compile("a=rtpmap:(\\d+) opus/48000/2");

    /** All of the signalling, unpacked; one character for each byte. */
    final String signalling;
    /** The claims of the ticket that it showed. */
    final String claims;

    /** Values of STUN attributes of eight bytes and more, in hexadecimal, with their type. */
    final Set<String> stun = new TreeSet<>();

    final Set<Long> sources = new HashSet<>();
    /** Header extensions that packets really bore, by payload type. */
    final Map<Integer, Set<Integer>> extensions = new HashMap<>();

    /** Payloads of audio packets in bytes, without the header. */
    final Map<Integer, Integer> audioSizes = new HashMap<>();

    final Set<Integer> audioTypes = new HashSet<>();

    /** Packets of media. */
    int rtp;

    Said(RelayTap.Signalling connection, Iterable<RelayTap.Packet> packets) {
        claims = claims(connection.request);
        StringBuilder text = new StringBuilder(connection.request).append(claims);
        text.append(unpacked(connection.request));
        connection.fromClient.forEach(message -> text.append('\n').append(new String(message, ISO_8859_1)));
        signalling = text.toString();
        all(AUDIO_TYPE, 1).forEach(type -> audioTypes.add(Integer.valueOf(type)));
        Set<Integer> ports = new HashSet<>();
        Set<String> ufrags = all(UFRAG, 1);
        for (RelayTap.Packet packet : packets)
            if (isStun(packet.bytes())) {
                String user = new String(attribute(packet.bytes(), 0x0006), ISO_8859_1);
                if (ufrags.contains(user.substring(user.indexOf(':') + 1))) ports.add(packet.port());
            }
        for (RelayTap.Packet packet : packets) if (ports.contains(packet.port())) read(packet.bytes());
    }

    private static String claims(String request) {
        Matcher token =
                Pattern.compile("(?i)authorization: bearer [^.]+\\.([^.]+)\\.").matcher(request);
        return token.find() ? new String(Base64.getUrlDecoder().decode(token.group(1)), ISO_8859_1) : "";
    }

    /** The request's join request: base64url, and within it perhaps gzip. */
    private static String unpacked(String request) {
        Matcher parameter = Pattern.compile("join_request=(\\S+)").matcher(request);
        if (!parameter.find()) return "";
        byte[] bytes = Base64.getUrlDecoder().decode(parameter.group(1).replace("%3D", "="));
        StringBuilder text = new StringBuilder(new String(bytes, ISO_8859_1));
        for (int i = 0; i + 1 < bytes.length; i++)
            if (bytes[i] == 0x1f && bytes[i + 1] == (byte) 0x8b)
                try (var in = new GZIPInputStream(new ByteArrayInputStream(bytes, i, bytes.length - i))) {
                    text.append(new String(in.readAllBytes(), ISO_8859_1));
                } catch (IOException notGzip) {
                    // Two bytes that only look like its beginning.
                }
        return text.toString();
    }

    private Set<String> all(Pattern pattern, int group) {
        Set<String> found = new TreeSet<>();
        for (Matcher one = pattern.matcher(signalling); one.find(); ) found.add(one.group(group));
        return found;
    }

    /** Everything that could serve as a name: long words of the signalling, STUN's values, sources. */
    Set<String> words() {
        Set<String> words = all(WORD, 0);
        words.addAll(all(FINGERPRINT, 0));
        words.addAll(stun);
        sources.forEach(source -> words.add("source " + source));
        return words;
    }

    /** Uniform resource identifiers of the header extensions that it offered or agreed to, by number. */
    Map<Integer, Set<String>> extensionNames() {
        Map<Integer, Set<String>> names = new HashMap<>();
        for (Matcher one = EXTENSION.matcher(signalling); one.find(); )
            names.computeIfAbsent(Integer.valueOf(one.group(1)), any -> new TreeSet<>())
                    .add(one.group(2));
        return names;
    }

    private static boolean isStun(byte[] bytes) {
        return bytes.length >= STUN_HEADER
                && (bytes[0] & 0xc0) == 0
                && ByteBuffer.wrap(bytes).getInt(4) == 0x2112a442;
    }

    private static byte[] attribute(byte[] bytes, int wanted) {
        for (Attribute one : attributes(bytes)) if (one.type == wanted) return one.value;
        return new byte[0];
    }

    private record Attribute(int type, byte[] value) {}

    private static List<Attribute> attributes(byte[] bytes) {
        List<Attribute> all = new ArrayList<>();
        ByteBuffer in = ByteBuffer.wrap(bytes).position(STUN_HEADER);
        while (in.remaining() >= 4) {
            int type = Short.toUnsignedInt(in.getShort());
            byte[] value = new byte[Math.min(Short.toUnsignedInt(in.getShort()), in.remaining())];
            in.get(value);
            all.add(new Attribute(type, value));
            in.position(Math.min(in.limit(), (in.position() + 3) & ~3));
        }
        return all;
    }

    private void read(byte[] bytes) {
        if (isStun(bytes)) {
            for (Attribute one : attributes(bytes))
                if (one.value.length >= LEAST_WORD)
                    stun.add("stun " + Integer.toHexString(one.type) + " "
                            + HexFormat.of().formatHex(one.value));
        } else if (bytes.length >= RTP_HEADER && (bytes[0] & 0xc0) == 0x80) {
            int second = bytes[1] & 0xff;
            boolean rtcp = second >= 192 && second <= 223; // RFC 5761 §4
            if (!rtcp) readRtp(bytes, second & 0x7f);
        }
    }

    /** RFC 3550 §5.1, RFC 8285 §4. */
    private void readRtp(byte[] bytes, int type) {
        rtp++;
        sources.add(Integer.toUnsignedLong(ByteBuffer.wrap(bytes).getInt(8)));
        Set<Integer> borne = extensions.computeIfAbsent(type, any -> new TreeSet<>());
        int at = RTP_HEADER + 4 * (bytes[0] & 0x0f);
        if ((bytes[0] & 0x10) != 0) {
            ByteBuffer in = ByteBuffer.wrap(bytes).position(at);
            int profile = Short.toUnsignedInt(in.getShort());
            int end = at + 4 + 4 * Short.toUnsignedInt(in.getShort());
            boolean oneByte = profile == 0xbede;
            while (in.position() < end) {
                int id = in.get() & 0xff;
                if (id == 0) continue;
                int length = oneByte ? (id & 0x0f) + 1 : in.get() & 0xff;
                borne.add(oneByte ? id >> 4 : id);
                in.position(Math.min(end, in.position() + length));
            }
            at = end;
        }
        if (audioTypes.contains(type)) audioSizes.merge(bytes.length - at, 1, Integer::sum);
    }
}
