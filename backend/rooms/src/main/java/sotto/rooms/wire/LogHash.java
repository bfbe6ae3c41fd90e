package sotto.rooms.wire;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;

/**
 * The hash of a log up to some entry (docs/protocol.md §2, "Log hash"): 32 bytes, immutable, equal by content. Server
 * and clients compute the same chain, so two clients whose hashes differ at one sequence were shown different logs.
 *
 * <pre>
 * h(0) = SHA-256("Sotto 1.0 log" ‖ room id ‖ log id)
 * h(n) = SHA-256(h(n-1) ‖ u64 n ‖ u8 kind ‖ connection id(16)
 *                ‖ [commit: group(16) ‖ u64 epoch] ‖ SHA-256(payload or empty))
 * </pre>
 */
public final class LogHash {
    /** Length in bytes. */
    public static final int BYTES = 32;

    private static final byte[] LABEL = "Sotto 1.0 log".getBytes(StandardCharsets.US_ASCII);
    private static final byte ARRIVED = 1;
    private static final byte GONE = 2;
    private static final byte MESSAGE = 3;
    private static final byte COMMIT = 4;

    private final byte[] bytes;

    private LogHash(byte[] bytes) {
        this.bytes = bytes;
    }

    /** @throws IllegalArgumentException unless there are exactly 32 bytes */
    public static LogHash of(byte[] bytes) {
        if (bytes.length != BYTES)
            throw new IllegalArgumentException("log hash has " + bytes.length + " bytes instead of " + BYTES);
        return new LogHash(bytes.clone());
    }

    /** @throws IllegalArgumentException unless the text is canonical base64url of 32 bytes, without padding */
    public static LogHash fromString(String text) {
        return new LogHash(Base64Url.decodeExactly("log hash", text, BYTES));
    }

    /** h(0), before the first entry. */
    static LogHash start(RoomId room, LogId log) {
        MessageDigest sha = sha256();
        sha.update(LABEL);
        sha.update(room.bytes());
        sha.update(log.bytes());
        return new LogHash(sha.digest());
    }

    /** h(n) for the n-th entry, this being h(n-1). */
    LogHash next(LogEntry entry) {
        ByteBuffer fields = ByteBuffer.allocate(BYTES + 8 + 1 + 16 + 16 + 8 + BYTES)
                .put(bytes)
                .putLong(entry.sequence())
                .put(kind(entry))
                .put(entry.from().bytes());
        Payload payload = switch (entry) {
            case LogEntry.Arrived arrived -> Payload.empty();
            case LogEntry.Gone gone -> Payload.empty();
            case LogEntry.Message message -> message.payload();
            case LogEntry.Commit commit -> {
                fields.put(commit.group().bytes()).putLong(commit.epoch());
                yield commit.payload();
            }
        };
        MessageDigest sha = sha256();
        fields.put(sha.digest(payload.shared())).flip();
        sha.update(fields);
        return new LogHash(sha.digest());
    }

    private static byte kind(LogEntry entry) {
        return switch (entry) {
            case LogEntry.Arrived arrived -> ARRIVED;
            case LogEntry.Gone gone -> GONE;
            case LogEntry.Message message -> MESSAGE;
            case LogEntry.Commit commit -> COMMIT;
        };
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException missing) {
            throw new AssertionError("every Java platform has SHA-256", missing);
        }
    }

    /** The 32 bytes, in a new array. */
    public byte[] bytes() {
        return bytes.clone();
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof LogHash that && Arrays.equals(bytes, that.bytes);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(bytes);
    }

    /** base64url, the form in frames. */
    @Override
    public String toString() {
        return Base64Url.encode(bytes);
    }
}
