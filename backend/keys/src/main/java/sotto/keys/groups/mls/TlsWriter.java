package sotto.keys.groups.mls;

import java.io.ByteArrayOutputStream;

/** Writes TLS presentation language as MLS uses it (RFC 9420 §2.1). For public values only: its buffer is not wiped. */
final class TlsWriter {
    private final ByteArrayOutputStream out = new ByteArrayOutputStream();

    TlsWriter u16(int value) {
        out.write(value >>> 8);
        out.write(value);
        return this;
    }

    TlsWriter u32(int value) {
        return u16(value >>> 16).u16(value);
    }

    TlsWriter u64(long value) {
        return u32((int) (value >>> 32)).u32((int) value);
    }

    TlsWriter raw(byte[] bytes) {
        out.writeBytes(bytes);
        return this;
    }

    /** {@code opaque<V>}. */
    TlsWriter opaque(byte[] bytes) {
        if (bytes.length < 1 << 6) {
            out.write(bytes.length);
        } else if (bytes.length < 1 << 14) {
            u16(1 << 14 | bytes.length);
        } else {
            u32(2 << 30 | bytes.length);
        }
        return raw(bytes);
    }

    byte[] bytes() {
        return out.toByteArray();
    }
}
