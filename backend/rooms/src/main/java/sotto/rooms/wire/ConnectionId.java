package sotto.rooms.wire;

import java.util.random.RandomGenerator;

/**
 * Names one connection to a room, made by the server when it is accepted and never used again.
 *
 * <p>16 bytes, held as two longs so that it is immutable and compares by content. As text: 22 characters of base64url.
 *
 * @param high the first 8 bytes, big-endian
 * @param low the last 8 bytes
 */
public record ConnectionId(long high, long low) implements Comparable<ConnectionId> {
    /** Length in bytes. */
    public static final int BYTES = 16;

    /** @throws IllegalArgumentException unless there are exactly 16 bytes */
    public static ConnectionId of(byte[] bytes) {
        Id16.check("connection id", bytes);
        return new ConnectionId(Id16.high(bytes), Id16.low(bytes));
    }

    /** @throws IllegalArgumentException unless the text is canonical base64url of 16 bytes, without padding */
    public static ConnectionId fromString(String text) {
        return of(Base64Url.decodeExactly("connection id", text, BYTES));
    }

    /** @param random a cryptographic source in the product */
    public static ConnectionId random(RandomGenerator random) {
        return new ConnectionId(random.nextLong(), random.nextLong());
    }

    /** The 16 bytes, in a new array. */
    public byte[] bytes() {
        return Id16.bytes(high, low);
    }

    /** Order of the bytes, unsigned. */
    @Override
    public int compareTo(ConnectionId other) {
        return Id16.compare(high, low, other.high, other.low);
    }

    /** base64url, the form of links and frames. */
    @Override
    public String toString() {
        return Base64Url.encode(bytes());
    }
}
