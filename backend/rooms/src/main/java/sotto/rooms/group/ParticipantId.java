package sotto.rooms.group;

import java.nio.ByteBuffer;
import java.util.Base64;
import java.util.random.RandomGenerator;

/**
 * Names a person's stay in a room: 16 random bytes, new each time the person enters, kept while the stay lasts, also
 * when the machine has to join its group again.
 *
 * @param high the first 8 bytes, big-endian
 * @param low the last 8 bytes
 */
public record ParticipantId(long high, long low) implements Comparable<ParticipantId> {
    /** Length in bytes. */
    public static final int BYTES = 16;

    /** @throws IllegalArgumentException unless there are exactly 16 bytes */
    public static ParticipantId of(byte[] bytes) {
        if (bytes.length != BYTES)
            throw new IllegalArgumentException("participant id has " + bytes.length + " bytes instead of " + BYTES);
        ByteBuffer buffer = ByteBuffer.wrap(bytes);
        return new ParticipantId(buffer.getLong(), buffer.getLong());
    }

    /** @throws IllegalArgumentException unless the text is canonical base64url of 16 bytes, without padding */
    public static ParticipantId fromString(String text) {
        ParticipantId id = of(Base64.getUrlDecoder().decode(text));
        if (!id.toString().equals(text))
            throw new IllegalArgumentException("participant id is not canonical base64url");
        return id;
    }

    /** @param random a cryptographic source in the product */
    public static ParticipantId random(RandomGenerator random) {
        return new ParticipantId(random.nextLong(), random.nextLong());
    }

    /** The 16 bytes, in a new array. */
    public byte[] bytes() {
        return ByteBuffer.allocate(BYTES).putLong(high).putLong(low).array();
    }

    /** Order of the bytes, unsigned. */
    @Override
    public int compareTo(ParticipantId other) {
        int order = Long.compareUnsigned(high, other.high);
        return order != 0 ? order : Long.compareUnsigned(low, other.low);
    }

    /** base64url, 22 characters. */
    @Override
    public String toString() {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes());
    }
}
