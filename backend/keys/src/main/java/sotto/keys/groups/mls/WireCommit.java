package sotto.keys.groups.mls;

import java.util.ArrayList;
import java.util.List;
import sotto.keys.groups.Group;
import sotto.keys.groups.GroupException;
import sotto.keys.groups.GroupId;

/**
 * MLSMessage(PublicMessage(Commit)) of a member (RFC 9420 §6, §12.4) in the profile: Add and Remove by value, always
 * with an update path.
 *
 * @param content the FramedContent, which signature and tag cover
 * @param auth signature and confirmation tag as they stand on the wire, which the tag covers
 * @param epoch unsigned
 * @param path the committer's new leaf
 * @param pathKeys the new public keys of the filtered direct path, from the bottom
 */
record WireCommit(
        byte[] content,
        byte[] auth,
        GroupId group,
        long epoch,
        int sender,
        List<WireKeyPackage> adds,
        List<Integer> removes,
        WireLeaf path,
        List<byte[]> pathKeys,
        byte[] signature,
        byte[] membershipTag) {
    private static final int SENDER_MEMBER = 1;
    private static final int CONTENT_COMMIT = 3;
    private static final int BY_VALUE = 1;
    private static final int PROPOSAL_ADD = 1;
    private static final int PROPOSAL_REMOVE = 3;
    private static final int MAX_DEPTH = 32;

    static WireCommit decode(byte[] message) throws GroupException {
        TlsReader in = new TlsReader(message, Mls.MAX_COMMIT, "commit");
        in.expectU16(Mls.VERSION, "version");
        int format = in.u16();
        if (format != Mls.WIRE_PUBLIC_MESSAGE) {
            throw new GroupException.PolicyViolation("wire format " + format + ", not a PublicMessage");
        }
        int start = in.position();
        byte[] group = in.opaque(GroupId.SIZE, "group id");
        long epoch = in.u64();
        int senderType = in.u8();
        if (senderType != SENDER_MEMBER) {
            throw new GroupException.PolicyViolation("sender type " + senderType + ": only members may commit");
        }
        long sender = in.u32();
        if (sender >= Group.MAX_MEMBERS) {
            throw in.malformed("sender's leaf " + sender);
        }
        if (in.opaque(0, 0, "authenticated data").length != 0) {
            throw in.malformed("authenticated data");
        }
        int contentType = in.u8();
        if (contentType != CONTENT_COMMIT) {
            throw new GroupException.PolicyViolation("content type " + contentType + ", not a commit");
        }
        List<WireKeyPackage> adds = new ArrayList<>();
        List<Integer> removes = new ArrayList<>();
        in.vector(Group.MAX_MEMBERS + Group.MAX_ADDS, "proposals", proposals -> {
            readProposal(proposals, adds, removes);
            return Boolean.TRUE;
        });
        if (adds.size() > Group.MAX_ADDS) {
            throw new GroupException.PolicyViolation(adds.size() + " adds in one commit");
        }
        if (!in.present()) {
            throw new GroupException.PolicyViolation("the commit has no update path");
        }
        WireLeaf path = WireLeaf.read(in);
        List<byte[]> pathKeys = in.vector(MAX_DEPTH, "path", WireCommit::readPathNode);
        byte[] content = in.since(start);
        int authStart = in.position();
        byte[] signature = in.opaque(Mls.SIGNATURE_SIZE, "signature");
        in.opaque(Mls.HASH_SIZE, "confirmation tag");
        byte[] auth = in.since(authStart);
        byte[] membershipTag = in.opaque(Mls.HASH_SIZE, "membership tag");
        in.end();
        return new WireCommit(
                content,
                auth,
                new GroupId(group),
                epoch,
                (int) sender,
                List.copyOf(adds),
                List.copyOf(removes),
                path,
                pathKeys,
                signature,
                membershipTag);
    }

    private static void readProposal(TlsReader in, List<WireKeyPackage> adds, List<Integer> removes)
            throws GroupException {
        int by = in.u8();
        if (by != BY_VALUE) {
            throw new GroupException.PolicyViolation("a proposal that is not given by value");
        }
        int type = in.u16();
        switch (type) {
            case PROPOSAL_ADD -> adds.add(WireKeyPackage.read(in));
            case PROPOSAL_REMOVE -> {
                long leaf = in.u32();
                if (leaf >= Group.MAX_MEMBERS) {
                    throw in.malformed("removed leaf " + leaf);
                }
                removes.add((int) leaf);
            }
            default -> throw new GroupException.PolicyViolation("proposal type " + type + " is not allowed");
        }
    }

    private static byte[] readPathNode(TlsReader in) throws GroupException {
        byte[] key = in.opaque(Mls.KEY_SIZE, "path key");
        in.vector(Group.MAX_MEMBERS, "path secrets", secret -> {
            secret.opaque(Mls.KEY_SIZE, "KEM output");
            return secret.opaque(Mls.HASH_SIZE + Mls.AEAD_TAG_SIZE, "path secret");
        });
        return key;
    }

    /** FramedContentTBS (§6.1) for a group context. */
    byte[] toBeSigned(byte[] groupContext) {
        return new TlsWriter()
                .u16(Mls.VERSION)
                .u16(Mls.WIRE_PUBLIC_MESSAGE)
                .raw(content)
                .raw(groupContext)
                .bytes();
    }

    /** AuthenticatedContentTBM (§6.2). */
    byte[] toBeTagged(byte[] groupContext) {
        return new TlsWriter().raw(toBeSigned(groupContext)).raw(auth).bytes();
    }
}
