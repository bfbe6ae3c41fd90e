package sotto.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import sotto.rooms.wire.ClientFrame;
import sotto.rooms.wire.ConnectionId;
import sotto.rooms.wire.GroupId;
import sotto.rooms.wire.LogEntry;
import sotto.rooms.wire.LogHead;
import sotto.rooms.wire.ServerFrame;

class OrderTest extends ServerTest {
    private static final GroupId GROUP = new GroupId(1, 2);

    @Test
    void whoEntersLearnsTheHeadWhoIsThereAndThenItsOwnArrival() throws Exception {
        TestClient first = connect();
        ServerFrame.Entered empty = first.enter(room);
        assertThat(empty.present()).isEmpty();
        assertThat(empty.head()).isEqualTo(LogHead.start(room, empty.log()));
        assertThat(first.nextEntry()).isEqualTo(new LogEntry.Arrived(1, first.id()));
        first.post("one");
        first.nextEntry(LogEntry.Message.class);

        TestClient second = connect();
        ServerFrame.Entered entered = second.enter(room);
        assertThat(entered.present()).containsExactly(first.id());
        assertThat(entered.log()).isEqualTo(empty.log());
        assertThat(entered.head()).isEqualTo(first.head());
        assertThat(second.nextEntry()).isEqualTo(new LogEntry.Arrived(3, second.id()));
        assertThat(first.nextEntry()).isEqualTo(new LogEntry.Arrived(3, second.id()));
        assertThat(second.head()).isEqualTo(first.head());

        TestClient third = connect();
        assertThat(third.enter(room).present()).containsExactly(first.id(), second.id());
    }

    @Test
    void everyoneSeesOneOrderOfWhatManyPostAtOnce() throws Exception {
        int people = 6;
        int posts = 60;
        List<TestClient> clients = enterAll(people);
        inParallel(clients, client -> {
            for (int n = 0; n < posts; n++) client.post(client.id() + " " + n);
        });
        List<LogEntry> order = clients.getFirst().nextEntries(people * posts);
        for (TestClient client : clients.subList(1, people))
            assertThat(client.nextEntries(people * posts)).isEqualTo(order);
        assertThat(clients)
                .extracting(TestClient::head)
                .containsOnly(clients.getFirst().head());
        for (TestClient client : clients) {
            List<String> own = order.stream()
                    .filter(entry -> entry.from().equals(client.id()))
                    .map(entry ->
                            new String(((LogEntry.Message) entry).payload().bytes()))
                    .toList();
            assertThat(own).hasSize(posts);
            for (int n = 0; n < posts; n++) assertThat(own.get(n)).isEqualTo(client.id() + " " + n);
        }
        // The server's own chain, as a newcomer is told it, is the clients'.
        assertThat(connect().enter(room).head()).isEqualTo(clients.getFirst().head());
    }

    @Test
    void ofManyCommitsForOneEpochOneWinsAndAllOthersAreToldAfterIt() throws Exception {
        int people = 8;
        List<TestClient> clients = enterAll(people);
        for (long epoch = 0; epoch < 20; epoch++) {
            long now = epoch;
            inParallel(
                    clients,
                    client -> client.send(
                            new ClientFrame.Commit(GROUP, now, TestClient.payload("commit of " + client.id()))));
            ConnectionId winner = null;
            for (TestClient client : clients) {
                LogEntry.Commit commit = client.nextEntry(LogEntry.Commit.class);
                if (winner == null) winner = commit.from();
                assertThat(commit.from()).isEqualTo(winner);
                assertThat(commit.epoch()).isEqualTo(now);
                assertThat(commit.payload()).isEqualTo(TestClient.payload("commit of " + winner));
                if (!client.id().equals(winner)) assertThat(client.next()).isEqualTo(new ServerFrame.Lost(GROUP, now));
            }
        }
        assertThat(clients)
                .extracting(TestClient::head)
                .containsOnly(clients.getFirst().head());
    }

    @Test
    void aCommitForAnEpochThatIsLeftIsLostAndOtherGroupsGoTheirOwnWay() throws Exception {
        TestClient client = enter();
        client.send(new ClientFrame.Commit(GROUP, 17, TestClient.payload("after a restart")));
        assertThat(client.nextEntry(LogEntry.Commit.class).epoch()).isEqualTo(17);
        client.send(new ClientFrame.Commit(GROUP, 16, TestClient.payload("late")));
        assertThat(client.next()).isEqualTo(new ServerFrame.Lost(GROUP, 16));
        client.send(new ClientFrame.Commit(GROUP, 17, TestClient.payload("again")));
        assertThat(client.next()).isEqualTo(new ServerFrame.Lost(GROUP, 17));
        client.send(new ClientFrame.Commit(new GroupId(3, 4), 0, TestClient.payload("another group")));
        assertThat(client.nextEntry(LogEntry.Commit.class).group()).isEqualTo(new GroupId(3, 4));
        client.send(new ClientFrame.Commit(GROUP, 18, TestClient.payload("next")));
        assertThat(client.nextEntry(LogEntry.Commit.class).epoch()).isEqualTo(18);
    }

    @Test
    void whatIsSentToOneReachesOnlyThatOneInItsPlaceAmongTheEntries() throws Exception {
        TestClient from = enter();
        TestClient to = enter();
        TestClient other = enter();
        from.nextEntries(2);
        to.nextEntries(1);
        for (int n = 0; n < 50; n++) {
            from.post("post " + n);
            from.send(new ClientFrame.Send(to.id(), TestClient.payload("send " + n)));
        }
        from.post("end");
        for (int n = 0; n < 50; n++) {
            assertThat(to.nextEntry(LogEntry.Message.class).payload()).isEqualTo(TestClient.payload("post " + n));
            assertThat(to.next()).isEqualTo(new ServerFrame.Sent(from.id(), TestClient.payload("send " + n)));
        }
        assertThat(other.nextEntries(51)).allMatch(LogEntry.Message.class::isInstance);
        assertThat(from.nextEntries(51)).allMatch(LogEntry.Message.class::isInstance);
    }

    @Test
    void roomsKnowNothingOfEachOther() throws Exception {
        TestClient here = enter();
        TestClient there = connect();
        there.enter(new sotto.rooms.wire.RoomId(1, 1));
        there.nextEntry();
        there.send(new ClientFrame.Send(here.id(), TestClient.payload("over the wall")));
        assertThat(there.next(ServerFrame.Refused.class).code().text()).isEqualTo("to.unknown");
        there.post("there");
        there.nextEntry(LogEntry.Message.class);
        here.post("here");
        assertThat(here.nextEntry(LogEntry.Message.class).payload()).isEqualTo(TestClient.payload("here"));
    }

    @Test
    void aLogEndsWithItsLastConnection() throws Exception {
        TestClient first = enter();
        TestClient second = enter();
        first.nextEntry(LogEntry.Arrived.class);
        second.close();
        first.nextEntry(LogEntry.Gone.class);
        // Still the same log for who comes while one is there, a new one afterwards.
        TestClient third = enter();
        assertThat(third.entered().log()).isEqualTo(first.entered().log());
        first.close();
        third.nextEntry(LogEntry.Gone.class);
        third.socket().sendClose(1000, "").get();
        third.closeStatus();
        TestClient fourth = enter();
        assertThat(fourth.entered().log()).isNotEqualTo(first.entered().log());
        assertThat(fourth.entered().head().sequence()).isZero();
        assertThat(fourth.entered().present()).isEmpty();
    }

    @Test
    void connectionIdsAreNeverTheSame() throws Exception {
        HashSet<ConnectionId> ids = new HashSet<>();
        for (int n = 0; n < 20; n++) {
            TestClient client = enter();
            assertThat(ids.add(client.id())).isTrue();
            client.close();
        }
    }

    private List<TestClient> enterAll(int people) throws Exception {
        List<TestClient> clients = new ArrayList<>();
        for (int n = 0; n < people; n++) clients.add(enter());
        for (int n = 0; n < people; n++) clients.get(n).nextEntries(people - 1 - n);
        return clients;
    }

    private interface Action {
        void run(TestClient client) throws Exception;
    }

    private static void inParallel(List<TestClient> clients, Action action) throws Exception {
        try (ExecutorService threads = Executors.newFixedThreadPool(clients.size())) {
            List<Future<Void>> done = new ArrayList<>();
            for (TestClient client : clients) {
                Callable<Void> task = () -> {
                    action.run(client);
                    return null;
                };
                done.add(threads.submit(task));
            }
            for (Future<Void> one : done) one.get();
        }
    }
}
