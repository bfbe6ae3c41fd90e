package sotto.keys.groups.mls;

import java.nio.ByteBuffer;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeMap;
import org.bouncycastle.mls.crypto.MlsCipherSuite;
import sotto.keys.groups.GroupException;
import sotto.keys.groups.Member;
import sotto.keys.identity.ParticipantId;

/** What every leaf of a room must satisfy, whichever way it came: KeyPackage, Welcome or commit. */
final class LeafRules {
    /**
     * How far clocks may differ; a KeyPackage is valid from this long before it was made (protocol §4). A clock that is
     * set to the wrong time zone is up to 14 hours off, and must not keep its owner out, nor make others' commits look
     * wrong to its owner. It costs nothing: no KeyPackage is stored, each is used once, in the room and log it names.
     */
    static final Duration SKEW = Duration.ofDays(1);

    /** How long a KeyPackage is valid after it was made: a day, and another for clocks that are ahead. */
    static final Duration LIFETIME = Duration.ofDays(2);

    private final byte[] roomId;
    private final Clock clock;
    private final Signatures signatures;
    private final MlsCipherSuite suite;

    /** @param suite verifies with {@code signatures} */
    LeafRules(byte[] roomId, Clock clock, Signatures signatures, MlsCipherSuite suite) {
        this.roomId = roomId.clone();
        this.clock = clock;
        this.signatures = signatures;
        this.suite = suite;
    }

    Signatures signatures() {
        return signatures;
    }

    /** What the library works with. */
    MlsCipherSuite suite() {
        return suite;
    }

    Clock clock() {
        return clock;
    }

    byte[] roomId() {
        return roomId.clone();
    }

    /** Verifies a KeyPackage by itself: signatures, lifetime, distinct keys, identity binding. */
    LeafCredential verify(WireKeyPackage keyPackage) throws GroupException {
        LeafCredential credential = verifyContent(keyPackage);
        if (!keyPackage.signatureVerifies(signatures)) {
            throw new GroupException.Forged("the KeyPackage's signature does not verify");
        }
        return credential;
    }

    /** All of {@link #verify} but for the KeyPackage's own signature. */
    LeafCredential verifyContent(WireKeyPackage keyPackage) throws GroupException {
        WireLeaf leaf = keyPackage.leaf();
        if (leaf.committed()) {
            throw new GroupException.PolicyViolation("a KeyPackage's leaf that comes from a commit");
        }
        if (!leaf.signatureVerifies(signatures, new byte[0], 0)) {
            throw new GroupException.Forged("the KeyPackage's leaf signature does not verify");
        }
        if (Arrays.equals(keyPackage.initKey(), leaf.encryptionKey())) {
            throw new GroupException.PolicyViolation("init key and encryption key are the same");
        }
        requireAlive(leaf);
        return LeafCredential.verify(leaf, roomId, signatures);
    }

    /** Verifies a leaf that stands in a tree at {@code index}. */
    Member verify(WireLeaf leaf, byte[] groupId, int index) throws GroupException {
        if (!leaf.signatureVerifies(signatures, groupId, index)) {
            throw new GroupException.Forged("the signature of leaf " + index + " does not verify");
        }
        requireAlive(leaf);
        return member(leaf, LeafCredential.verify(leaf, roomId, signatures), index);
    }

    static Member member(WireLeaf leaf, LeafCredential credential, int index) {
        return new Member(
                index, credential.identity(), credential.participant(), credential.name(), leaf.signatureKey());
    }

    /** A committed leaf has no lifetime; all others are within theirs, which is not longer than it may be. */
    private void requireAlive(WireLeaf leaf) throws GroupException {
        if (leaf.committed()) {
            return;
        }
        long now = clock.instant().getEpochSecond();
        long longest = LIFETIME.plus(SKEW).toSeconds();
        if (leaf.notBefore() < 0
                || leaf.notAfter() <= leaf.notBefore()
                || leaf.notAfter() - leaf.notBefore() > longest) {
            throw new GroupException.PolicyViolation(
                    "the KeyPackage's lifetime is longer than three days, or upside down");
        }
        if (now < leaf.notBefore() || now >= leaf.notAfter()) {
            throw new GroupException.PolicyViolation("the KeyPackage is expired or not valid yet");
        }
    }

    /** When newcomers begin to refuse a leaf that never committed. */
    static Instant expires(WireLeaf leaf) {
        return Instant.ofEpochSecond(leaf.notAfter());
    }

    /** No two members share a signature key or a participant id. */
    static void requireDistinct(TreeMap<Integer, Seat> seats) throws GroupException {
        requireDistinct(seats.values().stream().map(Seat::member).toList());
    }

    private static void requireDistinct(List<Member> members) throws GroupException {
        Set<ParticipantId> participants = new HashSet<>();
        Set<ByteBuffer> signatureKeys = new HashSet<>();
        for (Member member : members) {
            if (!participants.add(member.participant())) {
                throw new GroupException.PolicyViolation("two leaves have the participant id " + member.participant());
            }
            if (!signatureKeys.add(ByteBuffer.wrap(member.signatureKey()))) {
                throw new GroupException.PolicyViolation("two leaves share a signature key");
            }
        }
    }
}
