package sotto.keys.groups.mls;

import java.security.SecureRandom;
import java.time.Clock;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.bouncycastle.mls.KeyScheduleEpoch;
import org.bouncycastle.mls.codec.MLSMessage;
import org.bouncycastle.mls.crypto.MlsCipherSuite;
import org.bouncycastle.mls.crypto.Secret;
import sotto.keys.groups.Group;
import sotto.keys.groups.GroupEngine;
import sotto.keys.groups.GroupException;
import sotto.keys.groups.GroupId;
import sotto.keys.groups.KeyPackageInfo;
import sotto.keys.groups.LeafDraft;
import sotto.keys.identity.Identity;
import sotto.keys.identity.ParticipantId;
import sotto.keys.journal.KeyJournal;

/** The group engine on Bouncy Castle's MLS. One serves the whole process. Thread-safe. */
public final class MlsGroupEngine implements GroupEngine {
    private final Clock clock;
    private final SecureRandom random = new SecureRandom();
    private final KeyJournal journal;
    private final Signatures signatures = new Signatures();
    private final MlsCipherSuite suite = Suite.of(signatures);

    /**
     * @param clock for lifetimes of KeyPackages
     * @param journal where every key that is made, derived or wiped is noted
     */
    public MlsGroupEngine(Clock clock, KeyJournal journal) {
        this.clock = clock;
        this.journal = journal;
    }

    @Override
    public LeafDraft draft(Identity me, byte[] roomId, ParticipantId id, String name) throws GroupException {
        return MlsLeafDraft.create(me, rules(roomId), id, name, random, journal);
    }

    @Override
    public KeyPackageInfo inspect(byte[] keyPackage, byte[] roomId) throws GroupException {
        WireKeyPackage wire = WireKeyPackage.decode(keyPackage);
        return info(wire, rules(roomId).verify(wire));
    }

    @Override
    public KeyPackageInfo inspectRequest(byte[] keyPackage, byte[] roomId) throws GroupException {
        WireKeyPackage wire = WireKeyPackage.decode(keyPackage);
        return info(wire, rules(roomId).verifyContent(wire));
    }

    private static KeyPackageInfo info(WireKeyPackage wire, LeafCredential credential) {
        return new KeyPackageInfo(
                wire.reference(),
                credential.identity(),
                credential.participant(),
                credential.name(),
                wire.leaf().signatureKey(),
                LeafRules.expires(wire.leaf()));
    }

    private LeafRules rules(byte[] roomId) {
        if (roomId.length != 16) {
            throw new IllegalArgumentException("room id has " + roomId.length + " bytes, not 16");
        }
        return new LeafRules(roomId, clock, signatures, suite);
    }

    @Override
    public Group found(LeafDraft draft, GroupId id) throws GroupException {
        MlsLeafDraft own = own(draft);
        synchronized (own) {
            MlsLeafDraft.Keys keys = own.keys();
            TreeMap<Integer, Seat> seats = new TreeMap<>(Map.of(0, own.seat(0)));
            EpochState state = Library.refusing("our own group", () -> {
                byte[] seed = keys.signer().seed();
                try {
                    org.bouncycastle.mls.protocol.Group library = new org.bouncycastle.mls.protocol.Group(
                            id.bytes(),
                            suite,
                            keys.encryption(),
                            seed,
                            own.libraryKeyPackage().getLeafNode(),
                            List.of());
                    return EpochState.of(library, id, 0, 0, seats, List.of(), journal, "founded");
                } finally {
                    Arrays.fill(seed, (byte) 0);
                }
            });
            return enter(own, keys, state, 0);
        }
    }

    @Override
    public Group join(LeafDraft draft, byte[] welcome) throws GroupException {
        MlsLeafDraft own = own(draft);
        synchronized (own) {
            MlsLeafDraft.Keys keys = own.keys();
            WireWelcome wire = WireWelcome.decode(welcome);
            WireWelcome.Secrets secrets = wire.find(own.reference())
                    .orElseThrow(() -> new GroupException.NotForUs("the Welcome is not for our KeyPackage"));
            WireWelcome.Info info = open(wire, secrets, keys);
            TreeMap<Integer, Seat> seats = verifyTree(info, own.rules());
            int ownLeaf = ownLeaf(seats, own, info);
            EpochState state = Library.refusing("the Welcome", () -> join(own, keys, welcome, info, seats, ownLeaf));
            return enter(own, keys, state, ownLeaf);
        }
    }

    private static Group enter(MlsLeafDraft own, MlsLeafDraft.Keys keys, EpochState state, int ownLeaf) {
        own.used();
        state.enter();
        return new MlsGroup(state, ownLeaf, keys.signer(), own.rules(), own.journal());
    }

    private static MlsLeafDraft own(LeafDraft draft) {
        if (draft instanceof MlsLeafDraft own) {
            return own;
        }
        throw new IllegalArgumentException("the draft is of another engine");
    }

    /** Decrypts what the library would decrypt and trust, so that it is decoded strictly first. */
    private WireWelcome.Info open(WireWelcome wire, WireWelcome.Secrets secrets, MlsLeafDraft.Keys keys)
            throws GroupException {
        return Library.refusing("the Welcome", () -> {
            byte[] initKey = suite.getHPKE().serializePrivateKey(keys.init().getPrivate());
            byte[] plaintext = suite.decryptWithLabel(
                    initKey, "Welcome", wire.groupInfo(), secrets.kemOutput(), secrets.ciphertext());
            byte[] joinerSecret = WireWelcome.decodeSecrets(plaintext);
            Secret welcomeSecret = KeyScheduleEpoch.welcomeSecret(suite, joinerSecret, List.of());
            int keySize = suite.getAEAD().getKeySize();
            int nonceSize = suite.getAEAD().getNonceSize();
            byte[] key = welcomeSecret
                    .expandWithLabel(suite, "key", new byte[0], keySize)
                    .value();
            byte[] nonce = welcomeSecret
                    .expandWithLabel(suite, "nonce", new byte[0], nonceSize)
                    .value();
            try {
                return WireWelcome.decodeInfo(suite.getAEAD().open(key, nonce, new byte[0], wire.groupInfo()));
            } finally {
                for (byte[] secret : List.of(initKey, plaintext, joinerSecret, welcomeSecret.value(), key, nonce)) {
                    Arrays.fill(secret, (byte) 0);
                }
            }
        });
    }

    private static TreeMap<Integer, Seat> verifyTree(WireWelcome.Info info, LeafRules rules) throws GroupException {
        WireTree tree = WireTree.decode(info.tree());
        WireTree.requireDistinct(tree.keys());
        TreeMap<Integer, Seat> seats = new TreeMap<>();
        for (Map.Entry<Integer, WireLeaf> leaf : tree.leaves().entrySet()) {
            byte[] group = info.group().bytes();
            seats.put(leaf.getKey(), new Seat(leaf.getValue(), rules.verify(leaf.getValue(), group, leaf.getKey())));
        }
        LeafRules.requireDistinct(seats);
        return seats;
    }

    private static int ownLeaf(TreeMap<Integer, Seat> seats, MlsLeafDraft own, WireWelcome.Info info)
            throws GroupException {
        List<Integer> found = seats.entrySet().stream()
                .filter(seat -> Arrays.equals(
                        seat.getValue().leaf().raw(), own.wire().leaf().raw()))
                .map(Map.Entry::getKey)
                .toList();
        if (found.size() != 1) {
            throw new GroupException.Forged("our leaf is not in the Welcome's tree");
        }
        if (found.getFirst() == info.signer()) {
            throw new GroupException.Forged("the Welcome claims that we have signed it");
        }
        return found.getFirst();
    }

    private EpochState join(
            MlsLeafDraft own,
            MlsLeafDraft.Keys keys,
            byte[] welcome,
            WireWelcome.Info info,
            TreeMap<Integer, Seat> seats,
            int ownLeaf)
            throws Exception {
        MLSMessage message = Library.decode(welcome, suite);
        byte[] initKey = suite.getHPKE().serializePrivateKey(keys.init().getPrivate());
        org.bouncycastle.mls.protocol.Group library = null;
        byte[] seed = keys.signer().seed();
        try {
            library = new org.bouncycastle.mls.protocol.Group(
                    initKey,
                    keys.encryption(),
                    seed,
                    own.libraryKeyPackage(),
                    message.welcome,
                    null,
                    new HashMap<>(),
                    new HashMap<>());
        } finally {
            Arrays.fill(initKey, (byte) 0);
            if (library == null) {
                // On success the library keeps this very array as its signature key.
                Arrays.fill(seed, (byte) 0);
            }
        }
        // The draft's keys must survive a refusal: a good Welcome may still come.
        List<Object> survivors = List.of(keys.encryption(), keys.init(), own.libraryKeyPackage());
        return EpochState.of(library, info.group(), info.epoch(), ownLeaf, seats, survivors, journal, "joined");
    }
}
