package sotto.rooms.envelope;

import java.nio.ByteBuffer;
import java.security.GeneralSecurityException;
import java.util.Objects;
import java.util.function.UnaryOperator;
import javax.crypto.Cipher;
import javax.crypto.SecretKey;
import sotto.rooms.LinkSecret;
import sotto.rooms.wire.ConnectionId;
import sotto.rooms.wire.LogHead;
import sotto.rooms.wire.LogId;
import sotto.rooms.wire.Payload;
import sotto.rooms.wire.RoomId;

/** Seals what one connection sends. The key is fresh for each connection and each envelope has its own counter. */
public final class Sealer {
    /** Length of the random salt. */
    public static final int SALT_BYTES = EnvelopeCrypto.SALT_BYTES;

    private final RoomId room;
    private final LogId log;
    private final ConnectionId sender;
    private final byte[] salt;
    private final SecretKey key;
    private long counter;

    /**
     * @param sender own connection
     * @param salt {@link #SALT_BYTES} random bytes, never used before
     */
    public Sealer(LinkSecret secret, RoomId room, LogId log, ConnectionId sender, byte[] salt) {
        if (salt.length != SALT_BYTES)
            throw new IllegalArgumentException("salt has " + salt.length + " bytes instead of " + SALT_BYTES);
        this.room = Objects.requireNonNull(room, "room");
        this.log = Objects.requireNonNull(log, "log");
        this.sender = Objects.requireNonNull(sender, "sender");
        this.salt = salt.clone();
        key = EnvelopeCrypto.key(secret, room, log, sender, salt);
    }

    /**
     * Seals and signs one message.
     *
     * @param context of this room, log and connection
     * @param seen own view of the log
     * @param signer Ed25519 over the bytes given, 64 bytes
     * @throws IllegalArgumentException if the context is another connection's, or the envelope gets larger than {@link
     *     sotto.rooms.wire.WireLimits#PAYLOAD_BYTES}
     */
    public Payload seal(EnvelopeContext context, LogHead seen, RoomMessage message, UnaryOperator<byte[]> signer) {
        if (!context.room().equals(room)
                || !context.log().equals(log)
                || !context.sender().equals(sender))
            throw new IllegalArgumentException("the context is not of this connection");
        byte[] json = RoomMessageCodec.encode(message);
        byte[] header = EnvelopeCrypto.header(salt, counter, seen.sequence(), seen.hash());
        byte[] where = context.bytes();
        byte[] signature = signer.apply(EnvelopeCrypto.signed(header, where, json));
        if (signature.length != EnvelopeCrypto.SIGNATURE_BYTES)
            throw new IllegalArgumentException("the signature has " + signature.length + " bytes instead of 64");
        ByteBuffer envelope =
                ByteBuffer.allocate(header.length + signature.length + json.length + EnvelopeCrypto.TAG_BYTES);
        try {
            Cipher cipher = EnvelopeCrypto.cipher(Cipher.ENCRYPT_MODE, key, counter, header, where);
            counter++; // spent, whatever happens from here on
            byte[] body = ByteBuffer.allocate(signature.length + json.length)
                    .put(signature)
                    .put(json)
                    .array();
            envelope.put(header).put(cipher.doFinal(body));
        } catch (GeneralSecurityException broken) {
            throw new IllegalStateException("AES-256-GCM failed", broken);
        }
        return Payload.of(envelope.array());
    }
}
