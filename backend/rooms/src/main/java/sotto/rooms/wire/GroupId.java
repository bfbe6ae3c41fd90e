package sotto.rooms.wire;

import java.util.random.RandomGenerator;

/**
 * Names an MLS group in a room; made by the client that founds it.
 *
 * <p>16 bytes, held as two longs so that it is immutable and compares by content. As text: 22 characters of base64url.
 *
 * @param high the first 8 bytes, big-endian
 * @param low the last 8 bytes
 */
public record GroupId(long high, long low) implements Comparable<GroupId> {
    /** Length in bytes. */
    public static final int BYTES = 16;

    /** @throws IllegalArgumentException unless there are exactly 16 bytes */
    public static GroupId of(byte[] bytes) {
        Id16.check("group id", bytes);
        return new GroupId(Id16.high(bytes), Id16.low(bytes));
    }

    /** @throws IllegalArgumentException unless the text is canonical base64url of 16 bytes, without padding */
    public static GroupId fromString(String text) {
        return of(Base64Url.decodeExactly("group id", text, BYTES));
    }

    /** @param random a cryptographic source in the product */
    public static GroupId random(RandomGenerator random) {
        return new GroupId(random.nextLong(), random.nextLong());
    }

    /** The 16 bytes, in a new array. */
    public byte[] bytes() {
        return Id16.bytes(high, low);
    }

    /** Order of the bytes, unsigned. */
    @Override
    public int compareTo(GroupId other) {
        return Id16.compare(high, low, other.high, other.low);
    }

    /** base64url, the form of links and frames. */
    @Override
    public String toString() {
        return Base64Url.encode(bytes());
    }
}
