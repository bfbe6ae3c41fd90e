package sotto.server.relay;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/**
 * What an engine knows a node's operator by: tokens made with it open the node.
 *
 * @param name visible ASCII without a colon; not a secret
 * @param secret visible ASCII, at least 16 characters
 */
public record RelayKey(String name, String secret) {
    private static final int LEAST_CHARS = 16;

    public RelayKey {
        if (!name.matches("[\\x21-\\x39\\x3b-\\x7e]{1,128}"))
            throw new IllegalArgumentException(
                    "the name of a relay key is not 1 to 128 visible characters without a colon");
        if (!secret.matches("[\\x21-\\x7e]{" + LEAST_CHARS + ",512}"))
            throw new IllegalArgumentException(
                    "the secret of a relay key is not " + LEAST_CHARS + " to 512 visible characters");
    }

    /**
     * Reads one key: {@code name: secret} as in the relay's own key file, or name and secret on a line each.
     *
     * @throws IOException if the file can't be read or holds something else; the message names the file alone
     */
    public static RelayKey read(Path file) throws IOException {
        List<String> lines = SecretFile.read(file)
                .lines()
                .map(String::strip)
                .filter(line -> !line.isEmpty() && !line.startsWith("#"))
                .toList();
        try {
            if (lines.size() == 2 && !lines.getFirst().contains(":"))
                return new RelayKey(lines.getFirst(), lines.getLast());
            int colon = lines.size() == 1 ? lines.getFirst().indexOf(':') : -1;
            if (colon > 0)
                return new RelayKey(
                        lines.getFirst().substring(0, colon).strip(),
                        unquoted(lines.getFirst().substring(colon + 1).strip()));
        } catch (IllegalArgumentException bad) {
            throw new IOException(bad.getMessage() + ": " + file);
        }
        throw new IOException("not one relay key (\"name: secret\", or two lines): " + file);
    }

    private static String unquoted(String text) {
        boolean quoted = text.length() >= 2
                && (text.startsWith("\"") && text.endsWith("\"") || text.startsWith("'") && text.endsWith("'"));
        return quoted ? text.substring(1, text.length() - 1) : text;
    }

    /** Tells no secret. */
    @Override
    public String toString() {
        return "RelayKey[" + name + "]";
    }
}
