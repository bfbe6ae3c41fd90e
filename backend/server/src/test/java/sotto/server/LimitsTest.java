package sotto.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.URI;
import java.net.http.WebSocketHandshakeException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import sotto.rooms.wire.ClientFrame;
import sotto.rooms.wire.ConnectionId;
import sotto.rooms.wire.GroupId;
import sotto.rooms.wire.LogEntry;
import sotto.rooms.wire.Payload;
import sotto.rooms.wire.RefusalCode;
import sotto.rooms.wire.RoomId;
import sotto.rooms.wire.ServerFrame;
import sotto.rooms.wire.WireLimits;

class LimitsTest extends ServerTest {
    private static final int POLICY_VIOLATION = 1008;

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "{",
                "[]",
                "{\"type\":\"enter\"}",
                "{\"type\":\"enter\",\"version\":1,\"room\":\"AAAAAAAAAAAAAAAAAAAAAQ\",\"more\":1}",
                "{\"type\":\"enter\",\"version\":1,\"room\":\"too short\"}",
                "{\"type\":\"post\",\"payload\":\"AA\"}",
                "{\"type\":\"entry\"}"
            })
    void aFirstFrameThatIsNotEnterIsRefused(String text) throws Exception {
        TestClient client = connect();
        client.sendText(text);
        assertRefused(client, RefusalCode.MALFORMED);
    }

    @Test
    void aMalformedFrameEndsTheConnectionAndItsPresence() throws Exception {
        TestClient witness = enter();
        TestClient client = enter();
        witness.nextEntry(LogEntry.Arrived.class);
        client.sendText("{\"type\":\"post\",\"payload\":\"AA==\"}");
        assertRefused(client, RefusalCode.MALFORMED);
        assertThat(witness.nextEntry()).isEqualTo(new LogEntry.Gone(3, client.id()));
    }

    @Test
    void enteringTwiceIsRefused() throws Exception {
        TestClient client = enter();
        client.send(new ClientFrame.Enter(WireLimits.VERSION, room));
        assertRefused(client, RefusalCode.MALFORMED);
    }

    @Test
    void binaryFramesAreRefused() throws Exception {
        TestClient client = enter();
        client.socket().sendBinary(java.nio.ByteBuffer.allocate(10), true).get();
        assertRefused(client, RefusalCode.MALFORMED);
    }

    @Test
    void anotherVersionIsRefusedAsSuch() throws Exception {
        TestClient client = connect();
        client.sendText("{\"type\":\"enter\",\"version\":2,\"room\":\"new form\",\"more\":true}");
        assertRefused(client, RefusalCode.VERSION);
    }

    @Test
    void theLargestPayloadPassesAndAnythingLargerIsRefused() throws Exception {
        TestClient client = enter();
        Payload largest = Payload.of(new byte[WireLimits.PAYLOAD_BYTES]);
        client.send(new ClientFrame.Post(largest));
        assertThat(client.nextEntry(LogEntry.Message.class).payload()).isEqualTo(largest);
        client.sendText("{\"type\":\"post\",\"payload\":\"" + "A".repeat(WireLimits.PAYLOAD_BYTES / 3 * 4 + 8) + "\"}");
        assertRefused(client, RefusalCode.SIZE);
    }

    @Test
    void aFrameWithoutEndIsRefusedOnceItIsTooLarge() throws Exception {
        TestClient witness = enter();
        RawClient client = raw();
        client.enter(room);
        ConnectionId id = witness.nextEntry(LogEntry.Arrived.class).from();
        client.frame(RawClient.TEXT, false, "{\"type\":\"post\",\"payload\":\"");
        for (int n = 0; n <= WireLimits.FRAME_BYTES / 10_000; n++)
            client.frame(RawClient.CONTINUATION, false, "A".repeat(10_000));
        assertThat(witness.nextEntry()).isEqualTo(new LogEntry.Gone(3, id));
    }

    @Test
    void beforeItHasEnteredAClientMaySendLittle() throws Exception {
        TestClient client = connect();
        client.sendText("{\"type\":\"enter\",\"room\":\"" + "A".repeat(2_000) + "\"}");
        assertRefused(client, RefusalCode.SIZE);
    }

    @Test
    void aFullRoomIsRefusedUntilSomebodyGoes() throws Exception {
        restartWith(settings().withCapacity(new ServerSettings.Capacity(10, 2, 100, 100, 10, 2 << 20)));
        TestClient first = enter();
        TestClient second = enter();
        first.nextEntry(LogEntry.Arrived.class);
        TestClient third = connect();
        third.send(new ClientFrame.Enter(WireLimits.VERSION, room));
        assertRefused(third, RefusalCode.ROOM_FULL);
        second.close();
        first.nextEntry(LogEntry.Gone.class);
        assertThat(enter().entered().present()).containsExactly(first.id());
    }

    @Test
    void aFullServerRefusesNewRoomsUntilOneEnds() throws Exception {
        restartWith(settings().withCapacity(new ServerSettings.Capacity(1, 5, 100, 100, 10, 2 << 20)));
        TestClient first = enter();
        TestClient second = connect();
        second.send(new ClientFrame.Enter(WireLimits.VERSION, new RoomId(1, 1)));
        assertRefused(second, RefusalCode.SERVER_FULL);
        TestClient sameRoom = enter();
        first.close();
        sameRoom.nextEntry(LogEntry.Gone.class);
        sameRoom.socket().sendClose(1000, "").get();
        sameRoom.closeStatus();
        TestClient third = connect();
        third.enter(new RoomId(1, 1));
    }

    @Test
    void connectionsInAllAreBounded() throws Exception {
        restartWith(settings().withCapacity(new ServerSettings.Capacity(10, 5, 2, 100, 10, 2 << 20)));
        enter();
        enter();
        assertRefused(connect(), RefusalCode.SERVER_FULL);
    }

    @Test
    void connectionsFromOneAddressAreBounded() throws Exception {
        restartWith(settings().withCapacity(new ServerSettings.Capacity(10, 5, 100, 2, 10, 2 << 20)));
        enter();
        enter();
        assertRefused(connect(), RefusalCode.ADDRESS_FULL);
    }

    @Test
    void groupsInARoomAreBoundedAndKnownOnesGoOn() throws Exception {
        restartWith(settings().withCapacity(new ServerSettings.Capacity(10, 5, 100, 100, 2, 2 << 20)));
        TestClient client = enter();
        for (int n = 0; n < 2; n++) {
            client.send(new ClientFrame.Commit(new GroupId(0, n), 0, Payload.empty()));
            client.nextEntry(LogEntry.Commit.class);
        }
        client.send(new ClientFrame.Commit(new GroupId(0, 2), 0, Payload.empty()));
        ServerFrame.Refused refused = client.next(ServerFrame.Refused.class);
        assertThat(refused.code()).isEqualTo(RefusalCode.GROUPS_FULL);
        assertThat(refused.fatal()).isFalse();
        client.send(new ClientFrame.Commit(new GroupId(0, 1), 1, Payload.empty()));
        client.nextEntry(LogEntry.Commit.class);
    }

    @Test
    void anUnknownAddresseeIsToldAndNothingElseHappens() throws Exception {
        TestClient client = enter();
        client.send(new ClientFrame.Send(new ConnectionId(1, 1), Payload.empty()));
        ServerFrame.Refused refused = client.next(ServerFrame.Refused.class);
        assertThat(refused.code()).isEqualTo(RefusalCode.TO_UNKNOWN);
        assertThat(refused.fatal()).isFalse();
        client.post("still here");
        client.nextEntry(LogEntry.Message.class);
    }

    @Test
    void tooManyFramesAreLeftOutAndThenEndTheConnection() throws Exception {
        restartWith(settings().withRate(new ServerSettings.Rate(1, 5, 1 << 20, 1 << 20)));
        TestClient client = enter();
        try {
            for (int n = 0; n < 50; n++) client.post("flood");
        } catch (ExecutionException closedMeanwhile) {
            // The server may end it before all are sent.
        }
        ServerFrame.Refused first = client.await(ServerFrame.Refused.class);
        assertThat(first.code()).isEqualTo(RefusalCode.RATE);
        assertThat(first.fatal()).isFalse();
        ServerFrame.Refused last = first;
        while (!last.fatal()) last = client.await(ServerFrame.Refused.class);
        assertThat(last.code()).isEqualTo(RefusalCode.RATE);
        client.closeStatus();
    }

    @Test
    void tooManyBytesEndTheConnection() throws Exception {
        restartWith(settings().withRate(new ServerSettings.Rate(1_000, 1_000, 1, WireLimits.FRAME_BYTES)));
        TestClient client = enter();
        Payload half = Payload.of(new byte[WireLimits.PAYLOAD_BYTES / 2 + 10_000]);
        client.send(new ClientFrame.Post(half));
        client.nextEntry(LogEntry.Message.class);
        client.send(new ClientFrame.Post(half));
        assertRefused(client, RefusalCode.RATE);
    }

    @Test
    void emptyFragmentsAndPingsAreNotFree() throws Exception {
        restartWith(settings().withRate(new ServerSettings.Rate(1_000, 1_000, 1, WireLimits.FRAME_BYTES)));
        TestClient witness = enter();
        for (int opcode : new int[] {RawClient.PING, RawClient.CONTINUATION}) {
            RawClient client = raw();
            client.enter(room);
            ConnectionId id = witness.nextEntry(LogEntry.Arrived.class).from();
            try {
                if (opcode == RawClient.CONTINUATION) client.frame(RawClient.TEXT, false, "");
                for (int n = 0; n < WireLimits.FRAME_BYTES / 64; n++)
                    client.frame(opcode, opcode == RawClient.PING, "");
            } catch (java.io.IOException cutMeanwhile) {
                // The server may end it before all are sent.
            }
            assertThat(witness.nextEntry(LogEntry.Gone.class).from()).isEqualTo(id);
        }
    }

    @Test
    void whoDoesNotEnterInTimeIsRefused() throws Exception {
        restartWith(settings()
                .withTiming(new ServerSettings.Timing(
                        Duration.ofMillis(300),
                        Duration.ofMillis(100),
                        Duration.ofSeconds(60),
                        Duration.ofMillis(500))));
        assertRefused(connect(), RefusalCode.TIMEOUT);
    }

    @Test
    void webPagesMayNotConnect() {
        URI uri = URI.create(server.url().replaceFirst("^http", "ws") + WireLimits.PATH);
        for (String origin : List.of("https://elsewhere.example", "null", server.url()))
            assertThatThrownBy(() -> http.newWebSocketBuilder()
                            .header("Origin", origin)
                            .buildAsync(uri, new TestClient())
                            .get())
                    .cause()
                    .isInstanceOfSatisfying(
                            WebSocketHandshakeException.class,
                            refused -> assertThat(refused.getResponse().statusCode())
                                    .isEqualTo(403));
    }

    @Test
    void aReaderThatDoesNotReadIsEndedAndHurtsNobody() throws Exception {
        restartWith(settings()
                .withRate(new ServerSettings.Rate(1_000, 1_000, 1 << 30, 1 << 30))
                .withCapacity(new ServerSettings.Capacity(10, 5, 100, 100, 10, 2 << 20)));
        TestClient sender = enter();
        TestClient reader = enter();
        RawClient slow = raw();
        slow.enter(room);
        ConnectionId slowId = reader.nextEntry(LogEntry.Arrived.class).from();
        sender.nextEntries(2);
        // More than the sockets' buffers and the queue of one connection take together.
        int posts = 80;
        Payload large = Payload.of(new byte[WireLimits.PAYLOAD_BYTES]);
        List<LogEntry> seen = new ArrayList<>();
        for (int n = 0; n < posts; n++) {
            sender.send(new ClientFrame.Post(large));
            // In step with the good reader, which so is never slow itself.
            do seen.add(reader.nextEntry());
            while (!(seen.getLast() instanceof LogEntry.Message));
        }
        if (!seen.contains(new LogEntry.Gone(seen.size(), slowId)) && seen.size() == posts)
            seen.add(reader.nextEntry());
        assertThat(seen)
                .filteredOn(LogEntry.Gone.class::isInstance)
                .extracting(LogEntry::from)
                .containsExactly(slowId);
        assertThat(sender.nextEntries(seen.size())).isEqualTo(seen);
        assertThat(sender.head()).isEqualTo(reader.head());
    }

    private static void assertRefused(TestClient client, RefusalCode code) throws Exception {
        ServerFrame.Refused refused = client.next(ServerFrame.Refused.class);
        assertThat(refused.code()).isEqualTo(code);
        assertThat(refused.fatal()).isTrue();
        assertThat(refused.text()).isNotBlank();
        assertThat(client.closeStatus()).isEqualTo(POLICY_VIOLATION);
    }
}
