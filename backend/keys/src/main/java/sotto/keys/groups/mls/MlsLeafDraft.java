package sotto.keys.groups.mls;

import java.nio.ByteBuffer;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import org.bouncycastle.crypto.AsymmetricCipherKeyPair;
import org.bouncycastle.mls.TreeKEM.LeafNode;
import org.bouncycastle.mls.TreeKEM.LifeTime;
import org.bouncycastle.mls.codec.Capabilities;
import org.bouncycastle.mls.codec.Credential;
import org.bouncycastle.mls.codec.KeyPackage;
import org.bouncycastle.mls.codec.MLSInputStream;
import org.bouncycastle.mls.codec.MLSMessage;
import org.bouncycastle.mls.codec.MLSOutputStream;
import sotto.keys.groups.GroupException;
import sotto.keys.groups.LeafDraft;
import sotto.keys.identity.Identity;
import sotto.keys.identity.ParticipantId;
import sotto.keys.journal.KeyJournal;

/** The private keys of a leaf on its way into a group, and the KeyPackage that speaks for them. */
final class MlsLeafDraft implements LeafDraft {
    /** The private keys, which a group takes over. */
    record Keys(LeafSigner signer, AsymmetricCipherKeyPair init, AsymmetricCipherKeyPair encryption) {}

    private final LeafRules rules;
    private final KeyJournal journal;
    private final KeyPackage keyPackage;
    private final byte[] message;
    private final WireKeyPackage wire;
    private final LeafCredential credential;
    private Keys keys;

    private MlsLeafDraft(LeafRules rules, KeyJournal journal, KeyPackage keyPackage, byte[] message, Keys keys)
            throws GroupException {
        this.rules = rules;
        this.journal = journal;
        this.keyPackage = keyPackage;
        this.message = message;
        this.keys = keys;
        this.wire = WireKeyPackage.decode(message);
        this.credential = rules.verify(wire);
    }

    static MlsLeafDraft create(
            Identity me, LeafRules rules, ParticipantId id, String name, SecureRandom random, KeyJournal journal)
            throws GroupException {
        LeafSigner signer = LeafSigner.create(random, journal, "leaf of participant " + id);
        boolean good = false;
        try {
            byte[] credential = LeafCredential.create(me, rules.roomId(), id, name, signer.publicKey());
            MlsLeafDraft draft = Library.refusing("our own leaf", () -> {
                AsymmetricCipherKeyPair init = rules.suite().getHPKE().generatePrivateKey();
                AsymmetricCipherKeyPair encryption = rules.suite().getHPKE().generatePrivateKey();
                byte[] seed = signer.seed();
                try {
                    LeafNode leaf = new LeafNode(
                            rules.suite(),
                            rules.suite().getHPKE().serializePublicKey(encryption.getPublic()),
                            signer.publicKey(),
                            Credential.forBasic(credential),
                            capabilities(),
                            lifetime(rules.clock().instant()),
                            List.of(),
                            seed);
                    byte[] initKey = rules.suite().getHPKE().serializePublicKey(init.getPublic());
                    KeyPackage keyPackage = new KeyPackage(rules.suite(), initKey, leaf, List.of(), seed);
                    byte[] message = MLSOutputStream.encode(MLSMessage.keyPackage(keyPackage));
                    return new MlsLeafDraft(rules, journal, keyPackage, message, new Keys(signer, init, encryption));
                } finally {
                    Arrays.fill(seed, (byte) 0);
                }
            });
            good = true;
            return draft;
        } finally {
            if (!good) {
                signer.close("no leaf was made");
            }
        }
    }

    /** The library's constructor promises all suites and credentials it knows; this profile has one of each. */
    private static Capabilities capabilities() throws java.io.IOException {
        byte[] one = {0, 1};
        byte[] encoded = new TlsWriter()
                .opaque(one)
                .opaque(one)
                .opaque(new byte[0])
                .opaque(new byte[0])
                .opaque(one)
                .bytes();
        return (Capabilities) MLSInputStream.decode(encoded, Capabilities.class);
    }

    private static LifeTime lifetime(Instant now) throws java.io.IOException {
        byte[] encoded = ByteBuffer.allocate(2 * Long.BYTES)
                .putLong(now.minus(LeafRules.SKEW).getEpochSecond())
                .putLong(now.plus(LeafRules.LIFETIME).getEpochSecond())
                .array();
        return (LifeTime) MLSInputStream.decode(encoded, LifeTime.class);
    }

    LeafRules rules() {
        return rules;
    }

    KeyJournal journal() {
        return journal;
    }

    KeyPackage libraryKeyPackage() {
        return keyPackage;
    }

    WireKeyPackage wire() {
        return wire;
    }

    Seat seat(int leaf) {
        return new Seat(wire.leaf(), LeafRules.member(wire.leaf(), credential, leaf));
    }

    /** The private keys, while they are the draft's. */
    synchronized Keys keys() {
        if (keys == null) {
            throw new IllegalStateException("the leaf draft was used or closed");
        }
        return keys;
    }

    /** A group has taken the signer and the encryption key over; the init key has done its work (RFC 9420 §10). */
    synchronized void used() {
        Keys used = keys();
        keys = null;
        wipe(used.init(), List.of(used.encryption()));
    }

    @Override
    public byte[] keyPackage() {
        return message.clone();
    }

    @Override
    public byte[] reference() {
        return wire.reference();
    }

    @Override
    public synchronized byte[] sign(byte[] content) {
        return keys().signer().sign(content);
    }

    @Override
    public synchronized void close() {
        if (keys != null) {
            Keys unused = keys;
            keys = null;
            wipe(unused.init(), List.of());
            wipe(unused.encryption(), List.of());
            unused.signer().close("draft closed");
        }
    }

    private static void wipe(AsymmetricCipherKeyPair pair, List<?> survivors) {
        Library.trusted(() -> {
            Internals.wipe(pair, survivors);
            return Boolean.TRUE;
        });
    }

    @Override
    public String toString() {
        return "draft of " + credential.participant();
    }
}
