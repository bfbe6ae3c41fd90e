package sotto.app.call;

import java.security.SecureRandom;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import sotto.keys.groups.GroupEngine;
import sotto.keys.groups.mls.MlsGroupEngine;
import sotto.keys.identity.Identity;
import sotto.keys.identity.ParticipantId;
import sotto.keys.journal.KeyJournal;
import sotto.rooms.session.GroupPort;
import sotto.rooms.storm.Engine;
import sotto.rooms.wire.RoomId;

/** The product's own groups, for random rooms: real identities, KeyPackages, commits and Welcomes. */
public final class MlsEngine implements Engine, AutoCloseable {
    private final KeyJournal journal = new KeyJournal(Clock.systemUTC(), 16);
    private final SecureRandom random = new SecureRandom();
    private final List<Runnable> toClose = new ArrayList<>();

    @Override
    public GroupPort member(String name, RoomId room) {
        GroupEngine engine = new MlsGroupEngine(Clock.systemUTC(), journal);
        Identity identity = Identity.generate(journal);
        RoomGroup group = new RoomGroup(engine, identity, room, ParticipantId.random(random), name);
        toClose.add(group::close);
        toClose.add(identity::close);
        return group;
    }

    /** The safety number: of the epoch's authenticator and all identities. */
    @Override
    public Object secret(GroupPort port) {
        return ((RoomGroup) port).safetyNumber().get();
    }

    @Override
    public void close() {
        toClose.forEach(Runnable::run);
    }
}
