package sotto.keys.groups.mls;

import java.util.List;
import sotto.keys.groups.GroupException;

/**
 * A LeafNode (RFC 9420 §7.2) in the profile: basic credential, no extensions, and the source KeyPackage (fresh) or
 * Commit. Arrays are not copied: this stays in the package, and nobody writes to them.
 *
 * @param raw the whole LeafNode
 * @param signed the part from the encryption key to the extensions, which the signature covers
 * @param committed whether the source is a commit; a KeyPackage otherwise
 * @param notBefore,notAfter seconds since 1970, for KeyPackages; 0 otherwise
 */
record WireLeaf(
        byte[] raw,
        byte[] signed,
        byte[] encryptionKey,
        byte[] signatureKey,
        byte[] credential,
        boolean committed,
        long notBefore,
        long notAfter,
        byte[] signature) {
    private static final int SOURCE_KEY_PACKAGE = 1;
    private static final int SOURCE_COMMIT = 3;
    private static final int CREDENTIAL_BASIC = 1;
    private static final int MAX_CAPABILITIES = 64;

    static WireLeaf read(TlsReader in) throws GroupException {
        int start = in.position();
        byte[] encryptionKey = in.opaque(Mls.KEY_SIZE, "encryption key");
        byte[] signatureKey = in.opaque(Mls.KEY_SIZE, "signature key");
        if (in.u16() != CREDENTIAL_BASIC) {
            throw new GroupException.PolicyViolation("the credential is not basic");
        }
        byte[] credential = in.opaque(1, Mls.MAX_CREDENTIAL, "credential");
        readCapabilities(in);
        long notBefore = 0;
        long notAfter = 0;
        int source = in.u8();
        switch (source) {
            case SOURCE_KEY_PACKAGE -> {
                notBefore = in.u64();
                notAfter = in.u64();
            }
            case SOURCE_COMMIT -> in.opaque(0, Mls.HASH_SIZE, "parent hash");
            default -> throw new GroupException.PolicyViolation("leaf source " + source + " is not allowed");
        }
        in.empty("leaf extensions");
        byte[] signed = in.since(start);
        byte[] signature = in.opaque(Mls.SIGNATURE_SIZE, "leaf signature");
        return new WireLeaf(
                in.since(start),
                signed,
                encryptionKey,
                signatureKey,
                credential,
                source == SOURCE_COMMIT,
                notBefore,
                notAfter,
                signature);
    }

    private static void readCapabilities(TlsReader in) throws GroupException {
        supports(in.vector(MAX_CAPABILITIES, "versions", TlsReader::u16), Mls.VERSION, "version mls10");
        supports(in.vector(MAX_CAPABILITIES, "cipher suites", TlsReader::u16), Mls.SUITE, "cipher suite 1");
        in.vector(MAX_CAPABILITIES, "extension types", TlsReader::u16);
        in.vector(MAX_CAPABILITIES, "proposal types", TlsReader::u16);
        supports(
                in.vector(MAX_CAPABILITIES, "credential types", TlsReader::u16), CREDENTIAL_BASIC, "basic credentials");
    }

    private static void supports(List<Integer> found, int needed, String name) throws GroupException {
        if (!found.contains(needed)) {
            throw new GroupException.PolicyViolation("the leaf does not support " + name);
        }
    }

    /** Whether the leaf's own signature verifies; a committed leaf signs its group and index too (§7.2). */
    boolean signatureVerifies(Signatures signatures, byte[] groupId, int leafIndex) {
        byte[] content = committed
                ? new TlsWriter().raw(signed).opaque(groupId).u32(leafIndex).bytes()
                : signed;
        return signatures.verifyWithLabel(signatureKey, "LeafNodeTBS", content, signature);
    }
}
