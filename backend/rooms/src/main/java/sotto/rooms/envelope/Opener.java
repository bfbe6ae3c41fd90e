package sotto.rooms.envelope;

import java.nio.ByteBuffer;
import java.security.GeneralSecurityException;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import javax.crypto.Cipher;
import javax.crypto.SecretKey;
import sotto.rooms.LinkSecret;
import sotto.rooms.envelope.EnvelopeException.Reason;
import sotto.rooms.wire.ConnectionId;
import sotto.rooms.wire.LogHash;
import sotto.rooms.wire.LogId;
import sotto.rooms.wire.Payload;
import sotto.rooms.wire.RoomId;

/**
 * Opens the envelopes of one log. Remembers for each connection its salt and the last counter: envelopes of a connection
 * open in the order in which they were sealed, each once.
 */
public final class Opener {
    /**
     * Connections remembered. None can be forgotten while the log lives, since what it said could then be replayed. So
     * many come with years of reconnecting, or with an insider and a server who work together.
     */
    private static final int SENDERS = 1 << 16;

    private static final int SHORTEST = EnvelopeCrypto.HEADER_BYTES
            + EnvelopeCrypto.SIGNATURE_BYTES
            + EnvelopeCrypto.TAG_BYTES
            + "{\"type\":\"\"}".length();

    private final LinkSecret secret;
    private final RoomId room;
    private final LogId log;
    private final SignatureCheck check;
    private final Map<ConnectionId, Sender> senders = new HashMap<>();

    private static final class Sender {
        final byte[] salt;
        final SecretKey key;
        long last = -1;

        Sender(byte[] salt, SecretKey key) {
            this.salt = salt;
            this.key = key;
        }
    }

    /** @param secret must stay open while this is used */
    public Opener(LinkSecret secret, RoomId room, LogId log) {
        this(secret, room, log, SignatureCheck.JAVA);
    }

    /**
     * @param secret must stay open while this is used
     * @param check for the signatures in the envelopes
     */
    public Opener(LinkSecret secret, RoomId room, LogId log, SignatureCheck check) {
        this.check = Objects.requireNonNull(check, "check");
        this.secret = Objects.requireNonNull(secret, "secret");
        this.room = Objects.requireNonNull(room, "room");
        this.log = Objects.requireNonNull(log, "log");
    }

    /**
     * Opens one envelope. A refused one changes nothing.
     *
     * @param context where it was received: this room and log, the sender that the server names
     * @throws EnvelopeException with the reason
     */
    public Opened open(EnvelopeContext context, Payload payload) throws EnvelopeException {
        if (!context.room().equals(room) || !context.log().equals(log))
            throw new IllegalArgumentException("the context is of another log");
        byte[] envelope = payload.bytes();
        if (envelope.length < SHORTEST) throw new EnvelopeException(Reason.TRUNCATED, "the envelope is cut off");
        byte[] header = Arrays.copyOf(envelope, EnvelopeCrypto.HEADER_BYTES);
        ByteBuffer fields = ByteBuffer.wrap(header);
        if (fields.get() != EnvelopeCrypto.VERSION)
            throw new EnvelopeException(Reason.VERSION, "the envelope is of another version");
        byte[] salt = new byte[EnvelopeCrypto.SALT_BYTES];
        fields.get(salt);
        long counter = fields.getLong();
        long seenSequence = fields.getLong();
        byte[] seenHash = new byte[LogHash.BYTES];
        fields.get(seenHash);
        Sender known = senders.get(context.sender());
        boolean same = known != null && Arrays.equals(known.salt, salt);
        SecretKey key = same ? known.key : EnvelopeCrypto.key(secret, room, log, context.sender(), salt);
        byte[] where = context.bytes();
        byte[] body = decrypt(key, counter, header, where, envelope);
        if (known != null && !same)
            throw new EnvelopeException(Reason.SECOND_SENDER, "two clients speak on one connection");
        if (known == null && senders.size() >= SENDERS)
            throw new EnvelopeException(Reason.TOO_MANY_SENDERS, "too many connections have spoken in this room");
        if (counter < 0 || known != null && counter <= known.last)
            throw new EnvelopeException(Reason.REPLAYED, "the envelope was replayed or came out of order");
        if (seenSequence < 0) throw new EnvelopeException(Reason.CONTENT, "the seen sequence is negative");
        byte[] signature = Arrays.copyOf(body, EnvelopeCrypto.SIGNATURE_BYTES);
        byte[] json = Arrays.copyOfRange(body, EnvelopeCrypto.SIGNATURE_BYTES, body.length);
        Sender sender = known == null ? new Sender(salt, key) : known;
        sender.last = counter;
        senders.put(context.sender(), sender);
        RoomMessage message = RoomMessageCodec.decode(json, context);
        return new Opened(
                seenSequence,
                LogHash.of(seenHash),
                message,
                EnvelopeCrypto.signed(header, where, json),
                signature,
                check);
    }

    private static byte[] decrypt(SecretKey key, long counter, byte[] header, byte[] where, byte[] envelope)
            throws EnvelopeException {
        try {
            return EnvelopeCrypto.cipher(Cipher.DECRYPT_MODE, key, counter, header, where)
                    .doFinal(envelope, header.length, envelope.length - header.length);
        } catch (GeneralSecurityException forged) {
            throw new EnvelopeException(
                    Reason.NOT_AUTHENTIC, "the envelope was not sealed with this link for this place, or was changed");
        }
    }
}
