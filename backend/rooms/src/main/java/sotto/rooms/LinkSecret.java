package sotto.rooms;

import java.security.MessageDigest;
import java.util.Arrays;
import java.util.function.Function;

/**
 * The 32 bytes in a link's fragment that keep the server out. Holds its own copy and wipes it on {@link #close()}; prints
 * nothing of it. Safe for use from several threads until it is closed.
 */
public final class LinkSecret implements AutoCloseable {
    /** Length in bytes. */
    public static final int BYTES = 32;

    private final byte[] bytes;
    private boolean closed;

    private LinkSecret(byte[] bytes) {
        this.bytes = bytes;
    }

    /**
     * Copies the bytes; the caller wipes its own.
     *
     * @throws IllegalArgumentException unless there are exactly 32 bytes
     */
    public static LinkSecret of(byte[] bytes) {
        if (bytes.length != BYTES)
            throw new IllegalArgumentException("link secret has " + bytes.length + " bytes instead of " + BYTES);
        return new LinkSecret(bytes.clone());
    }

    /**
     * Lends the bytes to a derivation. The array is a copy that is wiped when {@code use} returns; it must not be kept.
     *
     * @throws IllegalStateException after {@link #close()}
     */
    public <T> T with(Function<byte[], T> use) {
        byte[] copy = copy();
        try {
            return use.apply(copy);
        } finally {
            Arrays.fill(copy, (byte) 0);
        }
    }

    private synchronized byte[] copy() {
        if (closed) throw new IllegalStateException("the link secret is closed");
        return bytes.clone();
    }

    @Override
    public synchronized void close() {
        closed = true;
        Arrays.fill(bytes, (byte) 0);
    }

    /** Equal bytes, compared in constant time. */
    @Override
    public boolean equals(Object other) {
        return other instanceof LinkSecret that && MessageDigest.isEqual(copy(), that.copy());
    }

    /** The same for all secrets, so that nothing of one shows. */
    @Override
    public int hashCode() {
        return BYTES;
    }

    /** Tells nothing. */
    @Override
    public String toString() {
        return "LinkSecret";
    }
}
