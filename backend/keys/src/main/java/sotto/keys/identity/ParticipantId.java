package sotto.keys.identity;

import java.security.SecureRandom;
import java.util.Arrays;
import java.util.Base64;

/** One visit of one person to one room: 16 random bytes, made anew each time. Prints as base64url without padding. */
public final class ParticipantId {
    /** Length in bytes. */
    public static final int SIZE = 16;

    private final byte[] bytes;

    /** @throws IllegalArgumentException if there are not exactly 16 bytes */
    public ParticipantId(byte[] bytes) {
        if (bytes.length != SIZE) {
            throw new IllegalArgumentException("participant id has " + bytes.length + " bytes, not " + SIZE);
        }
        this.bytes = bytes.clone();
    }

    /** A fresh id. */
    public static ParticipantId random(SecureRandom random) {
        byte[] bytes = new byte[SIZE];
        random.nextBytes(bytes);
        return new ParticipantId(bytes);
    }

    /** The inverse of {@link #toString()}. */
    public static ParticipantId parse(String text) {
        byte[] bytes = Base64.getUrlDecoder().decode(text);
        ParticipantId id = new ParticipantId(bytes);
        if (!id.toString().equals(text)) {
            throw new IllegalArgumentException("participant id is not canonical base64url");
        }
        return id;
    }

    /** A copy of the 16 bytes. */
    public byte[] bytes() {
        return bytes.clone();
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof ParticipantId id && Arrays.equals(bytes, id.bytes);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(bytes);
    }

    @Override
    public String toString() {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    }
}
