package sotto.keys.frames;

import java.io.ByteArrayOutputStream;
import java.security.GeneralSecurityException;
import java.util.Arrays;
import java.util.Optional;
import javax.crypto.AEADBadTagException;
import javax.crypto.Cipher;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.SecretKeySpec;

/**
 * SFrame (RFC 9605) with AES_256_GCM_SHA512_128 in Java: header codec (§4.3), encryption and decryption (§4.4). A
 * reference for tests and tools; calls encrypt in the browser's worker.
 */
public final class Sframe {
    private static final int TAG_BITS = 128;
    private static final int TAG_SIZE = 16;
    private static final int NONCE_SIZE = 12;

    private Sframe() {}

    /**
     * SFrame header: KID and counter, both unsigned 64 bits.
     *
     * @param length bytes on the wire
     */
    public record Header(long kid, long counter, int length) {}

    /** The one encoding of a header, 1 to 17 bytes. */
    public static byte[] encodeHeader(long kid, long counter) {
        int kidBytes = extendedBytes(kid);
        int counterBytes = extendedBytes(counter);
        int config = field(kid, kidBytes) << 4 | field(counter, counterBytes);
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        out.write(config);
        write(out, kid, kidBytes);
        write(out, counter, counterBytes);
        return out.toByteArray();
    }

    /** Empty if there is no whole header, or one that is not in its shortest form. */
    public static Optional<Header> decodeHeader(byte[] frame, int offset) {
        if (offset < 0 || offset >= frame.length) {
            return Optional.empty();
        }
        int config = frame[offset] & 0xff;
        int kidField = config >> 4;
        int counterField = config & 0xf;
        int kidBytes = kidField < 8 ? 0 : kidField - 7;
        int counterBytes = counterField < 8 ? 0 : counterField - 7;
        int length = 1 + kidBytes + counterBytes;
        if (frame.length - offset < length) {
            return Optional.empty();
        }
        long kid = kidBytes == 0 ? kidField : read(frame, offset + 1, kidBytes);
        long counter = counterBytes == 0 ? counterField : read(frame, offset + 1 + kidBytes, counterBytes);
        if (extendedBytes(kid) != kidBytes || extendedBytes(counter) != counterBytes) {
            return Optional.empty();
        }
        return Optional.of(new Header(kid, counter, length));
    }

    /** {@code header ‖ ciphertext ‖ tag}; {@code metadata} is authenticated after the header and not sent. */
    public static byte[] encrypt(SframeKeys keys, long counter, byte[] metadata, byte[] plaintext) {
        byte[] header = encodeHeader(keys.kid(), counter);
        try {
            Cipher cipher = cipher(Cipher.ENCRYPT_MODE, keys, counter);
            cipher.updateAAD(header);
            cipher.updateAAD(metadata);
            byte[] sealed = cipher.doFinal(plaintext);
            byte[] frame = Arrays.copyOf(header, header.length + sealed.length);
            System.arraycopy(sealed, 0, frame, header.length, sealed.length);
            return frame;
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("AES-256-GCM failed to encrypt", e);
        }
    }

    /** The plaintext; empty if the frame is malformed, of another KID, or does not authenticate. */
    public static Optional<byte[]> decrypt(SframeKeys keys, byte[] metadata, byte[] frame) {
        Optional<Header> decoded = decodeHeader(frame, 0);
        if (decoded.isEmpty()) {
            return Optional.empty();
        }
        Header header = decoded.get();
        if (header.kid() != keys.kid() || frame.length < header.length() + TAG_SIZE) {
            return Optional.empty();
        }
        try {
            Cipher cipher = cipher(Cipher.DECRYPT_MODE, keys, header.counter());
            cipher.updateAAD(frame, 0, header.length());
            cipher.updateAAD(metadata);
            return Optional.of(cipher.doFinal(frame, header.length(), frame.length - header.length()));
        } catch (AEADBadTagException forged) {
            return Optional.empty();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("AES-256-GCM failed to decrypt", e);
        }
    }

    private static Cipher cipher(int mode, SframeKeys keys, long counter) throws GeneralSecurityException {
        byte[] key = keys.key();
        try {
            Cipher cipher = Cipher.getInstance("AES/GCM/NoPadding");
            cipher.init(mode, new SecretKeySpec(key, "AES"), new GCMParameterSpec(TAG_BITS, nonce(keys, counter)));
            return cipher;
        } finally {
            Arrays.fill(key, (byte) 0);
        }
    }

    /** Salt xor counter, the counter right-aligned (§4.4.3). */
    static byte[] nonce(SframeKeys keys, long counter) {
        byte[] nonce = keys.salt();
        for (int i = 0; i < Long.BYTES; i++) {
            nonce[NONCE_SIZE - 1 - i] ^= (byte) (counter >>> 8 * i);
        }
        return nonce;
    }

    /** How many bytes follow the config byte: none for 0 to 7, otherwise as many as the number needs. */
    private static int extendedBytes(long value) {
        if (value >= 0 && value < 8) {
            return 0;
        }
        return (Long.SIZE - Long.numberOfLeadingZeros(value) + 7) / 8;
    }

    private static int field(long value, int extended) {
        return extended == 0 ? (int) value : 7 + extended;
    }

    private static void write(ByteArrayOutputStream out, long value, int count) {
        for (int i = count - 1; i >= 0; i--) {
            out.write((int) (value >>> 8 * i));
        }
    }

    private static long read(byte[] bytes, int offset, int count) {
        long value = 0;
        for (int i = 0; i < count; i++) {
            value = value << 8 | bytes[offset + i] & 0xff;
        }
        return value;
    }
}
