package sotto.keys.groups.mls;

import java.security.SecureRandom;
import java.util.Arrays;
import org.bouncycastle.crypto.params.Ed25519PrivateKeyParameters;
import org.bouncycastle.crypto.signers.Ed25519Signer;
import sotto.keys.journal.KeyJournal;

/** The Ed25519 leaf signature key of one visit to a room; belongs to a draft, then to its group. Thread-safe. */
final class LeafSigner {
    private final byte[] seed;
    private final byte[] publicKey;
    private final KeyJournal journal;
    private final KeyJournal.KeyId journalId;
    private boolean closed;

    private LeafSigner(byte[] seed, KeyJournal journal, String detail) {
        this.seed = seed;
        this.publicKey =
                new Ed25519PrivateKeyParameters(seed).generatePublicKey().getEncoded();
        this.journal = journal;
        this.journalId = journal.made(KeyJournal.Kind.LEAF, detail);
    }

    static LeafSigner create(SecureRandom random, KeyJournal journal, String detail) {
        byte[] seed = new byte[Ed25519PrivateKeyParameters.KEY_SIZE];
        random.nextBytes(seed);
        return new LeafSigner(seed, journal, detail);
    }

    byte[] publicKey() {
        return publicKey.clone();
    }

    /** A copy of the private key for the library; the caller wipes it. */
    synchronized byte[] seed() {
        requireOpen();
        return seed.clone();
    }

    synchronized byte[] sign(byte[] content) {
        requireOpen();
        Ed25519Signer signer = new Ed25519Signer();
        signer.init(true, new Ed25519PrivateKeyParameters(seed));
        signer.update(content, 0, content.length);
        return signer.generateSignature();
    }

    private void requireOpen() {
        if (closed) {
            throw new IllegalStateException("the leaf signature key is wiped");
        }
    }

    synchronized void close(String why) {
        closed = true;
        Arrays.fill(seed, (byte) 0);
        journal.destroyed(journalId, why);
    }

    @Override
    public String toString() {
        return journalId.toString();
    }
}
