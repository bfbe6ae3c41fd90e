package sotto.app.call;

import static org.assertj.core.api.Assertions.assertThat;

import java.security.SecureRandom;
import java.time.Clock;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import sotto.bridge.local.WorkerLink;
import sotto.bridge.seal.WorkerCommand;
import sotto.bridge.seal.WorkerCommands;
import sotto.keys.frames.EpochFrameKeys;
import sotto.keys.frames.LinkPart;
import sotto.keys.frames.SendKeyLedger;
import sotto.keys.groups.GroupId;
import sotto.keys.journal.KeyJournal;
import sotto.rooms.group.Bytes;
import sotto.rooms.group.GroupView;
import sotto.rooms.group.Member;
import sotto.rooms.group.ParticipantId;

/** Which keys a worker is given and when, with time in the test's hands. */
class WorkerKeysTest {
    private static final byte[] GROUP = new byte[16];

    private final KeyJournal journal = new KeyJournal(Clock.systemUTC(), 1000);
    private final Deque<Runnable> later = new ArrayDeque<>();
    private final SecureRandom random = new SecureRandom();
    private int asked;
    private final WorkerKeys keys =
            new WorkerKeys(new SendKeyLedger(), journal, () -> asked++, (delay, task) -> later.add(task));

    private static class Worker implements WorkerLink {
        final List<WorkerCommand> told = new ArrayList<>();

        @Override
        public CompletableFuture<Void> send(WorkerCommands commands) {
            told.addAll(commands.commands());
            return CompletableFuture.completedFuture(null);
        }

        @Override
        public void close() {}

        List<WorkerCommand.InstallSend> sends() {
            return told.stream()
                    .filter(WorkerCommand.InstallSend.class::isInstance)
                    .map(WorkerCommand.InstallSend.class::cast)
                    .toList();
        }
    }

    private static Member member(int leaf, long participant, int key) {
        return new Member(
                leaf, new ParticipantId(1, participant), "name", Bytes.of(new byte[33]), Bytes.of(new byte[] {(byte) key
                }));
    }

    private void epoch(long epoch, Member other) {
        byte[] secret = new byte[32];
        random.nextBytes(secret);
        GroupView view = new GroupView(sotto.rooms.wire.GroupId.of(GROUP), epoch, 0, List.of(member(0, 1, 1), other));
        try (LinkPart link = LinkPart.derive(secret, new byte[16])) {
            keys.epochBegan(EpochFrameKeys.derive(new GroupId(GROUP), epoch, 0, secret, link, journal), view);
        }
    }

    private void timePasses() {
        for (int waiting = later.size(); waiting > 0; waiting--) later.poll().run();
    }

    @Test
    void aNewEpochIsAskedForUntilItHasCome() {
        keys.workerCame(new Worker());
        epoch(1, member(1, 2, 2));
        assertThat(asked).isZero();

        Worker second = new Worker();
        keys.workerCame(second);
        assertThat(second.sends()).as("the keys that the first had").isEmpty();
        assertThat(asked).isEqualTo(1);
        timePasses(); // the request was lost with the server
        assertThat(asked).isEqualTo(2);

        epoch(2, member(1, 2, 2));
        assertThat(second.sends()).hasSize(4);
        timePasses();
        timePasses();
        assertThat(asked).as("nothing is lacking any more").isEqualTo(2);
        keys.close();
        assertThat(journal.counts().keysLive()).isZero();
    }

    @Test
    void aKeyThatSomebodyHasWhoWasReplacedIsLeftAtOnce() {
        Worker worker = new Worker();
        keys.workerCame(worker);
        epoch(1, member(1, 2, 2));
        epoch(2, member(1, 2, 2));
        assertThat(worker.sends().getLast().switchAfterMillis())
                .as("nobody left")
                .isPositive();
        // Another person, who took over the participant id of the one before.
        epoch(3, member(1, 2, 3));
        assertThat(worker.sends().getLast().switchAfterMillis()).isZero();
        keys.close();
    }

    @Test
    void theEndWipesEveryKeyAlsoWhereTheWorkerCannotBeTold() {
        keys.workerCame(new Worker() {
            @Override
            public CompletableFuture<Void> send(WorkerCommands commands) {
                if (commands.commands().getFirst() instanceof WorkerCommand.ForgetAll)
                    throw new IllegalStateException("broken");
                return super.send(commands);
            }
        });
        epoch(1, member(1, 2, 2));
        try {
            keys.close();
        } catch (IllegalStateException broken) {
            assertThat(broken).hasMessage("broken");
        }
        assertThat(journal.counts().keysLive()).isZero();
    }
}
