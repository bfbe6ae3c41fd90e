package sotto.rooms.envelope;

import java.nio.ByteBuffer;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import javax.crypto.Cipher;
import javax.crypto.KDF;
import javax.crypto.SecretKey;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.HKDFParameterSpec;
import sotto.rooms.Labels;
import sotto.rooms.LinkSecret;
import sotto.rooms.wire.ConnectionId;
import sotto.rooms.wire.LogHash;
import sotto.rooms.wire.LogId;
import sotto.rooms.wire.RoomId;

/**
 * The derivations and layouts of docs/protocol.md §3, shared by both directions.
 *
 * <pre>
 * header = u8 1 ‖ salt(16) ‖ u64 counter ‖ u64 seen sequence ‖ seen hash(32)          65 bytes
 * key    = HKDF-SHA256(ikm = link secret, salt = room id,
 *                      info = "Sotto 1.0 envelope" ‖ log id ‖ sender connection ‖ salt, 32)
 * nonce  = u32 0 ‖ u64 counter
 * body   = signature(64) ‖ JSON
 * </pre>
 */
final class EnvelopeCrypto {
    static final byte VERSION = 1;
    static final int SALT_BYTES = 16;
    static final int HEADER_BYTES = 1 + SALT_BYTES + 8 + 8 + LogHash.BYTES;
    static final int SIGNATURE_BYTES = 64;
    static final int TAG_BYTES = 16;

    private EnvelopeCrypto() {}

    static SecretKey key(LinkSecret secret, RoomId room, LogId log, ConnectionId sender, byte[] salt) {
        byte[] label = Labels.bytes(Labels.ENVELOPE);
        byte[] info = ByteBuffer.allocate(label.length + 16 + 16 + SALT_BYTES)
                .put(label)
                .put(log.bytes())
                .put(sender.bytes())
                .put(salt)
                .array();
        return secret.with(bytes -> {
            try {
                return KDF.getInstance("HKDF-SHA256")
                        .deriveKey(
                                "AES",
                                HKDFParameterSpec.ofExtract()
                                        .addIKM(bytes)
                                        .addSalt(room.bytes())
                                        .thenExpand(info, 32));
            } catch (GeneralSecurityException missing) {
                throw new AssertionError("Java 25 has HKDF-SHA256", missing);
            }
        });
    }

    static byte[] header(byte[] salt, long counter, long seenSequence, LogHash seenHash) {
        return ByteBuffer.allocate(HEADER_BYTES)
                .put(VERSION)
                .put(salt)
                .putLong(counter)
                .putLong(seenSequence)
                .put(seenHash.bytes())
                .array();
    }

    /** AES-256-GCM; {@code mode} is one of {@link Cipher}'s. */
    static Cipher cipher(int mode, SecretKey key, long counter, byte[] header, byte[] context)
            throws GeneralSecurityException {
        byte[] nonce = ByteBuffer.allocate(12).putInt(0).putLong(counter).array();
        Cipher cipher = Cipher.getInstance("AES/GCM/NoPadding");
        cipher.init(mode, key, new GCMParameterSpec(TAG_BYTES * 8, nonce));
        cipher.updateAAD(header);
        cipher.updateAAD(context);
        return cipher;
    }

    /** What the signature covers. */
    static byte[] signed(byte[] header, byte[] context, byte[] json) {
        byte[] label = Labels.bytes(Labels.ENVELOPE_SIGNATURE);
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256").digest(json);
            return ByteBuffer.allocate(label.length + header.length + context.length + digest.length)
                    .put(label)
                    .put(header)
                    .put(context)
                    .put(digest)
                    .array();
        } catch (GeneralSecurityException missing) {
            throw new AssertionError("every Java platform has SHA-256", missing);
        }
    }
}
