package sotto.keys.groups;

import java.security.SecureRandom;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import sotto.keys.groups.mls.MlsGroupEngine;
import sotto.keys.identity.Identity;
import sotto.keys.identity.ParticipantId;
import sotto.keys.journal.KeyJournal;

/** A room for tests: people with engines of their own, and the log's part played by hand. */
public final class Room {
    public final byte[] id = new byte[16];
    public final byte[] linkSecret = new byte[32];
    public final Clock clock;
    public final KeyJournal journal = new KeyJournal(Clock.systemUTC(), 10_000);
    public final GroupEngine engine;

    public Room() {
        this(Clock.systemUTC(), new SecureRandom());
    }

    public Room(Clock clock) {
        this(clock, new SecureRandom());
    }

    public Room(Clock clock, Random random) {
        random.nextBytes(id);
        random.nextBytes(linkSecret);
        this.clock = clock;
        this.engine = new MlsGroupEngine(clock, journal);
    }

    public Identity identity() {
        return Identity.generate(journal);
    }

    public LeafDraft draft(String name) throws GroupException {
        return engine.draft(identity(), id, ParticipantId.random(new SecureRandom()), name);
    }

    public Group found(String name) throws GroupException {
        return engine.found(draft(name), GroupId.random(new SecureRandom()));
    }

    /** A group of the given people; the first has founded it, all are in the same epoch. */
    public List<Group> group(String... names) throws GroupException {
        List<Group> members = new ArrayList<>(List.of(found(names[0])));
        for (int i = 1; i < names.length; i++) {
            members.add(add(members, members.getFirst(), draft(names[i])));
        }
        return members;
    }

    /** {@code committer} adds a draft; everybody follows. Returns the newcomer's group. */
    public Group add(List<Group> members, Group committer, LeafDraft draft) throws GroupException {
        PendingCommit pending = committer.commit(List.of(draft.keyPackage()), List.of());
        deliver(members, pending);
        return engine.join(draft, pending.welcome().orElseThrow());
    }

    /** Everybody stages and adopts. */
    public static void deliver(List<Group> members, PendingCommit pending) throws GroupException {
        for (Group member : members) {
            member.adopt(member.stage(pending.commit()));
        }
    }
}
