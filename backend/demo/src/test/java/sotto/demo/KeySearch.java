package sotto.demo;

import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.HexFormat;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** Looks for secret bytes in text, in every form in which they could stand there. */
public final class KeySearch {
    private final Set<String> needles = new LinkedHashSet<>();

    /** @param secrets long enough that none can stand somewhere by chance */
    public KeySearch(List<byte[]> secrets) {
        secrets.forEach(this::add);
    }

    private void add(byte[] secret) {
        needles.add(raw(secret));
        needles.add(HexFormat.of().formatHex(secret));
        needles.add(HexFormat.of().withUpperCase().formatHex(secret));
        needles.add(decimals(secret));
        // Inside longer base64 a secret can begin at any of three positions of a group: the characters that its
        // neighbours have a part in are left out.
        for (int before = 0; before < 3; before++) {
            byte[] shifted = new byte[before + secret.length];
            System.arraycopy(secret, 0, shifted, before, secret.length);
            int from = before == 0 ? 0 : before + 1;
            int whole = shifted.length / 3 * 4;
            needles.add(Base64.getEncoder().encodeToString(shifted).substring(from, whole));
            needles.add(Base64.getUrlEncoder().encodeToString(shifted).substring(from, whole));
        }
    }

    /** Bytes as text with one character each. */
    public static String raw(byte[] bytes) {
        return new String(bytes, StandardCharsets.ISO_8859_1);
    }

    /** As JavaScript prints an array of bytes. */
    static String decimals(byte[] bytes) {
        return IntStream.range(0, bytes.length)
                .mapToObj(i -> String.valueOf(bytes[i] & 0xff))
                .collect(Collectors.joining(","));
    }

    public boolean findsIn(String text) {
        return needles.stream().anyMatch(text::contains);
    }
}
