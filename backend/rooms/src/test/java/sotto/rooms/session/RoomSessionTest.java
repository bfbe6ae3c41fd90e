package sotto.rooms.session;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.URI;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import sotto.rooms.LinkException;
import sotto.rooms.RoomLink;
import sotto.rooms.RoomPath;
import sotto.rooms.group.Bytes;
import sotto.rooms.group.KeyPackageInfo;
import sotto.rooms.group.Member;
import sotto.rooms.group.ParticipantId;
import sotto.rooms.machine.Alarm;
import sotto.rooms.machine.End;
import sotto.rooms.machine.Stage;
import sotto.rooms.rules.Agreed;
import sotto.rooms.wire.ClientFrame;
import sotto.rooms.wire.ConnectionId;
import sotto.rooms.wire.IceServer;
import sotto.rooms.wire.LogEntry;
import sotto.rooms.wire.Payload;
import sotto.rooms.wire.RefusalCode;
import sotto.rooms.wire.RelayTicket;
import sotto.rooms.wire.ServerFrame;
import sotto.rooms.wire.WireCodec;
import sotto.rooms.wire.WireLimits;

/** Whole sessions against a server in memory: real frames, envelopes and signatures, MLS as symbols. */
class RoomSessionTest {
    private static final String SESSION = "AAAAAAAAAAAAAAAAAAAAAA";

    private final World world = new World();
    private final FakeMls.Meaning meaning = new FakeMls.Meaning();
    private final RoomLink link;
    private final List<Person> people = new ArrayList<>();

    RoomSessionTest() throws LinkException {
        link = RoomLink.create(
                URI.create("https://sotto.example"), new Random(2), RoomPath.DIRECT, Bytes.of(new byte[33]));
    }

    private final class Person implements RoomListener {
        final FakeMls mls;
        final RoomSession session;
        final List<Stage> stages = new ArrayList<>();
        final List<String> signals = new ArrayList<>();
        final Map<ParticipantId, Tracks> states = new LinkedHashMap<>();
        final List<Alarm> alarms = new ArrayList<>();
        final List<Boolean> server = new ArrayList<>();
        Roster roster;
        End end;
        Agreed agreed = Agreed.start(RoomPath.DIRECT);
        List<KeyPackageInfo> waiting = List.of();
        int rosters;

        Person(String name) {
            mls = new FakeMls(meaning, name);
            session = new RoomSession(link, new RoomPorts(mls, world, world, world::fill, world::later), this);
            people.add(this);
        }

        Person enter() {
            session.enter();
            world.run(100);
            return this;
        }

        Set<String> names() {
            return roster.view().members().stream().map(Member::name).collect(Collectors.toCollection(TreeSet::new));
        }

        ParticipantId id() {
            return mls.participant();
        }

        @Override
        public void stage(Stage stage) {
            stages.add(stage);
        }

        @Override
        public void agreed(Agreed now) {
            agreed = now;
        }

        @Override
        public void waiting(List<KeyPackageInfo> people) {
            waiting = people;
        }

        @Override
        public void iceServers(List<IceServer> servers) {}

        @Override
        public void relayOffered(boolean offered) {}

        @Override
        public void relayTicket(RelayTicket ticket) {}

        @Override
        public void relayRefused(RelayRefusal refusal, String text) {}

        @Override
        public void rosterChanged(Roster now) {
            assertThat(end).as("nothing is told after the end").isNull();
            assertThat(now.view()).as("MLS has adopted what is told").isEqualTo(mls.current.view());
            roster = now;
            rosters++;
        }

        @Override
        public void signal(ParticipantId from, String session, String data) {
            signals.add(name(from) + ":" + data);
        }

        private String name(ParticipantId id) {
            return roster.view().member(id).orElseThrow().name();
        }

        @Override
        public void state(ParticipantId from, Tracks tracks) {
            states.put(from, tracks);
        }

        @Override
        public void alarm(Alarm alarm, String detail) {
            alarms.add(alarm);
        }

        @Override
        public void serverState(boolean connected) {
            server.add(connected);
        }

        @Override
        public void ended(End reason, String detail) {
            assertThat(end).as("ended once").isNull();
            end = reason;
        }
    }

    private void together(Person... expected) {
        Set<String> names = new TreeSet<>();
        for (Person person : expected) names.add(person.roster.view().self().name());
        for (Person person : expected) {
            assertThat(person.names()).isEqualTo(names);
            assertThat(person.mls.secret()).isEqualTo(expected[0].mls.secret());
            assertThat(person.roster.connected()).hasSize(expected.length);
        }
    }

    @AfterEach
    void noProspectIsLeftOpen() {
        for (Person person : people) assertThat(person.mls.openProspects()).isZero();
    }

    @Test
    void threePeopleMeetAndKnowWhatEachSends() {
        Person alice = new Person("alice");
        alice.session.setState(new Tracks(true, true, false, false));
        alice.enter();
        assertThat(alice.stages).startsWith(Stage.CONNECTING);
        assertThat(alice.names()).containsExactly("alice");
        Person bob = new Person("bob").enter();
        assertThat(bob.stages).containsExactly(Stage.CONNECTING, Stage.ASKING_TO_JOIN, Stage.AGREEING_KEYS);
        Person carol = new Person("carol").enter();
        together(alice, bob, carol);
        assertThat(carol.states).containsEntry(alice.id(), new Tracks(true, true, false, false));
        assertThat(carol.states).as("bob sends nothing, and says nothing of it").doesNotContainKey(bob.id());
        bob.session.setState(new Tracks(true, false, true, true));
        world.run(10);
        assertThat(alice.states).containsEntry(bob.id(), new Tracks(true, false, true, true));
        assertThat(carol.states).containsEntry(bob.id(), new Tracks(true, false, true, true));
        quiet();
    }

    private void quiet() {
        for (Person person : people) assertThat(person.alarms).isEmpty();
    }

    @Test
    void aSignalReachesItsParticipantAlone() {
        Person alice = new Person("alice").enter();
        Person bob = new Person("bob").enter();
        Person carol = new Person("carol").enter();
        alice.session.signal(bob.id(), SESSION, "offer");
        alice.session.signal(bob.id(), SESSION, "candidate");
        world.run(10);
        assertThat(bob.signals).containsExactly("alice:offer", "alice:candidate");
        assertThat(carol.signals).isEmpty();
        assertThatThrownBy(() -> alice.session.signal(bob.id(), SESSION, "x".repeat(70_000)))
                .isInstanceOf(IllegalArgumentException.class);
        quiet();
    }

    @Test
    void whoLeavesIsRemovedAtOnceAndHearsNothingMore() {
        Person alice = new Person("alice").enter();
        Person bob = new Person("bob").enter();
        Person carol = new Person("carol").enter();
        alice.session.leave();
        world.run(100);
        assertThat(alice.end).isEqualTo(End.LEFT);
        together(bob, carol);
        bob.session.leave();
        world.run(100);
        together(carol);
        quiet();
    }

    @Test
    void aRekeyBringsANewEpochToEverybody() {
        Person alice = new Person("alice").enter();
        Person bob = new Person("bob").enter();
        long before = alice.mls.secret();
        bob.session.rekey();
        world.run(10);
        together(alice, bob);
        assertThat(alice.mls.secret()).isNotEqualTo(before);
        bob.session.leave();
        world.run(100);
        long alone = alice.mls.secret();
        alice.session.rekey();
        world.run(10);
        assertThat(alice.mls.secret()).isNotEqualTo(alone);
        quiet();
    }

    @Test
    void whoRenewsItsLeafMakesTheCommitItselfWhoseverTurnItIs() {
        Person alice = new Person("alice").enter();
        Person bruno = new Person("bruno").enter();
        world.run(1_000);
        long before = bruno.roster.view().epoch();
        bruno.session.renew();
        world.run(1_000);
        assertThat(bruno.roster.view().epoch()).isEqualTo(before + 1);
        assertThat(bruno.mls.commits)
                .as("made by the one who is not the designated committer")
                .isEqualTo(1);
        together(alice, bruno);
    }

    @Test
    void aServerThatGoesBackToAnEarlierLogIsFoundOut() {
        Person alice = new Person("alice").enter();
        var first = world.log;
        world.restart();
        world.run(5_000);
        assertThat(alice.alarms).isEmpty();
        assertThat(alice.end).isNull();
        world.again = first;
        world.restart();
        world.run(5_000);
        assertThat(alice.alarms).contains(Alarm.LOG_BROKEN);
        assertThat(alice.end).isEqualTo(End.SERVER_MALFORMED);
    }

    @Test
    void aLostConnectionComesBack() {
        Person alice = new Person("alice").enter();
        Person bob = new Person("bob").enter();
        Person carol = new Person("carol").enter();
        world.drop(wire(2));
        world.run(3_000);
        assertThat(carol.server).containsExactly(true, false, true);
        together(alice, bob, carol);
        alice.session.signal(carol.id(), SESSION, "again");
        world.run(10);
        assertThat(carol.signals).containsExactly("alice:again");
        quiet();
    }

    private World.Wire wire(int index) {
        return new ArrayList<>(world.present.values()).get(index);
    }

    @Test
    void aRestartedServerFindsTheGroupAsItWasAndLetsANewcomerIn() {
        Person alice = new Person("alice").enter();
        Person bob = new Person("bob").enter();
        long secret = alice.mls.secret();
        world.restart();
        world.run(1_500);
        together(alice, bob);
        assertThat(bob.mls.secret()).as("media goes on under the same keys").isEqualTo(secret);
        Person carol = new Person("carol");
        carol.session.enter();
        world.run(3_000);
        together(alice, bob, carol);
        quiet();
    }

    @Test
    void aNewcomerWhoIsFirstAfterARestartIsJoinedByTheOthers() {
        Person alice = new Person("alice").enter();
        Person bob = new Person("bob").enter();
        world.restart();
        Person carol = new Person("carol");
        carol.session.enter();
        world.run(3_000);
        together(alice, bob, carol);
        quiet();
    }

    @Test
    void signalsWaitWhileTheServerIsAway() {
        Person alice = new Person("alice").enter();
        Person bob = new Person("bob").enter();
        world.up = false;
        world.restart();
        world.run(2_000);
        alice.session.signal(bob.id(), SESSION, "patience");
        world.run(2_000);
        world.up = true;
        world.run(2_000);
        together(alice, bob);
        assertThat(bob.signals).containsExactly("alice:patience");
        quiet();
    }

    @Test
    void aServerThatIsAwayIsToldAfterAFewAttempts() {
        world.up = false;
        Person alice = new Person("alice").enter();
        world.run(5_000);
        assertThat(alice.end).isEqualTo(End.SERVER_AWAY);
    }

    @Test
    void aFullRoomAndAnotherVersionAreTold() {
        Person alice = new Person("alice");
        alice.session.enter();
        world.run(0);
        refuse(RefusalCode.ROOM_FULL);
        assertThat(alice.end)
                .as("once inside, the room may be full of this client itself")
                .isNull();
        for (var refusal : Map.of(
                        RefusalCode.ROOM_FULL, End.ROOM_FULL,
                        RefusalCode.VERSION, End.SERVER_VERSION,
                        RefusalCode.SERVER_FULL, End.SERVER_FULL)
                .entrySet()) {
            List<ServerPort.Events> asked = new ArrayList<>();
            Person late = new Person("late");
            RoomSession session = new RoomSession(
                    link,
                    new RoomPorts(
                            late.mls,
                            (server, events) -> {
                                asked.add(events);
                                return new ServerPort.Connection() {
                                    @Override
                                    public void send(String frame) {}

                                    @Override
                                    public void close() {
                                        events.closed("closed");
                                    }
                                };
                            },
                            world,
                            world::fill,
                            world::later),
                    late);
            session.enter();
            world.run(0);
            asked.getFirst().opened();
            asked.getFirst()
                    .frame(sotto.rooms.wire.WireCodec.encode(new ServerFrame.Refused(refusal.getKey(), "no", true)));
            world.run(0);
            assertThat(late.end).isEqualTo(refusal.getValue());
        }
    }

    private void refuse(RefusalCode code) {
        wire(0).down(new ServerFrame.Refused(code, "no", true));
        world.run(0);
    }

    @Test
    void whatIsNotAFrameEndsTheSession() {
        Person alice = new Person("alice").enter();
        wire(0).raw("{\"type\":\"entry\"}");
        world.run(0);
        assertThat(alice.end).isEqualTo(End.SERVER_MALFORMED);
    }

    @Test
    void aGapInTheLogEndsTheSessionWithAnAlarm() {
        Person alice = new Person("alice").enter();
        wire(0).down(new ServerFrame.Entry(new LogEntry.Arrived(99, new ConnectionId(1, 1))));
        world.run(0);
        assertThat(alice.alarms).containsExactly(Alarm.LOG_BROKEN);
        assertThat(alice.end).isEqualTo(End.SERVER_MALFORMED);
    }

    @Test
    void aForkedLogIsNoticedByBothSides() {
        Person alice = new Person("alice").enter();
        Person bob = new Person("bob").enter();
        world.liedTo = wire(1).id;
        ConnectionId invented = new ConnectionId(3, 3);
        world.lie = entry ->
                entry instanceof LogEntry.Arrived arrived ? new LogEntry.Arrived(arrived.sequence(), invented) : entry;
        Person carol = new Person("carol").enter();
        world.run(1_000);
        assertThat(bob.alarms).contains(Alarm.LOG_FORKED);
        assertThat(alice.alarms).contains(Alarm.LOG_FORKED);
    }

    @Test
    void whoWasShownAnotherLogIsFoundOutWhenItComesBackToThisOne() {
        Person alice = new Person("alice").enter();
        Person bob = new Person("bob").enter();
        Person carol = new Person("carol").enter();
        world.liedTo = wire(2).id;
        world.lie = entry -> entry instanceof LogEntry.Arrived arrived
                ? new LogEntry.Arrived(arrived.sequence(), new ConnectionId(3, 3))
                : entry;
        var silent = world.connect(link.server(), new ServerPort.Events() {
            @Override
            public void opened() {}

            @Override
            public void frame(String text) {}

            @Override
            public void closed(String detail) {}
        });
        silent.send(WireCodec.encode(new ClientFrame.Enter(WireLimits.VERSION, link.room())));
        world.run(100);
        assertThat(alice.alarms).isEmpty();
        world.drop(wire(2)); // before a message of hers crossed
        world.run(3_000);
        assertThat(alice.alarms).contains(Alarm.LOG_FORKED);
        assertThat(bob.alarms).contains(Alarm.LOG_FORKED);
        assertThat(carol.server).endsWith(true);
    }

    @Test
    void whoCanDraftNoLeafIsToldSoAndKeepsNoConnection() {
        Person alice = new Person("alice").enter();
        Person bob = new Person("bob");
        bob.mls.unable = true;
        bob.enter();
        assertThat(bob.end).isEqualTo(End.GROUP_FAILED);
        assertThat(world.open())
                .as("the connection that was begun beside the draft")
                .isEqualTo(1);
        assertThat(alice.names()).containsExactly("alice");
    }

    @Test
    void aChangedPayloadIsAnAlarmAndNoCrash() {
        Person alice = new Person("alice").enter();
        Person bob = new Person("bob").enter();
        world.liedTo = wire(0).id;
        world.lie = entry -> {
            if (!(entry instanceof LogEntry.Message message)) return entry;
            byte[] bytes = message.payload().bytes();
            bytes[bytes.length - 1] ^= 1;
            return new LogEntry.Message(message.sequence(), message.from(), Payload.of(bytes));
        };
        bob.session.setState(new Tracks(true, true, true, true));
        world.run(100);
        assertThat(alice.alarms).contains(Alarm.ENVELOPE_INVALID);
        assertThat(alice.states).doesNotContainEntry(bob.id(), new Tracks(true, true, true, true));
        assertThat(alice.end).isNull();
    }
}
