package sotto.keys.groups.mls;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import org.bouncycastle.crypto.AsymmetricCipherKeyPair;
import org.bouncycastle.crypto.hpke.HPKE;
import org.bouncycastle.mls.TreeKEM.NodeIndex;
import org.bouncycastle.mls.codec.MLSOutputStream;
import org.bouncycastle.mls.crypto.Secret;
import org.bouncycastle.mls.protocol.Group;
import sotto.keys.groups.GroupException;
import sotto.keys.groups.GroupId;
import sotto.keys.groups.Member;
import sotto.keys.journal.KeyJournal;

/**
 * One epoch of one group, as one member holds it: the library's state and the verified seats. It is made checked: the
 * library's tree is, leaf by leaf, the one that was computed, and the private keys fit the tree.
 */
final class EpochState {
    private final Group library;
    private final GroupId id;
    private final TreeMap<Integer, Seat> seats;
    private final KeyJournal journal;
    private final KeyJournal.KeyId journalId;
    private byte[] context;

    private EpochState(Group library, GroupId id, TreeMap<Integer, Seat> seats, KeyJournal journal, String why) {
        this.library = library;
        this.id = id;
        this.seats = seats;
        this.journal = journal;
        this.journalId = journal.derived(KeyJournal.Kind.EPOCH, why + ", epoch " + library.getEpoch() + " of " + id);
    }

    /**
     * Checks and takes over a state of the library. Call with its lock held; if it throws, the state is wiped as far as
     * no survivor needs it.
     *
     * @param expected the seats as computed from what was verified
     * @param why for the journal
     */
    static EpochState of(
            Group library,
            GroupId id,
            long epoch,
            int ownLeaf,
            TreeMap<Integer, Seat> expected,
            List<?> survivors,
            KeyJournal journal,
            String why)
            throws GroupException, IOException, IllegalAccessException {
        boolean good = false;
        try {
            if (!Arrays.equals(library.getGroupID(), id.bytes())
                    || library.getEpoch() != epoch
                    || library.getIndex().value() != ownLeaf) {
                throw new GroupException.Forged("the MLS library is in another group, epoch or leaf");
            }
            LibraryTree tree = LibraryTree.of(library);
            requireLeaves(tree, expected);
            WireTree.requireDistinct(tree.keys());
            requireKeysFit(library, tree);
            good = true;
        } finally {
            if (!good) {
                Internals.wipe(library, survivors);
            }
        }
        return new EpochState(library, id, expected, journal, why);
    }

    private static void requireLeaves(LibraryTree tree, TreeMap<Integer, Seat> expected)
            throws GroupException, IllegalAccessException {
        boolean equal = tree.leaves() == expected.size();
        for (Map.Entry<Integer, Seat> seat : expected.entrySet()) {
            equal = equal && tree.hasAt(seat.getKey(), seat.getValue().leaf());
        }
        if (!equal) {
            throw new GroupException.Forged("the tree has changed by something else than the commit's proposals");
        }
    }

    /**
     * RFC 9420 §7.5: each path secret that we hold must yield the public key that the tree has at its node. The key pairs
     * stay with the group, so that each is derived once. Path secrets of nodes that are blank now are of no more use.
     */
    private static void requireKeysFit(Group library, LibraryTree tree)
            throws GroupException, IOException, IllegalAccessException {
        HPKE hpke = library.getSuite().getHPKE();
        Internals.PrivateTree held = Internals.privateTree(library);
        held.pathSecrets().keySet().removeIf(node -> tree.key(node.value()) == null);
        held.keys().keySet().removeIf(node -> tree.key(node.value()) == null);
        for (Map.Entry<NodeIndex, Secret> entry : held.pathSecrets().entrySet()) {
            if (!held.keys().containsKey(entry.getKey())) {
                Secret node = entry.getValue().deriveSecret(library.getSuite(), "node");
                held.keys().put(entry.getKey(), hpke.deriveKeyPair(node.value()));
                Arrays.fill(node.value(), (byte) 0);
            }
        }
        for (Map.Entry<NodeIndex, AsymmetricCipherKeyPair> entry : held.keys().entrySet()) {
            long node = entry.getKey().value();
            byte[] derived = hpke.serializePublicKey(entry.getValue().getPublic());
            if (!Arrays.equals(derived, tree.key(node))) {
                throw new GroupException.Forged("the key of node " + node + " is not that of its path secret");
            }
        }
    }

    Group library() {
        return library;
    }

    GroupId id() {
        return id;
    }

    long epoch() {
        return library.getEpoch();
    }

    TreeMap<Integer, Seat> seats() {
        return seats;
    }

    List<Member> roster() {
        return seats.values().stream().map(Seat::member).toList();
    }

    Set<Integer> leaves() {
        return seats.keySet();
    }

    /** The encoded GroupContext, which signatures and tags of this epoch cover (RFC 9420 §8.1). */
    byte[] context() {
        if (context == null) {
            context = Library.trusted(() -> MLSOutputStream.encode(Internals.groupContext(library)));
        }
        return context;
    }

    byte[] membershipTag(byte[] content) {
        return Library.trusted(
                () -> Mls.hmac(library.getKeySchedule().membershipKey.value(), content));
    }

    byte[] authenticator() {
        return Library.trusted(() -> library.getEpochAuthenticator().clone());
    }

    /** MLS-Exporter with the group id as its context (RFC 9420 §8.5); the caller wipes the result. */
    byte[] export(String label, int length) {
        return Library.trusted(() -> library.getKeySchedule().MLSExporter(label, id.bytes(), length));
    }

    /**
     * The epoch is in force: what led to it goes. Consuming the encryption secret wipes the joiner, member and epoch
     * secrets behind it, and the previous epoch's init secret, so it must not happen to a commit that may still lose.
     */
    void enter() {
        Library.trusted(() -> {
            library.getKeySchedule().encryptionSecret.consume();
            Internals.forgetResumption(library);
            return Boolean.TRUE;
        });
    }

    /** Wipes everything that no survivor needs. */
    void retire(List<EpochState> survivors, String why) {
        List<Object> kept = new ArrayList<>();
        survivors.stream().filter(Objects::nonNull).forEach(state -> kept.add(state.library));
        Library.trusted(() -> {
            Internals.wipe(library, kept);
            return Boolean.TRUE;
        });
        journal.destroyed(journalId, why);
    }

    @Override
    public String toString() {
        return journalId.toString();
    }
}
