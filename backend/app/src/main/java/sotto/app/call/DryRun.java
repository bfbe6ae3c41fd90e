package sotto.app.call;

import java.net.URI;
import java.security.SecureRandom;
import java.time.Clock;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import sotto.keys.frames.EpochFrameKeys;
import sotto.keys.frames.LinkPart;
import sotto.keys.frames.SendKeyLedger;
import sotto.keys.frames.SendKeySpentException;
import sotto.keys.groups.mls.MlsGroupEngine;
import sotto.keys.identity.Identity;
import sotto.keys.identity.ParticipantId;
import sotto.keys.journal.KeyJournal;
import sotto.rooms.LinkException;
import sotto.rooms.RoomLink;
import sotto.rooms.RoomPath;
import sotto.rooms.group.Bytes;
import sotto.rooms.session.GroupPort.Draft;
import sotto.rooms.session.GroupPort.GroupException;
import sotto.rooms.session.GroupPort.OwnCommit;
import sotto.rooms.session.GroupPort.Prospect;
import sotto.rooms.wire.GroupId;

/**
 * Goes once through what a join asks of MLS and of frame keys, while its user looks at the lobby: Java then knows the
 * code, and the first join does not wait for that. Two leaves under an identity that is made for it become a group which
 * exists in memory alone. Nothing of it is sent or stored, no key of the user's has a part in it, and all of its keys are
 * wiped at its end. They are in a journal of their own: the user's tells of calls.
 */
public final class DryRun implements Runnable {
    private static final Logger LOG = LoggerFactory.getLogger(DryRun.class);
    private static final int JOURNAL_ENTRIES = 1_000;
    private static final URI NOWHERE = URI.create("http://127.0.0.1:9");

    private final Clock clock;
    private final SecureRandom random;
    private final KeyJournal journal;

    /** @param clock dates and judges leaves */
    public DryRun(Clock clock, SecureRandom random) {
        this.clock = clock;
        this.random = random;
        journal = new KeyJournal(clock, JOURNAL_ENTRIES);
    }

    /** Never throws: whatever is wrong shows in a call, with words for its user. */
    @Override
    public void run() {
        try (Identity nobody = Identity.generate(journal);
                RoomLink link = RoomLink.create(
                        NOWHERE,
                        random,
                        RoomPath.DIRECT,
                        Bytes.of(nobody.publicKey().bytes()));
                LinkPart linkPart = link.secret()
                        .with(secret -> LinkPart.derive(secret, link.room().bytes()));
                RoomGroup host = group(nobody, link);
                RoomGroup guest = group(nobody, link)) {
            found(host);
            join(host, guest);
            for (RoomGroup one : List.of(host, guest)) {
                keys(one, linkPart);
                one.safetyNumber().get();
            }
        } catch (GroupException | LinkException | SendKeySpentException | RuntimeException failed) {
            LOG.warn("the dry run of a call failed: {}", failed.toString());
        }
    }

    private RoomGroup group(Identity nobody, RoomLink link) {
        return new RoomGroup(
                new MlsGroupEngine(clock, journal), nobody, link.room(), ParticipantId.random(random), "nobody");
    }

    private void found(RoomGroup host) throws GroupException {
        Draft draft = host.draft();
        try {
            host.adopt(host.found(GroupId.random(random), draft));
        } finally {
            draft.close();
        }
    }

    private static void join(RoomGroup host, RoomGroup guest) throws GroupException {
        Draft draft = guest.draft();
        try {
            draft.sign(draft.keyPackage());
            host.inspectRequest(draft.keyPackage());
            OwnCommit commit = host.commit(List.of(draft.keyPackage()), List.of());
            host.adopt(commit.next());
            Prospect joined = guest.join(draft, commit.welcome().orElseThrow());
            guest.adopt(joined);
        } finally {
            draft.close();
        }
    }

    /** As {@link WorkerKeys} takes them, for one track. */
    private static void keys(RoomGroup group, LinkPart linkPart) throws SendKeySpentException {
        try (EpochFrameKeys epoch = group.frameKeys(linkPart)) {
            epoch.sendKey(0, new SendKeyLedger()).close();
            epoch.receiveKey(1 - epoch.ownLeaf(), 0).close();
        }
    }

    /** The life of its keys. */
    KeyJournal journal() {
        return journal;
    }
}
