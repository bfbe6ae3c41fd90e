package sotto.rooms.wire;

import java.nio.ByteBuffer;

/** What the four 16-byte ids share. */
final class Id16 {
    private Id16() {}

    static void check(String what, byte[] bytes) {
        if (bytes.length != 16)
            throw new IllegalArgumentException(what + " has " + bytes.length + " bytes instead of 16");
    }

    static long high(byte[] bytes) {
        return ByteBuffer.wrap(bytes).getLong(0);
    }

    static long low(byte[] bytes) {
        return ByteBuffer.wrap(bytes).getLong(8);
    }

    static byte[] bytes(long high, long low) {
        return ByteBuffer.allocate(16).putLong(high).putLong(low).array();
    }

    static int compare(long highA, long lowA, long highB, long lowB) {
        int byHigh = Long.compareUnsigned(highA, highB);
        return byHigh != 0 ? byHigh : Long.compareUnsigned(lowA, lowB);
    }
}
