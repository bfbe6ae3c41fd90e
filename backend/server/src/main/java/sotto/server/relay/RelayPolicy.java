package sotto.server.relay;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Who may have a room relayed; the operator's choice. Asked once for each room, with the pass of the first who wants a
 * relay for it: whoever is in the room then gets in with them. Direct calls never ask.
 */
@FunctionalInterface
public interface RelayPolicy {
    /** What a policy says to a pass. */
    enum Verdict {
        GIVEN,
        /** No relays for anybody now. */
        CLOSED,
        /** A pass is needed, and none came. */
        PASS_NEEDED,
        /** The pass is not one that is taken. */
        PASS_NOT_TAKEN
    }

    /** Called on network threads, several at once. Must not keep what it is given. */
    Verdict judge(Optional<String> pass);

    /** Whether clients should be told that there are relays at all. */
    default boolean mayGive() {
        return true;
    }

    /** For everybody. */
    static RelayPolicy open() {
        return pass -> Verdict.GIVEN;
    }

    /** For nobody. */
    static RelayPolicy closed() {
        return new RelayPolicy() {
            @Override
            public Verdict judge(Optional<String> pass) {
                return Verdict.CLOSED;
            }

            @Override
            public boolean mayGive() {
                return false;
            }
        };
    }

    /**
     * For who shows one of these passes. They are kept as hashes and compared in constant time.
     *
     * @throws IllegalArgumentException if there is none, or one of less than 16 characters, which could be guessed
     */
    static RelayPolicy passes(List<String> passes) {
        if (passes.isEmpty()) throw new IllegalArgumentException("there is no pass");
        List<byte[]> hashes = new ArrayList<>();
        for (String pass : passes) {
            if (pass.length() < 16 || pass.length() > 4_096)
                throw new IllegalArgumentException("a pass does not have 16 to 4096 characters");
            hashes.add(hash(pass));
        }
        return pass -> {
            if (pass.isEmpty()) return Verdict.PASS_NEEDED;
            byte[] shown = hash(pass.get());
            boolean taken = false;
            // No early end: the time must not tell which one it was.
            for (byte[] hash : hashes) taken |= MessageDigest.isEqual(hash, shown);
            return taken ? Verdict.GIVEN : Verdict.PASS_NOT_TAKEN;
        };
    }

    /**
     * The passes in a file, one on each line; empty lines and lines that begin with {@code #} are left out.
     *
     * @throws IOException if it can't be read, or holds no passes
     */
    static RelayPolicy passesIn(Path file) throws IOException {
        List<String> passes = SecretFile.read(file)
                .lines()
                .map(String::strip)
                .filter(line -> !line.isEmpty() && !line.startsWith("#"))
                .toList();
        try {
            return passes(passes);
        } catch (IllegalArgumentException bad) {
            throw new IOException(bad.getMessage() + " in " + file);
        }
    }

    private static byte[] hash(String pass) {
        try {
            return MessageDigest.getInstance("SHA-256").digest(pass.getBytes(StandardCharsets.UTF_8));
        } catch (NoSuchAlgorithmException missing) {
            throw new AssertionError("every Java platform has SHA-256", missing);
        }
    }
}
