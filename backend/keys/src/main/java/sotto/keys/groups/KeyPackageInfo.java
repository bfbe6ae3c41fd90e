package sotto.keys.groups;

import java.time.Instant;
import java.util.Objects;
import sotto.keys.identity.IdentityKey;
import sotto.keys.identity.ParticipantId;

/** A KeyPackage that passed every check for its room, and who it stands for. */
public final class KeyPackageInfo {
    private final byte[] reference;
    private final IdentityKey identity;
    private final ParticipantId participant;
    private final String name;
    private final byte[] signatureKey;
    private final Instant expires;

    /** For group engines. */
    public KeyPackageInfo(
            byte[] reference,
            IdentityKey identity,
            ParticipantId participant,
            String name,
            byte[] signatureKey,
            Instant expires) {
        this.reference = reference.clone();
        this.identity = Objects.requireNonNull(identity);
        this.participant = Objects.requireNonNull(participant);
        this.name = Objects.requireNonNull(name);
        this.signatureKey = signatureKey.clone();
        this.expires = Objects.requireNonNull(expires);
    }

    /** The KeyPackage's reference (RFC 9420 §5.2), 32 bytes. */
    public byte[] reference() {
        return reference.clone();
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

    /** When the KeyPackage can no longer be added. */
    public Instant expires() {
        return expires;
    }

    /** Whether the leaf signature key in the KeyPackage signed {@code content} (Ed25519). */
    public boolean verify(byte[] content, byte[] signature) {
        return Member.verify(signatureKey, content, signature);
    }
}
