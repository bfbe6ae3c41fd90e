package sotto.rooms.session;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.URI;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;
import sotto.rooms.LinkException;
import sotto.rooms.RoomLink;
import sotto.rooms.RoomPath;
import sotto.rooms.group.Bytes;
import sotto.rooms.group.KeyPackageInfo;
import sotto.rooms.group.ParticipantId;
import sotto.rooms.machine.Alarm;
import sotto.rooms.machine.End;
import sotto.rooms.machine.Stage;
import sotto.rooms.rules.Agreed;
import sotto.rooms.wire.ClientFrame;
import sotto.rooms.wire.IceServer;
import sotto.rooms.wire.RefusalCode;
import sotto.rooms.wire.RelayTicket;
import sotto.rooms.wire.ServerFrame;

/** Tickets and ICE servers pass through a session; each question is answered once. */
class RelayDeskTest {
    private static final Optional<String> NOTHING = Optional.empty();

    private final World world = new World();
    private final List<String> told = new ArrayList<>();
    private final List<Alarm> alarms = new ArrayList<>();
    private Optional<End> end = Optional.empty();

    private RoomSession enter(String server) throws LinkException {
        RoomLink link = RoomLink.create(URI.create(server), new Random(2), RoomPath.DIRECT, Bytes.of(new byte[33]));
        FakeMls mls = new FakeMls(new FakeMls.Meaning(), "alice");
        RoomSession session =
                new RoomSession(link, new RoomPorts(mls, world, world, world::fill, world::later), new Listener());
        session.enter();
        world.run(100);
        return session;
    }

    private void answer(Optional<ServerFrame> answer) {
        world.relayAnswers = ask -> answer;
    }

    private static Optional<ServerFrame> ticket(String url) {
        return Optional.of(
                new ServerFrame.Ticket(new RelayTicket("node", URI.create(url), "token", Instant.ofEpochMilli(1_000))));
    }

    private static Optional<ServerFrame> refused(RefusalCode code, boolean fatal) {
        return Optional.of(new ServerFrame.Refused(code, "why", fatal));
    }

    @Test
    void aTicketIsPassedOnAndWhatWasAskedReachesTheServer() throws Exception {
        world.relay = true;
        RoomSession session = enter("https://sotto.example");
        assertThat(told).containsExactly("ice []", "offered true");
        told.clear();
        List<ClientFrame.Ticket> asked = new ArrayList<>();
        world.relayAnswers = ask -> {
            asked.add(ask);
            return ticket("wss://relay.example");
        };
        session.askTicket(Optional.of("pass"), Optional.of("old-node"));
        world.run(10);
        assertThat(asked).containsExactly(new ClientFrame.Ticket(Optional.of("pass"), Optional.of("old-node")));
        assertThat(told).containsExactly("ticket node wss://relay.example token 1000");
        assertThat(end).isEmpty();
        assertThat(alarms).isEmpty();
    }

    @Test
    void refusalsSayWhetherAPassWouldHelpAndTheRoomStaysOpen() throws Exception {
        RoomSession session = enter("https://sotto.example");
        told.clear();
        answer(refused(RefusalCode.RELAY_NONE, false));
        session.askTicket(NOTHING, NOTHING);
        world.run(10);
        answer(refused(RefusalCode.RELAY_PASS, true));
        session.askTicket(NOTHING, NOTHING);
        world.run(10);
        assertThat(told).containsExactly("NONE why", "PASS why");
        assertThat(end).isEmpty();
    }

    @Test
    void aRelayWithoutTlsIsTakenFromALocalServerOnly() throws Exception {
        RoomSession session = enter("https://sotto.example");
        told.clear();
        answer(ticket("ws://127.0.0.1:7880"));
        session.askTicket(NOTHING, NOTHING);
        world.run(10);
        assertThat(told).singleElement().asString().startsWith("NONE").contains("TLS");
        RoomSession local = enter("http://127.0.0.1:7710");
        told.clear();
        local.askTicket(NOTHING, NOTHING);
        world.run(10);
        assertThat(told).containsExactly("ticket node ws://127.0.0.1:7880 token 1000");
    }

    @Test
    void aBrokenConnectionAnswersWhatTheServerDidNot() throws Exception {
        RoomSession session = enter("https://sotto.example");
        told.clear();
        session.askTicket(NOTHING, NOTHING);
        world.run(10);
        assertThat(told).isEmpty();
        world.up = false;
        world.restart();
        world.run(10);
        assertThat(told).singleElement().asString().startsWith("NONE").contains("broke");
        told.clear();
        session.askTicket(NOTHING, NOTHING);
        world.run(10);
        assertThat(told).singleElement().asString().startsWith("NONE").contains("not reachable");
    }

    @Test
    void whatNobodyAskedForIsDropped() throws Exception {
        RoomSession session = enter("https://sotto.example");
        told.clear();
        var wire = world.present.values().iterator().next();
        wire.down(ticket("wss://relay.example").orElseThrow());
        wire.down(refused(RefusalCode.RELAY_NONE, false).orElseThrow());
        world.run(10);
        assertThat(told).isEmpty();
        for (int i = 0; i < 20; i++) session.askTicket(NOTHING, NOTHING);
        world.run(10);
        assertThat(told).as("asked too often without an answer").hasSize(4);
    }

    @Test
    void freshIceServersComeWhenAskedFor() throws Exception {
        RoomSession session = enter("https://sotto.example");
        told.clear();
        world.turn = List.of(new IceServer(List.of("turn:turn.example"), Optional.of("1:a"), Optional.of("b")));
        session.askIceServers();
        world.run(10);
        assertThat(told).containsExactly("ice " + world.turn);
    }

    @Test
    void impossibleQuestionsAreRefusedAtOnce() throws Exception {
        RoomSession session = enter("https://sotto.example");
        assertThatThrownBy(() -> session.askTicket(Optional.of("p".repeat(4_097)), NOTHING))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> session.askTicket(NOTHING, Optional.of("a node")))
                .isInstanceOf(IllegalArgumentException.class);
    }

    private final class Listener implements RoomListener {
        @Override
        public void agreed(Agreed now) {}

        @Override
        public void waiting(List<KeyPackageInfo> people) {}

        @Override
        public void iceServers(List<IceServer> servers) {
            told.add("ice " + servers);
        }

        @Override
        public void relayOffered(boolean offered) {
            told.add("offered " + offered);
        }

        @Override
        public void relayTicket(RelayTicket ticket) {
            told.add("ticket " + ticket.node() + " " + ticket.url() + " " + ticket.token() + " "
                    + ticket.expires().toEpochMilli());
        }

        @Override
        public void relayRefused(RelayRefusal refusal, String text) {
            told.add(refusal + " " + text);
        }

        @Override
        public void stage(Stage stage) {}

        @Override
        public void rosterChanged(Roster roster) {}

        @Override
        public void signal(ParticipantId from, String session, String data) {}

        @Override
        public void state(ParticipantId from, Tracks tracks) {}

        @Override
        public void alarm(Alarm alarm, String detail) {
            alarms.add(alarm);
        }

        @Override
        public void serverState(boolean connected) {}

        @Override
        public void ended(End reason, String detail) {
            end = Optional.of(reason);
        }
    }
}
