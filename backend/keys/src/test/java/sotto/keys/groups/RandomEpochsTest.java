package sotto.keys.groups;

import static org.assertj.core.api.Assertions.assertThat;

import java.security.SecureRandom;
import java.time.Clock;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import sotto.keys.frames.EpochFrameKeys;
import sotto.keys.frames.FrameKey;
import sotto.keys.frames.LinkPart;
import sotto.keys.frames.SendKeyLedger;
import sotto.keys.identity.Identity;
import sotto.keys.identity.ParticipantId;

/**
 * Long random histories: any member commits any mixture of joins, leaves and nothing, races are lost, commits are staged
 * and discarded, people come back. After each epoch all hold the same group.
 */
class RandomEpochsTest {
    private static final int MOST = 12;

    private final Room room = new Room(Clock.systemUTC(), new Random(1));

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3})
    void everybodyHoldsTheSameGroupAfterEachEpoch(long seed) throws Exception {
        run(seed, 25);
    }

    @Tag("slow")
    @ParameterizedTest
    @ValueSource(longs = {11, 12, 13, 14})
    void everybodyHoldsTheSameGroupAfterLongHistories(long seed) throws Exception {
        run(seed, 150);
    }

    private void run(long seed, int epochs) throws Exception {
        Random random = new Random(seed);
        List<Identity> people = new ArrayList<>();
        for (int i = 0; i < MOST; i++) {
            people.add(room.identity());
        }
        List<Group> members = new ArrayList<>(room.group("a", "b"));
        for (int i = 0; i < epochs; i++) {
            Collections.shuffle(members, random);
            step(members, people, random);
            assertSame(members);
        }
        members.forEach(Group::close);
    }

    private void step(List<Group> members, List<Identity> people, Random random) throws Exception {
        Group committer = members.getFirst();
        List<Group> leaving = new ArrayList<>(members.subList(1, members.size()));
        leaving = leaving.subList(0, random.nextInt(Math.min(4, leaving.size() + 1)));
        List<LeafDraft> joining = new ArrayList<>();
        int free = MOST - members.size() + leaving.size();
        int joins = random.nextInt(Math.min(4, free + 1));
        if (members.size() - leaving.size() + joins < 2) {
            joins = 1;
        }
        for (int i = 0; i < joins; i++) {
            Identity who = people.get(random.nextInt(people.size()));
            joining.add(room.engine.draft(who, room.id, ParticipantId.random(new SecureRandom()), "p" + i));
        }
        if (members.size() > 2 && random.nextInt(3) == 0) {
            // Somebody else tries as well, and loses.
            members.get(1 + random.nextInt(members.size() - 1)).commit(List.of(), List.of());
        }
        PendingCommit pending = committer.commit(
                joining.stream().map(LeafDraft::keyPackage).toList(),
                leaving.stream().map(Group::ownLeaf).toList());
        for (Group member : members) {
            StagedCommit staged = member.stage(pending.commit());
            assertThat(staged.committer()).isEqualTo(committer.ownLeaf());
            assertThat(staged.own()).isEqualTo(member == committer);
            assertThat(staged.removesMe()).isEqualTo(leaving.contains(member));
            assertThat(references(staged))
                    .isEqualTo(joining.stream().map(d -> hex(d.reference())).toList());
            if (random.nextInt(5) == 0) {
                member.discard(staged);
                staged = member.stage(pending.commit());
            }
            member.adopt(staged);
        }
        members.removeAll(leaving);
        for (LeafDraft draft : joining) {
            members.add(room.engine.join(draft, pending.welcome().orElseThrow()));
        }
    }

    private void assertSame(List<Group> members) throws Exception {
        Group first = members.getFirst();
        for (Group member : members) {
            assertThat(member.epoch()).isEqualTo(first.epoch());
            assertThat(member.roster()).isEqualTo(first.roster());
            assertThat(member.epochAuthenticator()).isEqualTo(first.epochAuthenticator());
            assertThat(member.roster().stream().map(Member::leaf)).contains(member.ownLeaf());
        }
        try (LinkPart link = LinkPart.derive(room.linkSecret, room.id);
                EpochFrameKeys mine = first.frameKeys(link);
                FrameKey sent = mine.sendKey(2, new SendKeyLedger())) {
            for (Group member : members.subList(1, members.size())) {
                try (EpochFrameKeys theirs = member.frameKeys(link);
                        FrameKey received = theirs.receiveKey(first.ownLeaf(), 2)) {
                    assertThat(received.key()).isEqualTo(sent.key());
                    assertThat(received.salt()).isEqualTo(sent.salt());
                    assertThat(received.kid()).isEqualTo(sent.kid());
                }
            }
        }
    }

    private static List<String> references(StagedCommit staged) {
        return staged.added().stream().map(a -> hex(a.reference())).collect(Collectors.toList());
    }

    private static String hex(byte[] bytes) {
        return Arrays.toString(bytes);
    }
}
