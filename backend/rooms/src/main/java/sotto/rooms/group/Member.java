package sotto.rooms.group;

import java.util.Objects;

/**
 * A member of an MLS group, as its verified credential says (docs/protocol.md §4).
 *
 * @param leaf leaf index in the ratchet tree
 * @param participant this stay in the room
 * @param name as the member chose it, checked for length
 * @param identity the person's identity key, 33 bytes
 * @param signatureKey the leaf's Ed25519 public key, 32 bytes; new at each join
 */
public record Member(int leaf, ParticipantId participant, String name, Bytes identity, Bytes signatureKey) {
    public Member {
        if (leaf < 0) throw new IllegalArgumentException("leaf is out of range: " + leaf);
        Objects.requireNonNull(participant, "participant");
        Objects.requireNonNull(name, "name");
        Objects.requireNonNull(identity, "identity");
        Objects.requireNonNull(signatureKey, "signatureKey");
    }
}
