package sotto.keys.groups.mls;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import sotto.keys.groups.GroupException;

/**
 * Reads TLS presentation language as MLS uses it (RFC 9420 §2.1), strictly: no length beyond the bytes that are there or
 * the stated limit, no varint longer than needed, nothing left over. Never allocates more than the input holds.
 */
final class TlsReader {
    /** Reads one element of a vector. */
    interface Element<T> {
        T read(TlsReader reader) throws GroupException;
    }

    private final byte[] bytes;
    private final int end;
    private final String what;
    private int at;

    /** @param what names the message in errors */
    TlsReader(byte[] bytes, int limit, String what) throws GroupException {
        this(bytes, 0, bytes.length, what);
        if (bytes.length > limit) {
            throw new GroupException.Malformed(what + " has " + bytes.length + " bytes, more than " + limit);
        }
    }

    private TlsReader(byte[] bytes, int at, int end, String what) {
        this.bytes = bytes;
        this.at = at;
        this.end = end;
        this.what = what;
    }

    GroupException.Malformed malformed(String problem) {
        return new GroupException.Malformed(what + ": " + problem + " at byte " + at);
    }

    int position() {
        return at;
    }

    /** The bytes from an earlier {@link #position()} to here. */
    byte[] since(int start) {
        return Arrays.copyOfRange(bytes, start, at);
    }

    int u8() throws GroupException {
        need(1);
        return bytes[at++] & 0xff;
    }

    int u16() throws GroupException {
        return u8() << 8 | u8();
    }

    /** An unsigned 32-bit number. */
    long u32() throws GroupException {
        return (long) u16() << 16 | u16();
    }

    /** An unsigned 64-bit number; negative if its top bit is set. */
    long u64() throws GroupException {
        return u32() << 32 | u32();
    }

    /** Reads a number that must have this value. */
    void expectU8(int value, String name) throws GroupException {
        int found = u8();
        if (found != value) {
            throw malformed(name + " is " + found + ", not " + value);
        }
    }

    /** Reads a number that must have this value. */
    void expectU16(int value, String name) throws GroupException {
        int found = u16();
        if (found != value) {
            throw malformed(name + " is " + found + ", not " + value);
        }
    }

    /** An optional's presence byte. */
    boolean present() throws GroupException {
        return switch (u8()) {
            case 0 -> false;
            case 1 -> true;
            default -> throw malformed("presence byte is neither 0 nor 1");
        };
    }

    /** {@code opaque<V>} of {@code min} to {@code max} bytes. */
    byte[] opaque(int min, int max, String name) throws GroupException {
        int length = length(max, name);
        if (length < min) {
            throw malformed(name + " has " + length + " bytes, fewer than " + min);
        }
        at += length;
        return Arrays.copyOfRange(bytes, at - length, at);
    }

    /** {@code opaque<V>} of exactly {@code size} bytes. */
    byte[] opaque(int size, String name) throws GroupException {
        return opaque(size, size, name);
    }

    /** {@code T<V>} of at most {@code maxCount} elements. */
    <T> List<T> vector(int maxCount, String name, Element<T> element) throws GroupException {
        int length = length(Integer.MAX_VALUE, name);
        TlsReader inner = new TlsReader(bytes, at, at + length, what + ", " + name);
        List<T> elements = new ArrayList<>();
        while (inner.at < inner.end) {
            if (elements.size() == maxCount) {
                throw malformed(name + " has more than " + maxCount + " elements");
            }
            elements.add(element.read(inner));
        }
        at += length;
        return List.copyOf(elements);
    }

    /** A vector that must be empty. */
    void empty(String name) throws GroupException {
        if (length(Integer.MAX_VALUE, name) != 0) {
            throw new GroupException.PolicyViolation(what + ": " + name + " are not allowed");
        }
    }

    /** Nothing may be left. */
    void end() throws GroupException {
        if (at != end) {
            throw malformed((end - at) + " bytes left over");
        }
    }

    private int length(int max, String name) throws GroupException {
        int first = u8();
        long length = switch (first >> 6) {
            case 0 -> first;
            case 1 -> shortest((first & 0x3fL) << 8 | u8(), 1 << 6, name);
            case 2 -> shortest((first & 0x3fL) << 24 | (long) u8() << 16 | u16(), 1 << 14, name);
            default -> throw malformed("length of " + name + " is no varint");
        };
        if (length > max) {
            throw malformed(name + " has " + length + " bytes, more than " + max);
        }
        need(length);
        return (int) length;
    }

    private long shortest(long length, long least, String name) throws GroupException {
        if (length < least) {
            throw malformed("length of " + name + " is not in its shortest form");
        }
        return length;
    }

    private void need(long count) throws GroupException {
        if (count > end - at) {
            throw malformed("truncated");
        }
    }
}
