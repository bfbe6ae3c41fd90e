package sotto.keys.groups;

/** A leaf that is not in a group yet. Holds its private keys; used once, by {@link GroupEngine#found} or {@code join}. */
public interface LeafDraft extends AutoCloseable {
    /** MLSMessage(mls_key_package), to be sent with the request to join. */
    byte[] keyPackage();

    /** The KeyPackage's reference (RFC 9420 §5.2): how a commit's {@link StagedCommit.Added} names it. 32 bytes. */
    byte[] reference();

    /**
     * Ed25519 signature with the leaf signature key, 64 bytes. Content must begin with a label of its own. Works until
     * the draft is used or closed; then {@link Group#sign} signs with the same key.
     */
    byte[] sign(byte[] content);

    /** Wipes the private keys, unless a group has taken them over. */
    @Override
    void close();
}
