package sotto.app.call;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import sotto.keys.groups.Group;
import sotto.keys.groups.mls.MlsGroupEngine;
import sotto.keys.identity.Identity;
import sotto.keys.identity.ParticipantId;
import sotto.keys.journal.KeyJournal;
import sotto.rooms.LinkSecret;
import sotto.rooms.RoomPath;
import sotto.rooms.envelope.EnvelopeContext;
import sotto.rooms.envelope.RoomMessage;
import sotto.rooms.envelope.Sealer;
import sotto.rooms.group.Bytes;
import sotto.rooms.group.Member;
import sotto.rooms.machine.RoomMachine;
import sotto.rooms.session.GroupPort;
import sotto.rooms.wire.ConnectionId;
import sotto.rooms.wire.GroupId;
import sotto.rooms.wire.LogHash;
import sotto.rooms.wire.LogHead;
import sotto.rooms.wire.LogId;
import sotto.rooms.wire.RoomId;
import sotto.rooms.wire.WireLimits;

/** What the room machine asks of MLS, the envelope and the server's frames must be possible in large rooms. */
class LargeRoomTest {
    private static final int PEOPLE = 400;
    private static final RoomId ROOM = new RoomId(1, 2);

    private final KeyJournal journal = new KeyJournal(Clock.systemUTC(), 16);

    private RoomGroup person(Identity identity, String name) {
        return new RoomGroup(
                new MlsGroupEngine(Clock.systemUTC(), journal),
                identity,
                ROOM,
                ParticipantId.random(new java.security.SecureRandom()),
                name);
    }

    @Test
    void theLargestCommitOfTheMachineIsAllowedByTheGroupEngine() {
        assertThat(RoomMachine.ADDS_PER_COMMIT).isEqualTo(Group.MAX_ADDS);
    }

    /** The tree, all those who are added, and the path to leaves that never committed: a commit is never larger. */
    @Test
    void aFullCommitFitsIntoAnEnvelopeInARoomOfFourHundredWithTheLongestNames() throws Exception {
        String name = "n".repeat(192);
        try (Identity identity = Identity.generate(journal);
                RoomGroup founder = person(identity, name);
                GroupPort.Draft first = founder.draft()) {
            founder.adopt(founder.found(new GroupId(3, 4), first));
            GroupPort.OwnCommit last = null;
            for (int there = 1; there < PEOPLE; ) {
                int adds = Math.min(RoomMachine.ADDS_PER_COMMIT, PEOPLE - there);
                // The last one is a full one.
                if (PEOPLE - there - adds > 0) adds = Math.min(adds, PEOPLE - there - RoomMachine.ADDS_PER_COMMIT);
                List<byte[]> keyPackages = new ArrayList<>();
                for (int i = 0; i < adds; i++)
                    try (RoomGroup newcomer = person(identity, name);
                            GroupPort.Draft draft = newcomer.draft()) {
                        keyPackages.add(draft.keyPackage());
                    }
                last = founder.commit(keyPackages, List.of());
                founder.adopt(last.next());
                there += adds;
            }
            assertThat(last.next().view().members()).hasSize(PEOPLE);
            assertThat(sealed(founder, last)).isLessThan(WireLimits.PAYLOAD_BYTES);
        }
    }

    private static int sealed(RoomGroup founder, GroupPort.OwnCommit commit) throws Exception {
        List<RoomMessage.Joined> joins = new ArrayList<>();
        TreeMap<Integer, ConnectionId> seats = new TreeMap<>();
        List<Member> members = commit.next().view().members();
        for (Member member : members) {
            seats.put(member.leaf(), new ConnectionId(5, member.leaf()));
            if (member.leaf() >= members.size() - RoomMachine.ADDS_PER_COMMIT)
                joins.add(new RoomMessage.Joined(new ConnectionId(5, member.leaf()), 100_000, member.leaf()));
        }
        RoomMessage message = new RoomMessage.Commit(
                Bytes.of(commit.commit()),
                commit.welcome().map(Bytes::of),
                1,
                joins,
                seats,
                new TreeSet<>(),
                Optional.of(new RoomMessage.Handed(
                        new RoomMessage.Told(RoomPath.DIRECT, 1, List.of()), new TreeSet<>(), true)));
        LogId log = new LogId(6, 7);
        ConnectionId me = new ConnectionId(5, 0);
        try (LinkSecret secret = LinkSecret.of(new byte[LinkSecret.BYTES])) {
            Sealer sealer = new Sealer(secret, ROOM, log, me, new byte[Sealer.SALT_BYTES]);
            var context = new EnvelopeContext.Commit(ROOM, log, me, new GroupId(3, 4), 9);
            LogHead head = new LogHead(9, LogHash.of(new byte[LogHash.BYTES]));
            return sealer.seal(context, head, message, founder::sign).size();
        }
    }
}
