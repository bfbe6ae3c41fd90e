package sotto.keys.groups;

import java.util.Arrays;
import java.util.Objects;
import sotto.keys.Ed25519Signatures;
import sotto.keys.identity.IdentityKey;
import sotto.keys.identity.ParticipantId;

/** Somebody in a group, or about to be added: what the leaf says, after all of it has been verified. */
public final class Member {
    /** Length of an Ed25519 public key in bytes. */
    public static final int SIGNATURE_KEY_SIZE = 32;

    private final int leaf;
    private final IdentityKey identity;
    private final ParticipantId participant;
    private final String name;
    private final byte[] signatureKey;

    /** For group engines, which have verified that the identity has signed for all the rest. */
    public Member(int leaf, IdentityKey identity, ParticipantId participant, String name, byte[] signatureKey) {
        if (leaf < 0 || signatureKey.length != SIGNATURE_KEY_SIZE) {
            throw new IllegalArgumentException("member at leaf " + leaf);
        }
        this.leaf = leaf;
        this.identity = Objects.requireNonNull(identity);
        this.participant = Objects.requireNonNull(participant);
        this.name = Objects.requireNonNull(name);
        this.signatureKey = signatureKey.clone();
    }

    /** Leaf index in the ratchet tree. */
    public int leaf() {
        return leaf;
    }

    public IdentityKey identity() {
        return identity;
    }

    public ParticipantId participant() {
        return participant;
    }

    /** What the person calls themselves. Text from outside: may be anything but control characters. */
    public String name() {
        return name;
    }

    /** A copy of the Ed25519 leaf signature key, 32 bytes. */
    public byte[] signatureKey() {
        return signatureKey.clone();
    }

    /** Whether the member signed {@code content} with the leaf signature key. */
    public boolean verify(byte[] content, byte[] signature) {
        return verify(signatureKey, content, signature);
    }

    static boolean verify(byte[] key, byte[] content, byte[] signature) {
        return Ed25519Signatures.verify(key, content, signature);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Member that
                && leaf == that.leaf
                && identity.equals(that.identity)
                && participant.equals(that.participant)
                && name.equals(that.name)
                && Arrays.equals(signatureKey, that.signatureKey);
    }

    @Override
    public int hashCode() {
        return Objects.hash(leaf, participant);
    }

    @Override
    public String toString() {
        return "leaf " + leaf + " " + participant;
    }
}
