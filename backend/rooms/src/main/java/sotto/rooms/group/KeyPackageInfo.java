package sotto.rooms.group;

import java.util.Objects;

/**
 * What a verified MLS KeyPackage says: signatures, lifetime, suite and the identity's binding have been checked.
 *
 * @param reference KeyPackageRef (RFC 9420 §5.2), 32 bytes
 * @param signatureKey the leaf's Ed25519 public key, 32 bytes
 */
public record KeyPackageInfo(
        Bytes reference, ParticipantId participant, String name, Bytes identity, Bytes signatureKey) {
    public KeyPackageInfo {
        Objects.requireNonNull(reference, "reference");
        Objects.requireNonNull(participant, "participant");
        Objects.requireNonNull(name, "name");
        Objects.requireNonNull(identity, "identity");
        Objects.requireNonNull(signatureKey, "signatureKey");
    }
}
