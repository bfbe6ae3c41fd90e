package sotto.rooms.envelope;

import java.nio.ByteBuffer;
import java.security.GeneralSecurityException;
import java.util.function.UnaryOperator;
import javax.crypto.Cipher;
import javax.crypto.SecretKey;
import sotto.rooms.LinkSecret;
import sotto.rooms.wire.LogHead;
import sotto.rooms.wire.Payload;

/** Seals what {@link Sealer} never would: any content, counter and salt, on any connection, with any signature. */
public final class RawSealer {
    private final LinkSecret secret;
    private final byte[] salt;

    public RawSealer(LinkSecret secret, byte[] salt) {
        this.secret = secret;
        this.salt = salt.clone();
    }

    /** The message as it is encoded before it is sealed. */
    public static byte[] encode(RoomMessage message) {
        return RoomMessageCodec.encode(message);
    }

    /** @param signer of what an honest sender signs */
    public Payload seal(
            EnvelopeContext context, long counter, LogHead seen, byte[] json, UnaryOperator<byte[]> signer) {
        byte[] header = EnvelopeCrypto.header(salt, counter, seen.sequence(), seen.hash());
        byte[] signature = signer.apply(EnvelopeCrypto.signed(header, context.bytes(), json));
        SecretKey key = EnvelopeCrypto.key(secret, context.room(), context.log(), context.sender(), salt);
        try {
            byte[] body = EnvelopeCrypto.cipher(Cipher.ENCRYPT_MODE, key, counter, header, context.bytes())
                    .doFinal(ByteBuffer.allocate(signature.length + json.length)
                            .put(signature)
                            .put(json)
                            .array());
            return Payload.of(ByteBuffer.allocate(header.length + body.length)
                    .put(header)
                    .put(body)
                    .array());
        } catch (GeneralSecurityException broken) {
            throw new IllegalStateException(broken);
        }
    }
}
