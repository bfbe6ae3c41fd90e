package sotto.keys.frames;

import java.nio.ByteBuffer;
import java.util.Arrays;
import sotto.keys.Labels;

/** SFrame key (32 bytes) and salt (12 bytes) of one KID, suite AES_256_GCM_SHA512_128. Wiped on close. */
public final class SframeKeys implements AutoCloseable {
    /** The suite's number in RFC 9605. */
    public static final int CIPHER_SUITE = 0x0005;

    /** Key length in bytes. */
    public static final int KEY_SIZE = 32;

    /** Salt length in bytes. */
    public static final int SALT_SIZE = 12;

    private final long kid;
    private final byte[] key;
    private final byte[] salt;
    private boolean closed;

    private SframeKeys(long kid, byte[] key, byte[] salt) {
        this.kid = kid;
        this.key = key;
        this.salt = salt;
    }

    /** RFC 9605 §4.4.2. The base key stays the caller's. */
    static SframeKeys derive(byte[] baseKey, long kid) {
        byte[] secret = Hkdf.SHA512.extract(new byte[0], baseKey);
        try {
            byte[] key = Hkdf.SHA512.expand(secret, label(Labels.SFRAME_KEY, kid), KEY_SIZE);
            byte[] salt = Hkdf.SHA512.expand(secret, label(Labels.SFRAME_SALT, kid), SALT_SIZE);
            return new SframeKeys(kid, key, salt);
        } finally {
            Arrays.fill(secret, (byte) 0);
        }
    }

    private static byte[] label(String label, long kid) {
        byte[] text = Labels.bytes(label);
        return ByteBuffer.allocate(text.length + Long.BYTES + Short.BYTES)
                .put(text)
                .putLong(kid)
                .putShort((short) CIPHER_SUITE)
                .array();
    }

    /** The KID, unsigned. */
    public long kid() {
        return kid;
    }

    /** A copy of the key, which the caller wipes. @throws IllegalStateException after {@link #close()} */
    public synchronized byte[] key() {
        return open(key);
    }

    /** A copy of the salt, which the caller wipes. @throws IllegalStateException after {@link #close()} */
    public synchronized byte[] salt() {
        return open(salt);
    }

    private byte[] open(byte[] bytes) {
        if (closed) {
            throw new IllegalStateException("the frame key is closed");
        }
        return bytes.clone();
    }

    @Override
    public synchronized void close() {
        closed = true;
        Arrays.fill(key, (byte) 0);
        Arrays.fill(salt, (byte) 0);
    }
}
