package sotto.keys.groups;

import sotto.keys.identity.Identity;
import sotto.keys.identity.ParticipantId;

/** Makes and joins groups. */
public interface GroupEngine {
    /**
     * A fresh leaf for one visit to a room: signature, init and encryption keys, bound to the identity, the room, the
     * participant id and the name (protocol §4). Its KeyPackage is valid for two days.
     *
     * @param roomId 16 bytes
     * @param name what others see: 1 to 192 bytes of UTF-8 without control characters
     * @throws GroupException.PolicyViolation if the name is not allowed
     */
    LeafDraft draft(Identity me, byte[] roomId, ParticipantId id, String name) throws GroupException;

    /**
     * A new group at epoch 0 with the draft's leaf as its only member. Uses the draft up.
     *
     * @throws IllegalStateException if the draft was used or closed
     */
    Group found(LeafDraft draft, GroupId id) throws GroupException;

    /**
     * Enters a group with the Welcome that the draft's KeyPackage was added with. The draft is used up only on success:
     * whatever is refused leaves it as it was, so that a good Welcome can still follow.
     *
     * @param welcome MLSMessage(mls_welcome) with the ratchet_tree extension
     * @throws GroupException.NotForUs if it holds no secrets for this draft
     * @throws IllegalStateException if the draft was used or closed
     */
    Group join(LeafDraft draft, byte[] welcome) throws GroupException;

    /**
     * Checks a KeyPackage as every member will when it is added: form, signatures, lifetime, identity binding for this
     * room.
     *
     * @param keyPackage MLSMessage(mls_key_package)
     */
    KeyPackageInfo inspect(byte[] keyPackage, byte[] roomId) throws GroupException;

    /**
     * The same, but that the KeyPackage's own signature is not verified: for somebody who adds nobody yet, and to whom the
     * whole KeyPackage came under another signature of the same key. Whoever adds it, or follows a commit that does,
     * verifies all of it.
     *
     * @param keyPackage MLSMessage(mls_key_package)
     */
    KeyPackageInfo inspectRequest(byte[] keyPackage, byte[] roomId) throws GroupException;
}
