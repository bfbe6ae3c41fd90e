package sotto.rooms.envelope;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.security.SecureRandom;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;
import org.bouncycastle.math.ec.rfc8032.Ed25519;
import org.junit.jupiter.api.Test;
import sotto.rooms.LinkSecret;
import sotto.rooms.RoomPath;
import sotto.rooms.envelope.EnvelopeException.Reason;
import sotto.rooms.group.Bytes;
import sotto.rooms.group.ParticipantId;
import sotto.rooms.rules.Pass;
import sotto.rooms.wire.ConnectionId;
import sotto.rooms.wire.GroupId;
import sotto.rooms.wire.LogEntry;
import sotto.rooms.wire.LogHead;
import sotto.rooms.wire.LogId;
import sotto.rooms.wire.Payload;
import sotto.rooms.wire.RoomId;

/** An envelope opens in its place, once, in order, unchanged, with its link; and nowhere else. */
class EnvelopeTest {
    private static final RoomId ROOM = new RoomId(1, 2);
    private static final RoomMessage.Told TOLD =
            new RoomMessage.Told(RoomPath.RELAY, 7, List.of(Bytes.of(new byte[] {5, 6}), Bytes.of(new byte[] {7})));
    private static final LogId LOG = new LogId(3, 4);
    private static final ConnectionId ALICE = new ConnectionId(5, 6);
    private static final ConnectionId BOB = new ConnectionId(7, 8);
    private static final ConnectionId CAROL = new ConnectionId(9, 10);
    private static final GroupId GROUP = new GroupId(11, 12);
    private static final LogHead HEAD = LogHead.start(ROOM, LOG);
    private static final RoomMessage SIGNAL = new RoomMessage.Signal("AAAAAAAAAAAAAAAAAAAAAA", "v=0");
    private static final RoomMessage STATE = new RoomMessage.State(true, false, true, false);

    private final LinkSecret secret = secret(1);
    private final byte[] privateKey = new byte[32];
    private final Bytes publicKey;
    private final Sealer alice = new Sealer(secret, ROOM, LOG, ALICE, new byte[16]);
    private final Opener opener = new Opener(secret, ROOM, LOG);

    EnvelopeTest() {
        Ed25519.generatePrivateKey(new SecureRandom(), privateKey);
        byte[] key = new byte[32];
        Ed25519.generatePublicKey(privateKey, 0, key, 0);
        publicKey = Bytes.of(key);
    }

    private static LinkSecret secret(int fill) {
        byte[] bytes = new byte[32];
        Arrays.fill(bytes, (byte) fill);
        return LinkSecret.of(bytes);
    }

    private byte[] sign(byte[] content) {
        byte[] signature = new byte[64];
        Ed25519.sign(privateKey, 0, content, 0, content.length, signature, 0);
        return signature;
    }

    private Payload seal(EnvelopeContext context, RoomMessage message) {
        return alice.seal(context, HEAD, message, this::sign);
    }

    private static EnvelopeContext.Message message(ConnectionId from) {
        return new EnvelopeContext.Message(ROOM, LOG, from);
    }

    private static EnvelopeContext.Send send(ConnectionId from, ConnectionId to) {
        return new EnvelopeContext.Send(ROOM, LOG, from, to);
    }

    private static Reason refusal(Opener opener, EnvelopeContext context, Payload payload) {
        EnvelopeException refused = catchThrowableOfType(EnvelopeException.class, () -> opener.open(context, payload));
        assertThat(refused).as("the envelope opened in " + context).isNotNull();
        return refused.reason();
    }

    @Test
    void opensInItsPlaceAndTellsWhoSignedItAndWhatTheySaw() throws Exception {
        Opened opened = opener.open(send(ALICE, BOB), seal(send(ALICE, BOB), SIGNAL));
        assertThat(opened.message()).isEqualTo(SIGNAL);
        assertThat(opened.seenSequence()).isZero();
        assertThat(opened.seenHash()).isEqualTo(HEAD.hash());
        assertThat(opened.signedBy(publicKey)).isTrue();
        byte[] other = publicKey.toArray();
        other[0] ^= 1;
        assertThat(opened.signedBy(Bytes.of(other))).isFalse();
        assertThat(opened.signedBy(Bytes.of(new byte[3]))).isFalse();
    }

    @Test
    void opensNowhereElse() {
        EnvelopeContext.Commit commit = new EnvelopeContext.Commit(ROOM, LOG, ALICE, GROUP, 4);
        Payload direct = seal(send(ALICE, BOB), STATE);
        for (EnvelopeContext elsewhere : List.of(
                send(ALICE, CAROL), // another receiver
                send(BOB, BOB), // another sender
                message(ALICE), // another way
                commit)) assertThat(refusal(opener, elsewhere, direct)).isEqualTo(Reason.NOT_AUTHENTIC);
        Payload inLog = seal(commit, new RoomMessage.Found(Bytes.of(new byte[] {1, 2, 3}), List.of()));
        assertThat(refusal(opener, new EnvelopeContext.Commit(ROOM, LOG, ALICE, GROUP, 5), inLog))
                .as("another epoch")
                .isEqualTo(Reason.NOT_AUTHENTIC);
        assertThat(refusal(opener, new EnvelopeContext.Commit(ROOM, LOG, ALICE, new GroupId(0, 12), 4), inLog))
                .as("another group")
                .isEqualTo(Reason.NOT_AUTHENTIC);
        RoomId room = new RoomId(1, 3);
        assertThat(refusal(new Opener(secret, room, LOG), new EnvelopeContext.Send(room, LOG, ALICE, BOB), direct))
                .as("another room")
                .isEqualTo(Reason.NOT_AUTHENTIC);
        LogId log = new LogId(3, 5);
        assertThat(refusal(new Opener(secret, ROOM, log), new EnvelopeContext.Send(ROOM, log, ALICE, BOB), direct))
                .as("another log: yesterday's room")
                .isEqualTo(Reason.NOT_AUTHENTIC);
        assertThat(refusal(new Opener(secret(2), ROOM, LOG), send(ALICE, BOB), direct))
                .as("another link")
                .isEqualTo(Reason.NOT_AUTHENTIC);
    }

    @Test
    void aFlippedBitInAnyByteIsNoticed() {
        byte[] sealed = seal(message(ALICE), STATE).bytes();
        for (int i = 0; i < sealed.length; i++)
            for (int bit : new int[] {1, 0x80}) {
                byte[] flipped = sealed.clone();
                flipped[i] ^= (byte) bit;
                Reason reason = refusal(opener, message(ALICE), Payload.of(flipped));
                assertThat(reason).as("byte " + i).isEqualTo(i == 0 ? Reason.VERSION : Reason.NOT_AUTHENTIC);
            }
    }

    @Test
    void anyTruncationOrTrailingByteIsNoticed() {
        byte[] sealed = seal(message(ALICE), STATE).bytes();
        for (int length = 0; length < sealed.length; length++)
            assertThat(refusal(opener, message(ALICE), Payload.of(Arrays.copyOf(sealed, length))))
                    .isIn(Reason.TRUNCATED, Reason.NOT_AUTHENTIC);
        assertThat(refusal(opener, message(ALICE), Payload.of(Arrays.copyOf(sealed, sealed.length + 1))))
                .isEqualTo(Reason.NOT_AUTHENTIC);
    }

    @Test
    void opensOnceAndInOrder() throws Exception {
        Payload first = seal(message(ALICE), STATE);
        Payload second = seal(send(ALICE, BOB), SIGNAL);
        Payload third = seal(message(ALICE), new RoomMessage.Rekey());
        opener.open(message(ALICE), first);
        assertThat(refusal(opener, message(ALICE), first)).isEqualTo(Reason.REPLAYED);
        opener.open(message(ALICE), third); // what went to others is missing here
        assertThat(refusal(opener, send(ALICE, BOB), second)).isEqualTo(Reason.REPLAYED);
    }

    @Test
    void twoClientsOnOneConnectionIdAreNoticed() throws Exception {
        byte[] salt = new byte[16];
        salt[3] = 1;
        Sealer twin = new Sealer(secret, ROOM, LOG, ALICE, salt);
        opener.open(message(ALICE), seal(message(ALICE), STATE));
        assertThat(refusal(opener, message(ALICE), twin.seal(message(ALICE), HEAD, STATE, this::sign)))
                .isEqualTo(Reason.SECOND_SENDER);
    }

    @Test
    void aRefusedEnvelopeDoesNotUseUpItsCounter() throws Exception {
        byte[] bytes = seal(message(ALICE), STATE).bytes();
        byte[] flipped = bytes.clone();
        flipped[100] ^= 1;
        refusal(opener, message(ALICE), Payload.of(flipped));
        assertThat(opener.open(message(ALICE), Payload.of(bytes)).message()).isEqualTo(STATE);
    }

    @Test
    void aSignatureHoldsForItsPlaceAlone() throws Exception {
        // A member who has the link seals another's signed content anew: the signature does not fit.
        byte[][] stolen = new byte[1][];
        alice.seal(message(ALICE), HEAD, STATE, content -> stolen[0] = sign(content));
        Sealer bob = new Sealer(secret, ROOM, LOG, BOB, new byte[16]);
        Opened opened = opener.open(message(BOB), bob.seal(message(BOB), HEAD, STATE, content -> stolen[0]));
        assertThat(opened.signedBy(publicKey)).isFalse();
    }

    @Test
    void everyMessageSurvivesSealing() throws Exception {
        Bytes some = Bytes.of(new byte[] {1, 2, 3, 4});
        EnvelopeContext.Commit commit = new EnvelopeContext.Commit(ROOM, LOG, ALICE, GROUP, 1);
        TreeMap<Integer, ConnectionId> seats = new TreeMap<>();
        seats.put(0, ALICE);
        seats.put(7, BOB);
        RoomMessage.Commit full = new RoomMessage.Commit(
                some,
                Optional.of(some),
                3,
                List.of(new RoomMessage.Joined(CAROL, 9, 2)),
                seats,
                new TreeSet<>(List.of(Bytes.of(new byte[33]))),
                Optional.of(new RoomMessage.Handed(
                        TOLD,
                        new TreeSet<>(List.of(new Pass(Bytes.of(new byte[33]), new ParticipantId(1, 2)))),
                        true)));
        RoomMessage.Commit bare = new RoomMessage.Commit(
                some, Optional.empty(), 3, List.of(), new TreeMap<>(), new TreeSet<>(), Optional.empty());
        for (RoomMessage message : List.of(full, bare, new RoomMessage.Found(some, List.of())))
            assertThat(opener.open(commit, seal(commit, message)).message()).isEqualTo(message);
        for (RoomMessage message : List.of(
                new RoomMessage.Join(some),
                new RoomMessage.Attach(GROUP, 5, 2, 8, TOLD),
                new RoomMessage.Tell(TOLD, true),
                new RoomMessage.Admit(
                        Bytes.of(new byte[33]),
                        new Pass(Bytes.of(new byte[33]), new ParticipantId(3, 4)),
                        true,
                        Bytes.of(new byte[64])),
                new RoomMessage.Leave(),
                new RoomMessage.Rekey(),
                STATE))
            assertThat(opener.open(message(ALICE), seal(message(ALICE), message))
                            .message())
                    .isEqualTo(message);
        assertThat(opener.open(send(ALICE, BOB), seal(send(ALICE, BOB), SIGNAL)).message())
                .isEqualTo(SIGNAL);
    }

    @Test
    void aMessageOnAWayThatItMayNotGoIsRefused() {
        for (RoomMessage message : List.of(SIGNAL, new RoomMessage.Found(Bytes.of(new byte[1]), List.of())))
            assertThat(refusal(opener, message(ALICE), seal(message(ALICE), message)))
                    .isEqualTo(Reason.CONTENT);
        for (RoomMessage message :
                List.of(new RoomMessage.Leave(), new RoomMessage.Join(Bytes.of(new byte[1])), new RoomMessage.Rekey()))
            assertThat(refusal(opener, send(ALICE, BOB), seal(send(ALICE, BOB), message)))
                    .isEqualTo(Reason.CONTENT);
    }

    @Test
    void aForkIsToldFromGarbage() throws Exception {
        LogEntry arrived = new LogEntry.Arrived(1, ALICE);
        LogChain here = new LogChain(HEAD);
        here.append(arrived);
        LogChain there = new LogChain(HEAD);
        there.append(new LogEntry.Arrived(1, CAROL));
        Payload sealed = alice.seal(message(ALICE), there.head(), STATE, this::sign);
        Opened opened = opener.open(message(ALICE), sealed); // genuine, so not garbage
        assertThat(here.compare(opened.seenSequence(), opened.seenHash())).isEqualTo(LogChain.View.FORKED);
        assertThat(here.compare(1, here.head().hash())).isEqualTo(LogChain.View.SAME);
        assertThat(here.compare(0, HEAD.hash())).isEqualTo(LogChain.View.SAME);
        assertThat(here.compare(2, here.head().hash())).isEqualTo(LogChain.View.AHEAD);
    }

    @Test
    void theChainRemembersAWindowAndSurvivesAGap() {
        LogChain chain = new LogChain(HEAD);
        LogHead third = null;
        for (long n = 1; n <= LogChain.WINDOW + 10; n++) {
            chain.append(new LogEntry.Arrived(n, ALICE));
            if (n == LogChain.WINDOW) third = chain.head();
        }
        assertThat(chain.compare(3, HEAD.hash())).isEqualTo(LogChain.View.UNKNOWN);
        chain.enter(new LogHead(9_000, HEAD.hash()));
        assertThat(chain.compare(third.sequence(), third.hash())).isEqualTo(LogChain.View.SAME);
        assertThat(chain.compare(8_000, HEAD.hash())).isEqualTo(LogChain.View.UNKNOWN);
    }
}
