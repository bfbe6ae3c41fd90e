package sotto.keys.groups;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.bouncycastle.mls.TreeKEM.LeafIndex;
import org.bouncycastle.mls.codec.Extension;
import org.bouncycastle.mls.codec.ExtensionType;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import sotto.keys.groups.mls.Attacker;
import sotto.keys.identity.Identity;
import sotto.keys.identity.ParticipantId;

/** What is tried with KeyPackages and Welcomes: by people who ask to join, and against them. */
class JoinAttackTest {
    private final Room room = new Room();

    @Test
    void honestKeyPackageSaysWhoItIs() throws Exception {
        Identity me = room.identity();
        ParticipantId id = ParticipantId.random(new SecureRandom());
        LeafDraft draft = room.engine.draft(me, room.id, id, "Ünï 👩‍💻");

        KeyPackageInfo info = room.engine.inspect(draft.keyPackage(), room.id);

        assertThat(info.identity()).isEqualTo(me.publicKey());
        assertThat(info.participant()).isEqualTo(id);
        assertThat(info.name()).isEqualTo("Ünï 👩‍💻");
        assertThat(info.reference()).isEqualTo(draft.reference());
        byte[] content = {1, 2, 3};
        assertThat(info.verify(content, draft.sign(content))).isTrue();
        assertThat(info.verify(new byte[] {1, 2, 4}, draft.sign(content))).isFalse();
        assertThat(info.verify(content, new byte[63])).isFalse();
    }

    @Test
    void bindingOfAnotherRoomIdentityOrLeafIsForged() throws Exception {
        Attacker.Forge honest = new Attacker.Forge(room.id);
        assertThat(room.engine.inspect(honest.make(), room.id).name()).isEqualTo("mallory");

        Attacker.Forge otherRoom = new Attacker.Forge(room.id);
        otherRoom.boundRoom = Attacker.random(16);
        refusedPackage(otherRoom, GroupException.Forged.class, "did not sign");

        Attacker.Forge otherIdentity = new Attacker.Forge(room.id);
        otherIdentity.claimedIdentity = room.identity().publicKey().bytes();
        refusedPackage(otherIdentity, GroupException.Forged.class, "did not sign");

        refused(
                () -> room.engine.inspect(room.draft("x").keyPackage(), Attacker.random(16)),
                GroupException.Forged.class,
                "did not sign");

        Attacker.Forge zero = new Attacker.Forge(room.id);
        zero.claimedIdentity = new byte[33];
        zero.claimedIdentity[0] = 5;
        refusedPackage(zero, GroupException.Malformed.class, "identity key");
    }

    @Test
    void aKeyPackageWithoutItsOwnersSignatureIsReadByWhoWaitsAndAddedByNobody() throws Exception {
        byte[] forged = new Attacker.Forge(room.id).make();
        forged[forged.length - 1] ^= 1;
        Group alice = room.found("alice");

        assertThat(room.engine.inspectRequest(forged, room.id).name()).isEqualTo("mallory");
        refused(() -> room.engine.inspect(forged, room.id), GroupException.Forged.class, "KeyPackage's signature");
        refused(() -> alice.commit(List.of(forged), List.of()), GroupException.Forged.class, "KeyPackage's signature");

        Attacker.Forge otherRoom = new Attacker.Forge(room.id);
        otherRoom.boundRoom = Attacker.random(16);
        byte[] unbound = otherRoom.make();
        refused(() -> room.engine.inspectRequest(unbound, room.id), GroupException.Forged.class, "did not sign");
    }

    @Test
    void lifetimesThatAreOverTooLongOrNotBegunAreRefused() throws Exception {
        Instant now = Instant.now();
        Attacker.Forge expired = new Attacker.Forge(room.id);
        expired.notBefore = now.minus(Duration.ofHours(20));
        expired.notAfter = now.minusSeconds(1);
        refusedPackage(expired, GroupException.PolicyViolation.class, "expired");

        Attacker.Forge future = new Attacker.Forge(room.id);
        future.notBefore = now.plus(Duration.ofMinutes(5));
        refusedPackage(future, GroupException.PolicyViolation.class, "not valid yet");

        Attacker.Forge tooLong = new Attacker.Forge(room.id);
        tooLong.notAfter = now.plus(Duration.ofDays(4));
        refusedPackage(tooLong, GroupException.PolicyViolation.class, "lifetime");

        Attacker.Forge forEver = new Attacker.Forge(room.id);
        forEver.notBefore = Instant.EPOCH;
        forEver.notAfter = Instant.ofEpochSecond(-1);
        refusedPackage(forEver, GroupException.PolicyViolation.class, "lifetime");

        Attacker.Forge almost = new Attacker.Forge(room.id);
        almost.notAfter = now.plus(Duration.ofMinutes(5));
        Group alice = room.found("alice");
        refused(() -> alice.commit(List.of(almost.make()), List.of()), GroupException.PolicyViolation.class, "expire");
    }

    @Test
    void membersAndNewcomersRefuseLeavesThatExpiredWhoeverAddsThem() throws Exception {
        AtomicReference<Duration> ahead = new AtomicReference<>(Duration.ZERO);
        Room timed = new Room(new Clock() {
            @Override
            public Instant instant() {
                return Instant.now().plus(ahead.get());
            }

            @Override
            public ZoneId getZone() {
                return ZoneOffset.UTC;
            }

            @Override
            public Clock withZone(ZoneId zone) {
                return this;
            }
        });
        List<Group> all = timed.group("alice", "bob");
        LeafDraft carol = timed.draft("carol");
        // The committer's library goes by the machine's clock and finds nothing wrong.
        var made = Attacker.commit(Attacker.library(all.getFirst()), List.of(Attacker.add(carol.keyPackage())), true);
        assertThat(all.get(1).stage(made.commit()).added()).hasSize(1);

        ahead.set(Duration.ofDays(2).plusMinutes(1));

        refused(() -> all.get(1).stage(made.commit()), GroupException.PolicyViolation.class, "expired");
        refused(() -> timed.engine.join(carol, made.welcome()), GroupException.PolicyViolation.class, "expired");
        ahead.set(Duration.ZERO);
        assertThat(timed.engine.join(carol, made.welcome()).roster()).hasSize(3);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", " ", "a\nb", "a\u0000", "a\u202eb", "a\u2028b", "a\u0085", "\u200b"})
    void namesThatCouldDeceiveAreRefused(String name) throws Exception {
        Attacker.Forge forge = new Attacker.Forge(room.id);
        forge.name = name.getBytes(StandardCharsets.UTF_8);
        refusedPackage(forge, GroupException.PolicyViolation.class, "name");
        refused(() -> room.draft(name), GroupException.PolicyViolation.class, "name");
    }

    @Test
    void namesThatAreTooLongOrNoTextAreRefused() throws Exception {
        Attacker.Forge tooLong = new Attacker.Forge(room.id);
        tooLong.name = "x".repeat(193).getBytes(StandardCharsets.UTF_8);
        refusedPackage(tooLong, GroupException.Malformed.class, "name");
        refused(() -> room.draft("x".repeat(193)), GroupException.PolicyViolation.class, "name");
        refused(() -> room.draft("\ud800"), GroupException.PolicyViolation.class, "name");
        assertThat(room.draft("é".repeat(96)).keyPackage()).isNotEmpty();

        Attacker.Forge notUtf8 = new Attacker.Forge(room.id);
        notUtf8.name = new byte[] {(byte) 0xc0, (byte) 0x80};
        refusedPackage(notUtf8, GroupException.Malformed.class, "UTF-8");
    }

    @Test
    void sameInitAndEncryptionKeyIsRefused() throws Exception {
        Attacker.Forge forge = new Attacker.Forge(room.id);
        forge.init = forge.encryption;
        refusedPackage(forge, GroupException.PolicyViolation.class, "the same");
    }

    @Test
    void extensionsAndOtherCredentialsAreRefused() throws Exception {
        Attacker.Forge extended = new Attacker.Forge(room.id);
        extended.extensions.add(new Extension(ExtensionType.APPLICATION_ID, new byte[] {1}));
        refusedPackage(extended, GroupException.PolicyViolation.class, "extensions");

        Attacker.Forge x509 = new Attacker.Forge(room.id);
        x509.x509 = true;
        refusedPackage(x509, GroupException.PolicyViolation.class, "basic");
    }

    @Test
    void everyFlipTruncationAndTrailingByteOfAKeyPackageIsRefused() throws Exception {
        byte[] keyPackage = room.draft("dave").keyPackage();
        for (int bit = 0; bit < keyPackage.length * 8; bit++) {
            byte[] flipped = keyPackage.clone();
            flipped[bit / 8] ^= (byte) (1 << bit % 8);
            refused(() -> room.engine.inspect(flipped, room.id), GroupException.class, "");
        }
        for (int length = 0; length < keyPackage.length; length++) {
            byte[] cut = Arrays.copyOf(keyPackage, length);
            refused(() -> room.engine.inspect(cut, room.id), GroupException.Malformed.class, "");
        }
        byte[] longer = Arrays.copyOf(keyPackage, keyPackage.length + 1);
        refused(() -> room.engine.inspect(longer, room.id), GroupException.Malformed.class, "left over");
    }

    @Test
    void everyFlipTruncationAndTrailingByteOfAWelcomeIsRefusedAndTheDraftSurvives() throws Exception {
        Group alice = room.found("alice");
        LeafDraft bob = room.draft("bob");
        PendingCommit adding = alice.commit(List.of(bob.keyPackage()), List.of());
        alice.adopt(alice.stage(adding.commit()));
        byte[] welcome = adding.welcome().orElseThrow();
        for (int bit = 0; bit < welcome.length * 8; bit++) {
            byte[] flipped = welcome.clone();
            flipped[bit / 8] ^= (byte) (1 << bit % 8);
            refused(() -> room.engine.join(bob, flipped), GroupException.class, "");
        }
        for (int length = 0; length < welcome.length; length += 7) {
            byte[] cut = Arrays.copyOf(welcome, length);
            refused(() -> room.engine.join(bob, cut), GroupException.Malformed.class, "");
        }
        byte[] longer = Arrays.copyOf(welcome, welcome.length + 1);
        refused(() -> room.engine.join(bob, longer), GroupException.Malformed.class, "left over");

        Group joined = room.engine.join(bob, welcome);
        assertThat(joined.epochAuthenticator()).isEqualTo(alice.epochAuthenticator());
        assertThatThrownBy(() -> room.engine.join(bob, welcome)).isInstanceOf(IllegalStateException.class);
    }

    @Test
    void welcomeForSomebodyElseIsNotForUs() throws Exception {
        Group alice = room.found("alice");
        PendingCommit adding = alice.commit(List.of(room.draft("bob").keyPackage()), List.of());

        refused(
                () -> room.engine.join(room.draft("carol"), adding.welcome().orElseThrow()),
                GroupException.NotForUs.class,
                "KeyPackage");
    }

    @Test
    void treeWithABadLeafSignatureIsRefused() throws Exception {
        List<Group> all = room.group("alice", "bob");
        LeafDraft carol = room.draft("carol");
        var library = Attacker.library(all.getFirst());
        Attacker.breakLeafSignature(library.getTree().getLeafNode(new LeafIndex(1)));
        var made = Attacker.commit(library, List.of(Attacker.add(carol.keyPackage())), true);

        refused(() -> room.engine.join(carol, made.welcome()), GroupException.Forged.class, "signature of leaf 1");
    }

    @Test
    void treeWithAForgedMemberIsRefused() throws Exception {
        // The group's maker turns bad and seats somebody who claims another's identity.
        Group alice = room.found("alice");
        Attacker.Forge ghost = new Attacker.Forge(room.id);
        ghost.claimedIdentity = room.identity().publicKey().bytes();
        LeafDraft carol = room.draft("carol");
        var made = Attacker.commit(
                Attacker.library(alice), List.of(Attacker.add(ghost.make()), Attacker.add(carol.keyPackage())), true);

        refused(() -> room.engine.join(carol, made.welcome()), GroupException.Forged.class, "did not sign");
    }

    @Test
    void treeWithTwoEqualParticipantsOrKeysIsRefused() throws Exception {
        Attacker.Forge one = new Attacker.Forge(room.id);
        Attacker.Forge two = new Attacker.Forge(room.id);
        two.participant = one.participant;
        LeafDraft carol = room.draft("carol");
        var made = Attacker.commit(
                Attacker.library(room.found("alice")),
                List.of(Attacker.add(one.make()), Attacker.add(two.make()), Attacker.add(carol.keyPackage())),
                true);

        refused(() -> room.engine.join(carol, made.welcome()), GroupException.PolicyViolation.class, "participant id");
    }

    @Test
    void treeOfAnotherRoomIsRefused() throws Exception {
        Room other = new Room();
        Group alice = other.found("alice");
        LeafDraft lured = room.draft("lured");
        var made = Attacker.commit(Attacker.library(alice), List.of(Attacker.add(lured.keyPackage())), true);

        refused(() -> room.engine.join(lured, made.welcome()), GroupException.Forged.class, "did not sign");
        refused(
                () -> alice.commit(List.of(lured.keyPackage()), List.of()),
                GroupException.Forged.class,
                "did not sign");
    }

    @Test
    void welcomeWithGroupExtensionsIsRefused() throws Exception {
        Group alice = room.found("alice");
        LeafDraft bob = room.draft("bob");
        var extension = new Extension(ExtensionType.EXTERNAL_SENDERS, new byte[] {0});
        var made = Attacker.commit(
                Attacker.library(alice),
                new ArrayList<>(List.of(
                        Attacker.add(bob.keyPackage()),
                        org.bouncycastle.mls.codec.Proposal.groupContextExtensions(List.of(extension)))),
                true);

        refused(() -> room.engine.join(bob, made.welcome()), GroupException.PolicyViolation.class, "group extensions");
    }

    @Test
    void welcomeWithoutAPathSecretIsRefused() throws Exception {
        Group alice = room.found("alice");
        LeafDraft bob = room.draft("bob");
        var made = Attacker.commit(Attacker.library(alice), List.of(Attacker.add(bob.keyPackage())), false);

        refused(() -> room.engine.join(bob, made.welcome()), GroupException.PolicyViolation.class, "path secret");
    }

    private void refusedPackage(Attacker.Forge forge, Class<? extends GroupException> with, String why)
            throws Exception {
        byte[] keyPackage = forge.make();
        refused(() -> room.engine.inspect(keyPackage, room.id), with, why);
    }

    private static void refused(ThrowingCallable attempt, Class<? extends GroupException> with, String why) {
        assertThatThrownBy(attempt).isInstanceOf(with).hasMessageContaining(why);
    }
}
