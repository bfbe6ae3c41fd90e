package sotto.demo.bench;

import java.io.IOException;
import java.security.SecureRandom;
import java.time.Clock;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import sotto.keys.groups.Group;
import sotto.keys.groups.GroupException;
import sotto.keys.groups.GroupId;
import sotto.keys.groups.LeafDraft;
import sotto.keys.groups.PendingCommit;
import sotto.keys.groups.mls.MlsGroupEngine;
import sotto.keys.identity.Identity;
import sotto.keys.identity.ParticipantId;
import sotto.keys.journal.KeyJournal;

/** This program's side of {@link CommitBench}. */
final class OwnPair implements CommitBench.Pair {
    private static final byte[] ROOM = new byte[16];

    private final SecureRandom random = new SecureRandom();
    private final KeyJournal journal = new KeyJournal(Clock.systemUTC(), 16);
    private final Identity identity = Identity.generate(journal);
    /** The founder's alone: what others have verified is not known to it. */
    private final MlsGroupEngine founders = new MlsGroupEngine(Clock.systemUTC(), journal);

    private final MlsGroupEngine newcomers = new MlsGroupEngine(Clock.systemUTC(), journal);
    private Optional<Group> founder = Optional.empty();
    private Optional<Group> last = Optional.empty();

    private OwnPair() {}

    /** Each newcomer adds the next two, as {@code openmls-commit} does, so that no part of the tree is blank. */
    static OwnPair of(int size) throws IOException {
        OwnPair pair = new OwnPair();
        try {
            pair.populate(size);
            return pair;
        } catch (GroupException failed) {
            pair.close();
            throw new IOException(failed);
        }
    }

    private void populate(int size) throws GroupException {
        Group first = founders.found(draft(founders), GroupId.random(random));
        founder = Optional.of(first);
        for (int there = 1; there < size; ) {
            List<LeafDraft> drafts = new ArrayList<>();
            for (int i = 0; i < Math.min(2, size - there); i++) drafts.add(draft(newcomers));
            there += drafts.size();
            Group committer = last.orElse(first);
            PendingCommit made =
                    committer.commit(drafts.stream().map(LeafDraft::keyPackage).toList(), List.of());
            first.adopt(first.stage(made.commit()));
            Group newcomer = newcomers.join(drafts.getLast(), made.welcome().orElseThrow());
            drafts.forEach(LeafDraft::close);
            last.ifPresent(Group::close);
            last = Optional.of(newcomer);
        }
    }

    private LeafDraft draft(MlsGroupEngine engine) throws GroupException {
        return engine.draft(identity, ROOM, ParticipantId.random(random), "somebody");
    }

    @Override
    public CommitBench.Cost commit(boolean add) throws IOException {
        Group committer = last.orElseThrow();
        Group processor = founder.orElseThrow();
        try (LeafDraft newcomer = draft(newcomers)) {
            List<byte[]> adds = add ? List.of(newcomer.keyPackage()) : List.of();
            long start = System.nanoTime();
            byte[] commit = committer.commit(adds, List.of()).commit();
            long made = System.nanoTime();
            processor.adopt(processor.stage(commit));
            long processed = System.nanoTime();
            committer.adopt(committer.stage(commit));
            if (add) remove(committer, processor);
            if (!Arrays.equals(committer.epochAuthenticator(), processor.epochAuthenticator()))
                throw new IOException("the two members are in different epochs");
            return new CommitBench.Cost((made - start) / 1e6, (processed - made) / 1e6, commit.length);
        } catch (GroupException failed) {
            throw new IOException(failed);
        }
    }

    /** Takes the one who was added out again: the group keeps its size. */
    private static void remove(Group committer, Group processor) throws GroupException {
        int leaf = committer.roster().getLast().leaf();
        byte[] removal = committer.commit(List.of(), List.of(leaf)).commit();
        processor.adopt(processor.stage(removal));
        committer.adopt(committer.stage(removal));
    }

    @Override
    public void close() {
        last.ifPresent(Group::close);
        founder.ifPresent(Group::close);
        identity.close();
    }
}
