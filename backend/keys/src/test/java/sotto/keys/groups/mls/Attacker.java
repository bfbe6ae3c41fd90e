package sotto.keys.groups.mls;

import java.io.ByteArrayOutputStream;
import java.lang.reflect.Field;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.nio.ByteBuffer;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.bouncycastle.crypto.AsymmetricCipherKeyPair;
import org.bouncycastle.crypto.params.Ed25519PrivateKeyParameters;
import org.bouncycastle.mls.TreeKEM.LeafNode;
import org.bouncycastle.mls.TreeKEM.LifeTime;
import org.bouncycastle.mls.codec.Capabilities;
import org.bouncycastle.mls.codec.Credential;
import org.bouncycastle.mls.codec.Extension;
import org.bouncycastle.mls.codec.KeyPackage;
import org.bouncycastle.mls.codec.MLSInputStream;
import org.bouncycastle.mls.codec.MLSMessage;
import org.bouncycastle.mls.codec.MLSOutputStream;
import org.bouncycastle.mls.codec.Proposal;
import org.bouncycastle.mls.codec.WireFormat;
import org.bouncycastle.mls.crypto.MlsCipherSuite;
import org.bouncycastle.mls.crypto.Secret;
import org.bouncycastle.mls.protocol.Group;
import sotto.keys.Labels;
import sotto.keys.identity.Identity;
import sotto.keys.identity.ParticipantId;
import sotto.keys.journal.KeyJournal;

/** Somebody with the same library and none of our scruples: makes what an honest engine never would. */
public final class Attacker {
    /** A commit and its Welcome, made by the library without our checks. */
    public record Made(byte[] commit, byte[] welcome) {}

    private Attacker() {}

    /** The library's own: what an attacker runs is not ours. */
    private static final MlsCipherSuite SUITE = MlsCipherSuite.BCMLS_128_DHKEMX25519_AES128GCM_SHA256_Ed25519;

    /** Does work with the library while honest engines of this process use it on other threads. */
    public static <T> T alone(java.util.concurrent.Callable<T> work) {
        return Library.trusted(work::call);
    }

    /** The library's group inside of an honest member's: what a member who turns bad has. */
    public static Group library(sotto.keys.groups.Group group) throws Exception {
        Field current = MlsGroup.class.getDeclaredField("current");
        current.setAccessible(true);
        return ((EpochState) current.get(group)).library();
    }

    public static Made commit(Group library, List<Proposal> proposals, boolean path) throws Exception {
        return commit(library, proposals, path, null);
    }

    public static Made commit(Group library, List<Proposal> proposals, boolean path, Group.LeafNodeOptions leaf)
            throws Exception {
        byte[] secret = new byte[32];
        new SecureRandom().nextBytes(secret);
        Group.GroupWithMessage made = library.commit(
                new Secret(secret),
                new Group.CommitOptions(proposals, true, path, leaf),
                new Group.MessageOptions(),
                new Group.CommitParameters(Group.NORMAL_COMMIT_PARAMS));
        MLSMessage welcome = new MLSMessage(WireFormat.mls_welcome);
        welcome.welcome = made.message.welcome;
        made.message.welcome = null;
        return new Made(MLSOutputStream.encode(made.message), MLSOutputStream.encode(welcome));
    }

    public static Proposal add(byte[] keyPackage) throws Exception {
        return Proposal.add(((MLSMessage) MLSInputStream.decode(keyPackage, MLSMessage.class)).keyPackage);
    }

    /** Ed25519 with the seed of a {@link Forge}. */
    public static byte[] sign(byte[] seed, byte[] content) {
        var signer = new org.bouncycastle.crypto.signers.Ed25519Signer();
        signer.init(true, new Ed25519PrivateKeyParameters(seed));
        signer.update(content, 0, content.length);
        return signer.generateSignature();
    }

    /** Breaks a leaf's signature inside of the attacker's own tree. */
    public static void breakLeafSignature(LeafNode leaf) throws Exception {
        Field signature = LeafNode.class.getDeclaredField("signature");
        signature.setAccessible(true);
        ((byte[]) signature.get(leaf))[7] ^= 1;
    }

    /** A KeyPackage in which everything can be wrong. */
    public static final class Forge {
        public final Identity identity = Identity.generate(new KeyJournal(java.time.Clock.systemUTC(), 10));
        public byte[] claimedIdentity = identity.publicKey().bytes();
        public byte[] room;
        public byte[] boundRoom;
        public byte[] seed = random(32);
        public byte[] participant = random(ParticipantId.SIZE);
        public byte[] name = "mallory".getBytes(java.nio.charset.StandardCharsets.UTF_8);
        public Instant notBefore = Instant.now().minus(Duration.ofMinutes(5));
        public Instant notAfter = Instant.now().plus(Duration.ofHours(20));
        public AsymmetricCipherKeyPair init = SUITE.getHPKE().generatePrivateKey();
        public AsymmetricCipherKeyPair encryption = SUITE.getHPKE().generatePrivateKey();
        public List<Extension> extensions = new ArrayList<>();
        public boolean x509;

        public Forge(byte[] room) {
            this.room = room;
            this.boundRoom = room;
        }

        public byte[] credential() {
            byte[] signatureKey =
                    new Ed25519PrivateKeyParameters(seed).generatePublicKey().getEncoded();
            ByteArrayOutputStream bound = new ByteArrayOutputStream();
            for (byte[] part : List.of(Labels.bytes(Labels.LEAF_BINDING), boundRoom, signatureKey, participant, name)) {
                bound.writeBytes(part);
            }
            ByteArrayOutputStream credential = new ByteArrayOutputStream();
            credential.write(1);
            credential.writeBytes(claimedIdentity);
            credential.writeBytes(participant);
            credential.write(name.length);
            credential.writeBytes(name);
            credential.writeBytes(identity.sign(bound.toByteArray()));
            return credential.toByteArray();
        }

        public byte[] make() throws Exception {
            byte[] signatureKey =
                    new Ed25519PrivateKeyParameters(seed).generatePublicKey().getEncoded();
            LifeTime lifetime = (LifeTime) MLSInputStream.decode(
                    ByteBuffer.allocate(16)
                            .putLong(notBefore.getEpochSecond())
                            .putLong(notAfter.getEpochSecond())
                            .array(),
                    LifeTime.class);
            Credential credential = x509
                    ? new Credential(org.bouncycastle.mls.codec.CredentialType.x509, null, List.of())
                    : Credential.forBasic(credential());
            LeafNode leaf = new LeafNode(
                    SUITE,
                    SUITE.getHPKE().serializePublicKey(encryption.getPublic()),
                    signatureKey,
                    credential,
                    new Capabilities(),
                    lifetime,
                    List.of(),
                    seed);
            KeyPackage keyPackage =
                    new KeyPackage(SUITE, SUITE.getHPKE().serializePublicKey(init.getPublic()), leaf, extensions, seed);
            return MLSOutputStream.encode(MLSMessage.keyPackage(keyPackage));
        }
    }

    /** The private leaf signature key of a member: for an attacker who has a second leaf with it. */
    public static byte[] signatureSeed(sotto.keys.groups.Group group) throws Exception {
        Field signer = MlsGroup.class.getDeclaredField("signer");
        signer.setAccessible(true);
        return ((LeafSigner) signer.get(group)).seed();
    }

    /**
     * A commit whose path publishes a root key that is not derived from its path secret. Signature, parent hashes, tags:
     * all else is right. The steps are those of the library's own commit.
     */
    public static byte[] commitWithForeignRootKey(Group library) throws Exception {
        Group next = (Group) call(library, "successor");
        call(next, "apply", new Class<?>[] {List.class}, List.of());
        var tree = next.getTree();
        byte[] seed = (byte[]) get(library, "identitySk");
        Secret leafSecret = new Secret(random(32));
        var priv = tree.update(library.getIndex(), leafSecret, library.getGroupID(), seed, new Group.LeafNodeOptions());
        // Replace the root's key and sign a leaf whose parent hashes fit the replacement.
        var honest = tree.encap(priv, new byte[0], List.of());
        List<org.bouncycastle.mls.codec.UpdatePathNode> nodes = new ArrayList<>(honest.getNodes());
        byte[] foreign = SUITE.getHPKE()
                .serializePublicKey(SUITE.getHPKE().generatePrivateKey().getPublic());
        nodes.set(nodes.size() - 1, new org.bouncycastle.mls.codec.UpdatePathNode(foreign, List.of()));
        Object filtered = call(
                tree,
                "getFilteredDirectPath",
                new Class<?>[] {org.bouncycastle.mls.TreeKEM.NodeIndex.class},
                new org.bouncycastle.mls.TreeKEM.NodeIndex(library.getIndex()));
        byte[][] hashes = (byte[][]) call(
                tree,
                "parentHashes",
                new Class<?>[] {org.bouncycastle.mls.TreeKEM.LeafIndex.class, filtered.getClass(), List.class},
                library.getIndex(),
                filtered,
                nodes);
        LeafNode leaf = tree.getLeafNode(library.getIndex())
                .forCommit(
                        SUITE,
                        library.getGroupID(),
                        library.getIndex(),
                        honest.getLeafNode().getEncryptionKey(),
                        hashes[0],
                        new Group.LeafNodeOptions(),
                        seed);
        tree.merge(library.getIndex(), new org.bouncycastle.mls.codec.UpdatePath(leaf, nodes));
        byte[] context = MLSOutputStream.encode(new org.bouncycastle.mls.codec.GroupContext(
                SUITE,
                library.getGroupID(),
                library.getEpoch() + 1,
                tree.getRootHash(),
                library.getGroupInfo(false).groupInfo.getGroupContext().getConfirmedTranscriptHash(),
                List.of()));
        var sealed = tree.encap(priv, context, List.of());
        for (int i = 0; i < nodes.size(); i++) {
            nodes.set(
                    i,
                    new org.bouncycastle.mls.codec.UpdatePathNode(
                            nodes.get(i).getEncryptionKey(),
                            sealed.getNodes().get(i).getEncryptedPathSecret()));
        }
        var commit = new org.bouncycastle.mls.codec.Commit();
        commit.setUpdatePath(new org.bouncycastle.mls.codec.UpdatePath(leaf, nodes));
        Object content = call(
                library,
                "sign",
                new Class<?>[] {
                    org.bouncycastle.mls.codec.Sender.class,
                    org.bouncycastle.mls.codec.Commit.class,
                    byte[].class,
                    boolean.class
                },
                org.bouncycastle.mls.codec.Sender.forMember(library.getIndex()),
                commit,
                new byte[0],
                false);
        var authenticated = (org.bouncycastle.mls.codec.AuthenticatedContent) content;
        var transcript = (org.bouncycastle.mls.TranscriptHash) get(next, "transcriptHash");
        transcript.updateConfirmed(authenticated);
        set(next, "epoch", library.getEpoch() + 1);
        call(
                next,
                "updateEpochSecrets",
                new Class<?>[] {byte[].class, List.class, byte[].class},
                priv.getUpdateSecret().value(),
                List.of(),
                null);
        authenticated.setConfirmationTag(next.getKeySchedule().confirmationTag(transcript.getConfirmed()));
        var message = (MLSMessage) call(
                library,
                "protect",
                new Class<?>[] {org.bouncycastle.mls.codec.AuthenticatedContent.class, int.class},
                authenticated,
                0);
        return MLSOutputStream.encode(message);
    }

    public static byte[] random(int size) {
        byte[] bytes = new byte[size];
        new SecureRandom().nextBytes(bytes);
        return bytes;
    }

    private static Object call(Object target, String name) throws Exception {
        return call(target, name, new Class<?>[0]);
    }

    private static Object call(Object target, String name, Class<?>[] types, Object... arguments) throws Exception {
        Method method = target.getClass().getDeclaredMethod(name, types);
        method.setAccessible(true);
        try {
            return method.invoke(target, arguments);
        } catch (InvocationTargetException e) {
            throw new IllegalStateException(name, e.getCause());
        }
    }

    private static Object get(Object target, String name) throws Exception {
        Field field = target.getClass().getDeclaredField(name);
        field.setAccessible(true);
        return field.get(target);
    }

    private static void set(Object target, String name, Object value) throws Exception {
        Field field = target.getClass().getDeclaredField(name);
        field.setAccessible(true);
        field.set(target, value);
    }
}
