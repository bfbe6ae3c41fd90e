package sotto.keys.identity;

import java.util.Arrays;
import org.signal.libsignal.protocol.IdentityKeyPair;
import org.signal.libsignal.protocol.InvalidKeyException;
import sotto.keys.journal.KeyJournal;

/**
 * The long-term identity key pair of this profile. The private key lives in libsignal's native memory, which frees and
 * clears it once nothing refers to it any more; {@link #close()} drops the reference and makes any later use fail.
 * Thread-safe.
 */
public final class Identity implements AutoCloseable {
    private final IdentityKey publicKey;
    private final KeyJournal journal;
    private final KeyJournal.KeyId journalId;
    private volatile IdentityKeyPair pair;

    private Identity(IdentityKeyPair pair, KeyJournal journal, String detail) {
        this.pair = pair;
        this.publicKey = new IdentityKey(pair.getPublicKey().serialize());
        this.journal = journal;
        this.journalId = journal.made(KeyJournal.Kind.IDENTITY, detail);
    }

    /** A fresh identity, not stored anywhere. */
    public static Identity generate(KeyJournal journal) {
        return new Identity(IdentityKeyPair.generate(), journal, "new identity");
    }

    /** From {@link #serialize()}. @throws IllegalArgumentException if the bytes are no key pair */
    static Identity deserialize(byte[] serialized, KeyJournal journal) {
        IdentityKeyPair pair;
        try {
            pair = new IdentityKeyPair(serialized);
        } catch (InvalidKeyException e) {
            throw new IllegalArgumentException("the stored identity is no Signal identity key pair", e);
        }
        if (!pair.getPrivateKey().publicKey().equals(pair.getPublicKey().getPublicKey())) {
            throw new IllegalArgumentException("the halves of the stored identity do not belong together");
        }
        return new Identity(pair, journal, "loaded from the profile");
    }

    /** Private and public key in libsignal's form, for the profile's store only; the caller wipes the array. */
    byte[] serialize() {
        return open().serialize();
    }

    /** The public half. Stays usable after {@link #close()}. */
    public IdentityKey publicKey() {
        return publicKey;
    }

    /**
     * XEdDSA signature, 64 bytes, randomized. The message must begin with a label of {@link sotto.keys.Labels}.
     *
     * @throws IllegalStateException after {@link #close()}
     */
    public byte[] sign(byte[] message) {
        return open().getPrivateKey().calculateSignature(Arrays.copyOf(message, message.length));
    }

    private IdentityKeyPair open() {
        IdentityKeyPair open = pair;
        if (open == null) {
            throw new IllegalStateException("the identity is closed");
        }
        return open;
    }

    @Override
    public void close() {
        if (pair != null) {
            pair = null;
            journal.destroyed(journalId, "identity closed");
        }
    }

    @Override
    public String toString() {
        return journalId.toString();
    }
}
