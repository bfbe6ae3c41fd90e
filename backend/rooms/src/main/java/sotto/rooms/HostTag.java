package sotto.rooms;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import sotto.rooms.group.Bytes;
import sotto.rooms.wire.RoomId;

/**
 * Names the person who made a room without telling who it is (docs/protocol.md §1): the first 16 bytes of
 * {@code SHA-256("Sotto 1.0 room host" ‖ room id ‖ identity key)}. It stands in the link, so that everybody who has the
 * link knows whose word on the room's rules counts.
 *
 * @param value 16 bytes
 */
public record HostTag(Bytes value) {
    /** Length in bytes. */
    public static final int BYTES = 16;

    /** Bytes of an identity key. */
    public static final int IDENTITY_BYTES = 33;

    public HostTag {
        if (value.size() != BYTES)
            throw new IllegalArgumentException("host tag has " + value.size() + " bytes instead of " + BYTES);
    }

    /**
     * The tag of a room's maker.
     *
     * @param identity identity key, 33 bytes
     */
    public static HostTag of(RoomId room, Bytes identity) {
        if (identity.size() != IDENTITY_BYTES)
            throw new IllegalArgumentException("identity key has " + identity.size() + " bytes");
        try {
            MessageDigest sha = MessageDigest.getInstance("SHA-256");
            sha.update(Labels.bytes(Labels.ROOM_HOST));
            sha.update(room.bytes());
            byte[] hash = sha.digest(identity.toArray());
            return new HostTag(Bytes.of(java.util.Arrays.copyOf(hash, BYTES)));
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    /** @throws IllegalArgumentException unless the text is canonical base64url of 16 bytes, without padding */
    public static HostTag fromString(String text) {
        HostTag tag = new HostTag(Bytes.of(Base64.getUrlDecoder().decode(text.getBytes(StandardCharsets.ISO_8859_1))));
        if (!tag.toString().equals(text)) throw new IllegalArgumentException("host tag is not canonical base64url");
        return tag;
    }

    /** Whether this identity (33 bytes) made the room. */
    public boolean names(RoomId room, Bytes identity) {
        return identity.size() == IDENTITY_BYTES && of(room, identity).equals(this);
    }

    /** base64url, 22 characters. */
    @Override
    public String toString() {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(value.toArray());
    }
}
