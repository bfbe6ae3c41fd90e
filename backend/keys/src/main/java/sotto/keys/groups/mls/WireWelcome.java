package sotto.keys.groups.mls;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import sotto.keys.groups.Group;
import sotto.keys.groups.GroupException;
import sotto.keys.groups.GroupId;

/**
 * MLSMessage(mls_welcome) (RFC 9420 §12.4.3.1).
 *
 * @param secrets one for each member that is added
 * @param groupInfo encrypted
 */
record WireWelcome(List<Secrets> secrets, byte[] groupInfo) {
    private static final int EXTENSION_RATCHET_TREE = 2;
    private static final int MAX_GROUP_SECRETS = 512;

    /** EncryptedGroupSecrets. */
    record Secrets(byte[] reference, byte[] kemOutput, byte[] ciphertext) {}

    /** GroupInfo, decrypted: what concerns the caller of it. */
    record Info(GroupId group, long epoch, byte[] tree, int signer) {}

    static WireWelcome decode(byte[] message) throws GroupException {
        TlsReader in = new TlsReader(message, Mls.MAX_WELCOME, "Welcome");
        in.expectU16(Mls.VERSION, "version");
        in.expectU16(Mls.WIRE_WELCOME, "wire format");
        in.expectU16(Mls.SUITE, "cipher suite");
        List<Secrets> secrets = in.vector(Group.MAX_ADDS, "secrets", secret -> {
            byte[] reference = secret.opaque(Mls.HASH_SIZE, "KeyPackage reference");
            byte[] kemOutput = secret.opaque(Mls.KEY_SIZE, "KEM output");
            return new Secrets(reference, kemOutput, secret.opaque(1, MAX_GROUP_SECRETS, "group secrets"));
        });
        byte[] groupInfo = in.opaque(1, Mls.MAX_WELCOME, "GroupInfo");
        in.end();
        return new WireWelcome(secrets, groupInfo);
    }

    /** The secrets for a KeyPackage; empty unless there are exactly one for it. */
    Optional<Secrets> find(byte[] reference) {
        List<Secrets> found = secrets.stream()
                .filter(secret -> Arrays.equals(secret.reference(), reference))
                .toList();
        return found.size() == 1 ? Optional.of(found.getFirst()) : Optional.empty();
    }

    /** Checks decrypted GroupSecrets and returns the joiner secret, which the caller wipes. */
    static byte[] decodeSecrets(byte[] plaintext) throws GroupException {
        TlsReader in = new TlsReader(plaintext, MAX_GROUP_SECRETS, "group secrets");
        byte[] joinerSecret = in.opaque(Mls.HASH_SIZE, "joiner secret");
        if (!in.present()) {
            throw new GroupException.PolicyViolation("the Welcome has no path secret for us");
        }
        Arrays.fill(in.opaque(Mls.HASH_SIZE, "path secret"), (byte) 0);
        in.empty("pre-shared keys");
        in.end();
        return joinerSecret;
    }

    static Info decodeInfo(byte[] plaintext) throws GroupException {
        TlsReader in = new TlsReader(plaintext, Mls.MAX_WELCOME, "GroupInfo");
        in.expectU16(Mls.VERSION, "version");
        in.expectU16(Mls.SUITE, "cipher suite");
        GroupId group = new GroupId(in.opaque(GroupId.SIZE, "group id"));
        long epoch = in.u64();
        if (epoch < 1 || epoch > Mls.MAX_EPOCH) {
            throw in.malformed("epoch " + Long.toUnsignedString(epoch));
        }
        in.opaque(Mls.HASH_SIZE, "tree hash");
        in.opaque(Mls.HASH_SIZE, "confirmed transcript hash");
        in.empty("group extensions");
        List<byte[]> trees = in.vector(1, "GroupInfo extensions", extension -> {
            int type = extension.u16();
            if (type != EXTENSION_RATCHET_TREE) {
                throw new GroupException.PolicyViolation("GroupInfo extension " + type + " is not allowed");
            }
            return extension.opaque(1, Mls.MAX_WELCOME, "ratchet tree");
        });
        if (trees.isEmpty()) {
            throw new GroupException.PolicyViolation("the Welcome has no ratchet tree");
        }
        in.opaque(Mls.HASH_SIZE, "confirmation tag");
        long signer = in.u32();
        if (signer >= Group.MAX_MEMBERS) {
            throw in.malformed("signer's leaf " + signer);
        }
        in.opaque(Mls.SIGNATURE_SIZE, "signature");
        in.end();
        return new Info(group, epoch, trees.getFirst(), (int) signer);
    }
}
