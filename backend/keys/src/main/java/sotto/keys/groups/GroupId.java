package sotto.keys.groups;

import java.security.SecureRandom;
import java.util.Arrays;
import java.util.Base64;

/** MLS group id: 16 random bytes. Prints as base64url without padding. */
public final class GroupId {
    /** Length in bytes. */
    public static final int SIZE = 16;

    private final byte[] bytes;

    /** @throws IllegalArgumentException if there are not exactly 16 bytes */
    public GroupId(byte[] bytes) {
        if (bytes.length != SIZE) {
            throw new IllegalArgumentException("group id has " + bytes.length + " bytes, not " + SIZE);
        }
        this.bytes = bytes.clone();
    }

    /** A fresh id. */
    public static GroupId random(SecureRandom random) {
        byte[] bytes = new byte[SIZE];
        random.nextBytes(bytes);
        return new GroupId(bytes);
    }

    /** A copy of the 16 bytes. */
    public byte[] bytes() {
        return bytes.clone();
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof GroupId that && Arrays.equals(bytes, that.bytes);
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
