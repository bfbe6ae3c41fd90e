package sotto.rooms.wire;

import java.util.random.RandomGenerator;

/**
 * Names a room on a coordination server; part of the link (docs/protocol.md §1).
 *
 * <p>16 bytes, held as two longs so that it is immutable and compares by content. As text: 22 characters of base64url.
 *
 * @param high the first 8 bytes, big-endian
 * @param low the last 8 bytes
 */
public record RoomId(long high, long low) implements Comparable<RoomId> {
    /** Length in bytes. */
    public static final int BYTES = 16;

    /** @throws IllegalArgumentException unless there are exactly 16 bytes */
    public static RoomId of(byte[] bytes) {
        Id16.check("room id", bytes);
        return new RoomId(Id16.high(bytes), Id16.low(bytes));
    }

    /** @throws IllegalArgumentException unless the text is canonical base64url of 16 bytes, without padding */
    public static RoomId fromString(String text) {
        return of(Base64Url.decodeExactly("room id", text, BYTES));
    }

    /** @param random a cryptographic source in the product */
    public static RoomId random(RandomGenerator random) {
        return new RoomId(random.nextLong(), random.nextLong());
    }

    /** The 16 bytes, in a new array. */
    public byte[] bytes() {
        return Id16.bytes(high, low);
    }

    /** Order of the bytes, unsigned. */
    @Override
    public int compareTo(RoomId other) {
        return Id16.compare(high, low, other.high, other.low);
    }

    /** base64url, the form of links and frames. */
    @Override
    public String toString() {
        return Base64Url.encode(bytes());
    }
}
