package sotto.keys.frames;

import java.util.Arrays;
import sotto.keys.Labels;

/**
 * The link's part of the frame keys (protocol §6): derived once per room from the link secret, so that the link secret
 * itself need not be kept for it. Wiped on close.
 */
public final class LinkPart implements AutoCloseable {
    /** Length of a link secret in bytes. */
    public static final int LINK_SECRET_SIZE = 32;

    /** Length of a room id in bytes. */
    public static final int ROOM_ID_SIZE = 16;

    private static final int SIZE = 32;

    private final byte[] bytes;
    private boolean closed;

    private LinkPart(byte[] bytes) {
        this.bytes = bytes;
    }

    /** {@code HKDF-SHA256(ikm = link secret, salt = room id, info = label, 32)}. Both arrays stay the caller's. */
    public static LinkPart derive(byte[] linkSecret, byte[] roomId) {
        if (linkSecret.length != LINK_SECRET_SIZE) {
            throw new IllegalArgumentException("link secret has " + linkSecret.length + " bytes, not 32");
        }
        if (roomId.length != ROOM_ID_SIZE) {
            throw new IllegalArgumentException("room id has " + roomId.length + " bytes, not 16");
        }
        byte[] prk = Hkdf.SHA256.extract(roomId, linkSecret);
        try {
            return new LinkPart(Hkdf.SHA256.expand(prk, Labels.bytes(Labels.FRAME_LINK_PART), SIZE));
        } finally {
            Arrays.fill(prk, (byte) 0);
        }
    }

    /** The secret itself, for {@link EpochFrameKeys} alone. */
    synchronized byte[] secret() {
        if (closed) {
            throw new IllegalStateException("the link part is closed");
        }
        return bytes.clone();
    }

    @Override
    public synchronized void close() {
        closed = true;
        Arrays.fill(bytes, (byte) 0);
    }
}
