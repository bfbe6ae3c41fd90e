package sotto.keys.groups;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.Test;
import sotto.keys.frames.LinkPart;
import sotto.keys.identity.Identity;
import sotto.keys.identity.ParticipantId;
import sotto.keys.journal.KeyJournal;

/** People come, go, come back, and are alone. */
class MembershipTest {
    private final Room room = new Room();

    @Test
    void removalEndsTheGroupForThePersonRemoved() throws Exception {
        List<Group> all = room.group("alice", "bob", "carol");
        Group bob = all.get(1);
        StagedCommit staged =
                bob.stage(all.getFirst().commit(List.of(), List.of(1)).commit());

        assertThat(staged.removesMe()).isTrue();
        assertThat(staged.removed()).containsExactly(1);
        assertThat(staged.rosterAfter()).extracting(Member::name).containsExactly("alice", "carol");
        bob.adopt(staged);
        assertThat(bob.closed()).isTrue();
        assertThatThrownBy(bob::roster).isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(() -> bob.sign(new byte[1])).isInstanceOf(IllegalStateException.class);
    }

    @Test
    void lastOtherMemberCannotBeRemovedBecauseTheGroupEndsThen() throws Exception {
        List<Group> all = room.group("alice", "bob");

        assertThatThrownBy(() -> all.getFirst().commit(List.of(), List.of(1)))
                .isInstanceOf(GroupException.PolicyViolation.class)
                .hasMessageContaining("found a new one");
        assertThatThrownBy(() -> room.found("alone").commit(List.of(), List.of()))
                .isInstanceOf(GroupException.PolicyViolation.class);
    }

    @Test
    void lastOtherMemberCanBeExchangedInOneCommit() throws Exception {
        List<Group> all = room.group("alice", "bob");
        LeafDraft carol = room.draft("carol");
        PendingCommit exchange = all.getFirst().commit(List.of(carol.keyPackage()), List.of(1));
        Room.deliver(all, exchange);
        Group joined = room.engine.join(carol, exchange.welcome().orElseThrow());

        assertThat(all.get(1).closed()).isTrue();
        assertThat(joined.roster()).isEqualTo(all.getFirst().roster());
        assertThat(joined.roster()).extracting(Member::name).containsExactly("alice", "carol");
    }

    @Test
    void samePersonIsRemovedAndAddedAgainInOneCommit() throws Exception {
        Identity bob = room.identity();
        List<Group> all = new ArrayList<>(List.of(room.found("alice")));
        all.add(room.add(all, all.getFirst(), draft(bob)));
        all.add(room.add(all, all.getFirst(), room.draft("carol")));
        LeafDraft again = draft(bob);
        PendingCommit commit = all.get(2).commit(List.of(again.keyPackage()), List.of(1));
        Room.deliver(all, commit);
        Group back = room.engine.join(again, commit.welcome().orElseThrow());

        assertThat(back.ownLeaf()).isEqualTo(1);
        assertThat(back.roster()).isEqualTo(all.getFirst().roster());
        assertThat(back.roster().get(1).identity()).isEqualTo(bob.publicKey());
        assertThat(back.safetyNumber()).isEqualTo(all.getFirst().safetyNumber());
    }

    private LeafDraft draft(Identity who) throws GroupException {
        return room.engine.draft(who, room.id, ParticipantId.random(new SecureRandom()), "bob");
    }

    @Test
    void onlyOthersWhoArePresentCanBeRemoved() throws Exception {
        Group alice = room.group("alice", "bob", "carol").getFirst();
        for (List<Integer> leaves : List.of(List.of(0), List.of(3), List.of(-1), List.of(1, 1))) {
            assertThatThrownBy(() -> alice.commit(List.of(), leaves))
                    .isInstanceOf(GroupException.PolicyViolation.class);
        }
    }

    @Test
    void nothingChangesUntilACommitIsAdoptedAndEachIsAdoptedOnce() throws Exception {
        List<Group> all = room.group("alice", "bob");
        Group alice = all.getFirst();
        byte[] before = alice.epochAuthenticator();
        PendingCommit pending = alice.commit(List.of(), List.of());
        StagedCommit first = alice.stage(pending.commit());
        alice.discard(first);
        assertThat(alice.epochAuthenticator()).isEqualTo(before);
        StagedCommit second = alice.stage(pending.commit());
        alice.adopt(second);
        assertThat(alice.epoch()).isEqualTo(2);
        assertThatThrownBy(() -> alice.adopt(second)).isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(() -> alice.adopt(first)).isInstanceOf(IllegalStateException.class);
    }

    @Test
    void safetyNumberChangesWithEveryEpochAndIsEqualForAll() throws Exception {
        List<Group> all = room.group("alice", "bob");
        String before = all.getFirst().safetyNumber();
        assertThat(before).matches("(\\d{5} ){11}\\d{5}").isEqualTo(all.get(1).safetyNumber());
        Room.deliver(all, all.get(1).commit(List.of(), List.of()));
        assertThat(all.getFirst().safetyNumber())
                .isNotEqualTo(before)
                .isEqualTo(all.get(1).safetyNumber());
    }

    @Test
    void leafSignatureIsVerifiedByTheOthersUntilTheMemberIsGone() throws Exception {
        List<Group> all = room.group("alice", "bob", "carol");
        byte[] content = {7};
        byte[] signature = all.get(1).sign(content);
        assertThat(all.getFirst().verify(1, content, signature)).isTrue();
        assertThat(all.getFirst().verify(2, content, signature)).isFalse();
        assertThat(all.getFirst().verify(1, new byte[] {8}, signature)).isFalse();
        Room.deliver(all, all.getFirst().commit(List.of(), List.of(1)));
        assertThat(all.getFirst().verify(1, content, signature)).isFalse();
    }

    @Test
    void ownLeafExpiresUntilTheFirstOwnCommit() throws Exception {
        List<Group> all = room.group("alice", "bob");
        assertThat(all.getFirst().ownLeafExpires()).isEmpty();
        assertThat(all.get(1).ownLeafExpires()).isPresent();
        Room.deliver(all, all.get(1).commit(List.of(), List.of()));
        assertThat(all.get(1).ownLeafExpires()).isEmpty();
    }

    @Test
    void groupsOnManyThreadsDoNotDisturbEachOther() throws Exception {
        List<Callable<Boolean>> work = new ArrayList<>();
        for (int i = 0; i < 8; i++) {
            work.add(() -> {
                List<Group> all = room.group("alice", "bob", "carol");
                Room.deliver(all, all.get(2).commit(List.of(), List.of()));
                return all.get(0).safetyNumber().equals(all.get(2).safetyNumber());
            });
        }
        try (var threads = Executors.newFixedThreadPool(4)) {
            for (var result : threads.invokeAll(work)) {
                assertThat(result.get()).isTrue();
            }
        }
    }

    @Test
    void journalCountsEveryKeyBackToTheIdentities() throws Exception {
        List<Group> all = room.group("alice", "bob", "carol");
        PendingCommit lost = all.get(1).commit(List.of(), List.of());
        PendingCommit won = all.get(2).commit(List.of(), List.of());
        Room.deliver(all, won);
        assertThat(lost.welcome()).isEmpty();
        all.get(0).commit(List.of(), List.of());
        all.get(1).stage(all.get(2).commit(List.of(), List.of()).commit());
        try (LinkPart link = LinkPart.derive(room.linkSecret, room.id)) {
            all.get(0).frameKeys(link).close();
        }
        room.draft("dave").close();
        all.forEach(Group::close);

        assertThat(room.journal.live()).hasSize(4).allMatch(key -> key.kind() == KeyJournal.Kind.IDENTITY);
        assertThat(room.journal.counts().keysLive()).isEqualTo(4);
    }
}
