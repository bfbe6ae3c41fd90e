package sotto.demo;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Keeps all that the coordination server handled and searches it for what it must never learn. Thread-safe: the server
 * calls from its own threads.
 */
final class ServerWatch {
    private static final int MOST_BYTES = 64 << 20;
    /** What SDP, candidates and JSON of the room protocol cannot do without. */
    private static final List<String> TELLTALES = List.of(
            "v=0\r\n",
            "a=fingerprint",
            "a=candidate",
            "candidate:",
            "ice-ufrag",
            "\"signal\"",
            "keyPackage",
            "typ host");

    private final List<byte[]> handled = new ArrayList<>();
    private long messages;
    private long bytes;

    synchronized void saw(byte[] payload) {
        messages++;
        bytes += payload.length;
        if (bytes < MOST_BYTES) handled.add(payload.clone());
    }

    /** The bytes inside of a message whose base64url was seen already: to be searched, not counted again. */
    synchronized void inside(byte[] payload) {
        if (bytes < MOST_BYTES) handled.add(payload.clone());
    }

    synchronized long messages() {
        return messages;
    }

    /** @param secrets what to look for beside the telltales: a name for the report, and the bytes */
    synchronized Report.Server report(Map<String, byte[]> secrets) {
        Map<String, byte[]> needles = new LinkedHashMap<>();
        for (String telltale : TELLTALES) needles.put(telltale.strip(), telltale.getBytes(StandardCharsets.UTF_8));
        secrets.forEach((what, value) -> {
            needles.put(what, value);
            needles.put(
                    what + " (base64url)",
                    text(Base64.getUrlEncoder().withoutPadding().encodeToString(value)));
            needles.put(
                    what + " (base64)",
                    text(Base64.getEncoder().withoutPadding().encodeToString(value)));
            needles.put(what + " (hex)", text(HexFormat.of().formatHex(value)));
        });
        List<String> found = new ArrayList<>();
        needles.forEach((what, needle) -> {
            if (handled.stream().anyMatch(payload -> contains(payload, needle))) found.add(what);
        });
        return new Report.Server(messages, bytes, found);
    }

    private static byte[] text(String value) {
        return value.getBytes(StandardCharsets.US_ASCII);
    }

    /** Whether {@code needle} stands anywhere in {@code hay}. */
    static boolean contains(byte[] hay, byte[] needle) {
        outer:
        for (int i = 0; i + needle.length <= hay.length; i++) {
            for (int j = 0; j < needle.length; j++) if (hay[i + j] != needle[j]) continue outer;
            return true;
        }
        return false;
    }
}
