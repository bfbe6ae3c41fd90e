package sotto.rooms.envelope;

import java.util.Arrays;
import sotto.rooms.group.Bytes;
import sotto.rooms.wire.LogHash;

/** An envelope that opened: whoever sealed it has the link. Who it was, {@link #signedBy} tells. */
public final class Opened {
    private final long seenSequence;
    private final LogHash seenHash;
    private final RoomMessage message;
    private final byte[] signed;
    private final byte[] signature;
    private final SignatureCheck check;

    Opened(
            long seenSequence,
            LogHash seenHash,
            RoomMessage message,
            byte[] signed,
            byte[] signature,
            SignatureCheck check) {
        this.seenSequence = seenSequence;
        this.seenHash = seenHash;
        this.message = message;
        this.signed = signed;
        this.signature = signature;
        this.check = check;
    }

    /** Sequence of the last log entry that the sender had seen. */
    public long seenSequence() {
        return seenSequence;
    }

    /** The sender's log hash at that sequence. */
    public LogHash seenHash() {
        return seenHash;
    }

    public RoomMessage message() {
        return message;
    }

    /** Whether this Ed25519 key (32 bytes) signed the message, in this place. */
    public boolean signedBy(Bytes signatureKey) {
        return check.signed(signatureKey.toArray(), signed, signature);
    }

    @Override
    public String toString() {
        return "Opened[" + message.getClass().getSimpleName() + ", seen " + seenSequence + ", signature "
                + Arrays.hashCode(signature) + "]";
    }
}
