package sotto.keys.groups;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.bouncycastle.mls.codec.Credential;
import org.bouncycastle.mls.codec.MLSMessage;
import org.bouncycastle.mls.codec.MLSOutputStream;
import org.bouncycastle.mls.codec.Proposal;
import org.bouncycastle.mls.crypto.Secret;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import sotto.keys.groups.mls.Attacker;

/** What a bad server, outsider or member tries with commits, and what the others make of it. */
class CommitAttackTest {
    private final Room room = new Room();
    private Group alice;
    private Group bob;
    private Group carol;
    private List<Group> all;

    @BeforeEach
    void threePeople() throws Exception {
        all = room.group("alice", "bob", "carol");
        alice = all.get(0);
        bob = all.get(1);
        carol = all.get(2);
    }

    @Test
    void ghostIsNamedByItsReferenceAndTheCommitCanBeDiscarded() throws Exception {
        LeafDraft asked = room.draft("dave");
        LeafDraft ghost = room.draft("dave");
        PendingCommit commit = bob.commit(List.of(asked.keyPackage(), ghost.keyPackage()), List.of());
        byte[] before = alice.epochAuthenticator();

        StagedCommit staged = alice.stage(commit.commit());

        assertThat(staged.added()).hasSize(2);
        assertThat(staged.added().get(0).reference()).isEqualTo(asked.reference());
        assertThat(staged.added().get(1).reference()).isEqualTo(ghost.reference());
        assertThat(staged.rosterAfter()).hasSize(5);
        alice.discard(staged);
        assertThat(alice.epoch()).isEqualTo(2);
        assertThat(alice.epochAuthenticator()).isEqualTo(before);
        Room.deliver(all, carol.commit(List.of(), List.of(bob.ownLeaf())));
        assertThat(alice.roster()).isEqualTo(carol.roster()).hasSize(2);
    }

    @Test
    void externalCommitIsRefused() throws Exception {
        var info = Attacker.library(alice).getGroupInfo(true);
        Attacker.Forge forge = new Attacker.Forge(room.id);
        var mallory = org.bouncycastle.mls.codec.MLSMessage.class.cast(
                org.bouncycastle.mls.codec.MLSInputStream.decode(forge.make(), MLSMessage.class));
        var signing = new org.bouncycastle.crypto.AsymmetricCipherKeyPair(
                new org.bouncycastle.crypto.params.Ed25519PrivateKeyParameters(forge.seed).generatePublicKey(),
                new org.bouncycastle.crypto.params.Ed25519PrivateKeyParameters(forge.seed));
        var joined = org.bouncycastle.mls.protocol.Group.externalJoin(
                new Secret(Attacker.random(32)),
                signing,
                mallory.keyPackage,
                info.groupInfo,
                null,
                new org.bouncycastle.mls.protocol.Group.MessageOptions(),
                null,
                new HashMap<>());

        refused(
                () -> bob.stage(MLSOutputStream.encode(joined.message)),
                GroupException.PolicyViolation.class,
                "sender");
    }

    @Test
    void outsiderCannotRemoveAnybody() throws Exception {
        // Same group id and epoch, same number of people, but not the same group.
        Group theirs = room.engine.found(room.draft("mallory"), alice.id());
        List<Group> outsiders = new ArrayList<>(List.of(theirs));
        for (String name : List.of("m2", "m3")) {
            outsiders.add(room.add(outsiders, theirs, room.draft(name)));
        }
        PendingCommit removal = theirs.commit(List.of(), List.of(1));

        refused(() -> carol.stage(removal.commit()), GroupException.Forged.class, "membership tag");
        refused(() -> bob.stage(removal.commit()), GroupException.Forged.class, "membership tag");
    }

    @Test
    void removedMemberCannotCommitAnyMore() throws Exception {
        PendingCommit late = carol.commit(List.of(), List.of());
        Room.deliver(all, alice.commit(List.of(), List.of(carol.ownLeaf())));

        assertThat(carol.closed()).isTrue();
        refused(() -> bob.stage(late.commit()), GroupException.WrongEpoch.class, "epoch");
    }

    @Test
    void ownCommitThatLostTheRaceIsNotTaken() throws Exception {
        PendingCommit lost = alice.commit(List.of(), List.of(bob.ownLeaf()));
        PendingCommit won = carol.commit(List.of(), List.of());
        Room.deliver(all, won);

        refused(() -> alice.stage(lost.commit()), GroupException.WrongEpoch.class, "epoch 2");
        assertThat(alice.epochAuthenticator())
                .isEqualTo(bob.epochAuthenticator())
                .isEqualTo(carol.epochAuthenticator());
        Room.deliver(all, alice.commit(List.of(), List.of()));
        assertThat(alice.epochAuthenticator()).isEqualTo(bob.epochAuthenticator());
    }

    @Test
    void commitInOurNameThatWeDoNotWaitForIsForged() throws Exception {
        PendingCommit first = alice.commit(List.of(), List.of());
        PendingCommit second = alice.commit(List.of(), List.of());

        refused(() -> alice.stage(first.commit()), GroupException.Forged.class, "in our name");
        assertThat(alice.stage(second.commit()).own()).isTrue();
        alice.discardPending();
        refused(() -> alice.stage(second.commit()), GroupException.Forged.class, "in our name");
    }

    @Test
    void commitsOfOtherEpochsAndGroupsAreRefused() throws Exception {
        PendingCommit first = alice.commit(List.of(), List.of());
        carol.adopt(carol.stage(first.commit()));
        PendingCommit future = carol.commit(List.of(), List.of());
        Group elsewhere = room.group("x", "y").getFirst();

        refused(() -> carol.stage(first.commit()), GroupException.WrongEpoch.class, "epoch 2 in epoch 3");
        refused(() -> bob.stage(future.commit()), GroupException.WrongEpoch.class, "epoch 3 in epoch 2");
        refused(
                () -> bob.stage(elsewhere.commit(List.of(), List.of()).commit()),
                GroupException.NotForUs.class,
                "group");
    }

    @Test
    void standaloneProposalIsNotQueued() throws Exception {
        var library = Attacker.library(alice);
        var draft = room.draft("dave");
        var message = library.add(
                Attacker.add(draft.keyPackage()).getAdd().keyPackage,
                new org.bouncycastle.mls.protocol.Group.MessageOptions());

        refused(() -> bob.stage(MLSOutputStream.encode(message)), GroupException.PolicyViolation.class, "not a commit");
        assertThat(alice.stage(bob.commit(List.of(), List.of()).commit()).added())
                .isEmpty();
    }

    @Test
    void proposalsByReferenceAndOfOtherKindsAreRefused() throws Exception {
        var library = Attacker.library(alice);
        var gce = Attacker.commit(library, List.of(Proposal.groupContextExtensions(List.of())), true);
        refused(() -> bob.stage(gce.commit()), GroupException.PolicyViolation.class, "proposal type 7");

        var update = Attacker.library(bob);
        var own = update.updateProposal(
                library.getSuite().getHPKE().generatePrivateKey(),
                new org.bouncycastle.mls.protocol.Group.LeafNodeOptions());
        var queued = update.update(own, new org.bouncycastle.mls.protocol.Group.MessageOptions());
        library.handle(MLSOutputStream.encode(queued), null);
        var byReference = Attacker.commit(library, List.of(), true);
        refused(() -> carol.stage(byReference.commit()), GroupException.PolicyViolation.class, "by value");
    }

    @Test
    void commitWithoutAPathIsRefused() throws Exception {
        var made = Attacker.commit(
                Attacker.library(alice), List.of(Attacker.add(room.draft("dave").keyPackage())), false);

        refused(() -> bob.stage(made.commit()), GroupException.PolicyViolation.class, "no update path");
    }

    @Test
    void privateMessagesAreRefused() throws Exception {
        byte[] commit = alice.commit(List.of(), List.of()).commit();
        commit[3] = 2;

        refused(() -> bob.stage(commit), GroupException.PolicyViolation.class, "PublicMessage");
    }

    @Test
    void committerCannotTakeAnotherName() throws Exception {
        Attacker.Forge forge = new Attacker.Forge(room.id);
        forge.seed = Attacker.signatureSeed(alice);
        var other = new org.bouncycastle.mls.protocol.Group.LeafNodeOptions(
                Credential.forBasic(forge.credential()), null, null);
        var made = Attacker.commit(Attacker.library(alice), List.of(), true, other);

        refused(() -> bob.stage(made.commit()), GroupException.PolicyViolation.class, "credential");
    }

    @Test
    void pathKeysThatAreNotThoseOfThePathSecretsAreRefused() throws Exception {
        all.add(room.add(all, bob, room.draft("dave")));
        byte[] commit = Attacker.commitWithForeignRootKey(Attacker.library(alice));

        // The library alone finds nothing wrong with it.
        assertThat(Attacker.library(carol).handle(commit, null).getEpoch()).isEqualTo(4);
        for (Group member : List.of(bob, carol, all.getLast())) {
            refused(() -> member.stage(commit), GroupException.Forged.class, "path secret");
        }
    }

    @Test
    void keysThatAreInUseAreRefused() throws Exception {
        Attacker.Forge sameSignatureKey = new Attacker.Forge(room.id);
        sameSignatureKey.seed = Attacker.signatureSeed(alice);
        refused(() -> bob.commit(List.of(sameSignatureKey.make()), List.of()), GroupException.class, "");

        Attacker.Forge one = new Attacker.Forge(room.id);
        Attacker.Forge sameInit = new Attacker.Forge(room.id);
        sameInit.init = one.init;
        commitOfTwo(one, sameInit, "init key again");

        Attacker.Forge sameParticipant = new Attacker.Forge(room.id);
        sameParticipant.participant = one.participant;
        commitOfTwo(one, sameParticipant, "participant id");

        Attacker.Forge crossed = new Attacker.Forge(room.id);
        crossed.init = one.encryption;
        commitOfTwo(one, crossed, "again");

        Attacker.Forge present = new Attacker.Forge(room.id);
        present.participant = carol.roster().get(1).participant().bytes();
        var made = Attacker.commit(Attacker.library(alice), List.of(Attacker.add(present.make())), true);
        refused(() -> carol.stage(made.commit()), GroupException.PolicyViolation.class, "participant id");
    }

    private void commitOfTwo(Attacker.Forge one, Attacker.Forge other, String why) throws Exception {
        var made = Attacker.commit(
                Attacker.library(alice), List.of(Attacker.add(one.make()), Attacker.add(other.make())), true);
        refused(() -> carol.stage(made.commit()), GroupException.PolicyViolation.class, why);
    }

    @Test
    void everyTruncationAndEveryTrailingByteIsRefused() throws Exception {
        byte[] commit = bob.commit(List.of(room.draft("dave").keyPackage()), List.of(carol.ownLeaf()))
                .commit();
        for (int length = 0; length < commit.length; length++) {
            byte[] cut = Arrays.copyOf(commit, length);
            refused(() -> alice.stage(cut), GroupException.class, "");
        }
        byte[] longer = Arrays.copyOf(commit, commit.length + 1);
        refused(() -> alice.stage(longer), GroupException.Malformed.class, "left over");
        assertThat(alice.stage(commit).added()).hasSize(1);
    }

    @Test
    void everyBitFlipIsRefused() throws Exception {
        byte[] commit = bob.commit(List.of(room.draft("dave").keyPackage()), List.of(carol.ownLeaf()))
                .commit();
        for (int bit = 0; bit < commit.length * 8; bit++) {
            byte[] flipped = commit.clone();
            flipped[bit / 8] ^= (byte) (1 << bit % 8);
            refused(() -> alice.stage(flipped), GroupException.class, "");
        }
        alice.adopt(alice.stage(commit));
        assertThat(alice.epoch()).isEqualTo(3);
    }

    @Test
    void lengthThatLiesAllocatesNothing() throws Exception {
        byte[] message = {0, 1, 0, 1, (byte) 0xBF, (byte) 0xFF, (byte) 0xFF, (byte) 0xFF, 0, 0, 0, 0};
        byte[] welcome = {0, 1, 0, 3, 0, 1, (byte) 0xBF, (byte) 0xFF, (byte) 0xFF, (byte) 0xFF, 0, 0};
        byte[] keyPackage = {0, 1, 0, 5, 0, 1, 0, 1, (byte) 0xBF, (byte) 0xFF, (byte) 0xFF, (byte) 0xFF};
        LeafDraft draft = room.draft("dave");
        var memory = (com.sun.management.ThreadMXBean) java.lang.management.ManagementFactory.getThreadMXBean();
        long before = memory.getCurrentThreadAllocatedBytes();
        for (int i = 0; i < 100; i++) {
            refused(() -> alice.stage(message), GroupException.Malformed.class, "");
            refused(() -> room.engine.join(draft, welcome), GroupException.Malformed.class, "");
            refused(() -> room.engine.inspect(keyPackage, room.id), GroupException.Malformed.class, "");
        }
        assertThat(memory.getCurrentThreadAllocatedBytes() - before).isLessThan(64L << 20);
    }

    private void refused(ThrowingCallable attempt, Class<? extends GroupException> with, String why) {
        assertThatThrownBy(attempt).isInstanceOf(with).hasMessageContaining(why);
    }
}
