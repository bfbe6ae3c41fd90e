package sotto.keys.frames;

import java.util.Arrays;

/** SFrame base key (RFC 9605 §4.4.2): the secret of one sender, track and epoch before key and salt. Wiped on close. */
public final class BaseKey implements AutoCloseable {
    private final byte[] bytes;
    private boolean closed;

    /** Takes the array over: the caller must not use it again. */
    public BaseKey(byte[] bytes) {
        if (bytes.length < 16) {
            throw new IllegalArgumentException("base key has " + bytes.length + " bytes, fewer than 16");
        }
        this.bytes = bytes;
    }

    /** Key and salt for a KID. @throws IllegalStateException after {@link #close()} */
    public synchronized SframeKeys keys(long kid) {
        if (closed) {
            throw new IllegalStateException("the base key is closed");
        }
        return SframeKeys.derive(bytes, kid);
    }

    @Override
    public synchronized void close() {
        closed = true;
        Arrays.fill(bytes, (byte) 0);
    }
}
