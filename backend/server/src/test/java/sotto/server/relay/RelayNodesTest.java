package sotto.server.relay;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import sotto.server.relay.RelayNodes.Place;

/** Which room is on which node, and when it moves. */
class RelayNodesTest {
    private static final Optional<String> NOTHING = Optional.empty();

    private final FakeEngine engine = new FakeEngine();
    private final AtomicInteger names = new AtomicInteger();
    private final RelayNodes nodes =
            new RelayNodes(engine, () -> "call-" + names.incrementAndGet(), new RelayMetrics());

    @AfterEach
    void close() {
        nodes.close();
    }

    private RelayNode up(String id) {
        URI url = URI.create("wss://" + id + ".example");
        RelayNode node = new RelayNode(id, url, url, new RelayKey("key", "a secret of some length".replace(' ', '-')));
        nodes.add(node);
        nodes.up(node);
        return node;
    }

    private Place place(RelayRoom room, Optional<String> failed) throws Exception {
        return nodes.place(room, failed).get(30, TimeUnit.SECONDS).orElseThrow();
    }

    @Test
    void roomsSpreadOverTheNodesAndStayWhereTheyAre() throws Exception {
        RelayNode a = up("a");
        RelayNode b = up("b");
        RelayRoom first = new RelayRoom();
        RelayRoom second = new RelayRoom();
        assertThat(place(first, NOTHING).node())
                .isNotSameAs(place(second, NOTHING).node());
        Place before = place(first, NOTHING);
        for (int n = 0; n < 10; n++) place(new RelayRoom(), NOTHING);
        assertThat(place(first, NOTHING)).isEqualTo(before);
        assertThat(nodes.rooms(a)).isEqualTo(6).isEqualTo(nodes.rooms(b));
        nodes.over(first);
        nodes.over(first);
        assertThat(nodes.rooms()).isEqualTo(11);
        assertThat(nodes.place(first, NOTHING).get(30, TimeUnit.SECONDS))
                .as("a room that is over")
                .isEmpty();
    }

    @Test
    void aDeadNodesRoomMovesAsAWholeAndNobodyMovesItBack() throws Exception {
        RelayNode a = up("a");
        RelayRoom room = new RelayRoom();
        Place before = place(room, NOTHING);
        RelayNode b = up("b");
        engine.kill(a);
        Place after = place(room, Optional.of("a"));
        assertThat(after.node()).isSameAs(b);
        assertThat(after.call()).as("another name on another node").isNotEqualTo(before.call());
        engine.revive(a);
        nodes.up(a);
        // The others of the room notice later, and the old node is even back by then.
        for (int n = 0; n < 5; n++) assertThat(place(room, Optional.of("a"))).isEqualTo(after);
        assertThat(nodes.rooms(a)).isZero();
        assertThat(nodes.rooms(b)).isEqualTo(1);
    }

    @Test
    void aRoomComesBackToItsOnlyNodeUnderTheSameName() throws Exception {
        RelayNode a = up("a");
        RelayRoom room = new RelayRoom();
        Place before = place(room, NOTHING);
        // Out of reach for this server, while those whom it serves may have noticed nothing.
        nodes.down(a);
        var asked = nodes.place(room, NOTHING);
        nodes.up(a);
        assertThat(asked.get(30, TimeUnit.SECONDS)).contains(before);
        assertThat(place(new RelayRoom(), NOTHING).call()).isNotEqualTo(before.call());
    }

    @Test
    void aNodeThatAnswersKeepsItsRoomsWhateverAClientSays() throws Exception {
        up("a");
        RelayRoom room = new RelayRoom();
        Place before = place(room, NOTHING);
        up("b");
        for (int n = 0; n < 5; n++)
            assertThat(place(room, Optional.of(before.node().id))).isEqualTo(before);
        assertThat(place(room, Optional.of("nobody"))).isEqualTo(before);
    }

    @Test
    void aDrainingNodeKeepsItsRoomsAndGetsNoOthers() throws Exception {
        RelayNode a = up("a");
        RelayRoom room = new RelayRoom();
        Place before = place(room, NOTHING);
        nodes.drain(a);
        nodes.up(a);
        assertThat(place(room, NOTHING)).isEqualTo(before);
        assertThat(nodes.anyUp()).isFalse();
        RelayNode b = up("b");
        assertThat(place(new RelayRoom(), NOTHING).node()).isSameAs(b);
        nodes.remove(a);
        assertThat(place(room, NOTHING).node()).as("gone for good").isSameAs(b);
    }

    @Test
    void whoAsksWhileTheOnlyNodeRestartsIsAnsweredWhenItIsBack() throws Exception {
        RelayNode a = up("a");
        RelayRoom room = new RelayRoom();
        place(room, NOTHING);
        engine.kill(a);
        var asked = nodes.place(room, Optional.of("a"));
        assertThat(asked).isNotDone();
        engine.revive(a);
        nodes.up(a);
        assertThat(asked.get(30, TimeUnit.SECONDS).orElseThrow().node()).isSameAs(a);
    }

    @Test
    void withoutAnyNodeTheAnswerComesAtOnceAndWithDeadOnesSoon() throws Exception {
        assertThat(nodes.place(new RelayRoom(), NOTHING)).isCompletedWithValue(Optional.empty());
        RelayNode a = up("a");
        engine.kill(a);
        nodes.down(a);
        assertThat(nodes.place(new RelayRoom(), NOTHING).get(30, TimeUnit.SECONDS))
                .isEmpty();
    }
}
