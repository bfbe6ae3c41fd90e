package sotto.rooms.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import sotto.rooms.wire.WireException.Reason;

class WireCodecTest {
    private static final String ID_1 = "AAAAAAAAAAAAAAAAAAAAAQ";
    private static final String ID_2 = "AAAAAAAAAAAAAAAAAAAAAg";
    private static final ConnectionId CONNECTION_1 = new ConnectionId(0, 1);
    private static final ConnectionId CONNECTION_2 = new ConnectionId(0, 2);
    private static final GroupId GROUP = new GroupId(7, -1);
    private static final Payload PAYLOAD = Payload.of(new byte[] {0, -1, 127, -128});

    static Stream<ClientFrame> clientFrames() {
        return Stream.of(
                new ClientFrame.Enter(1, new RoomId(-5, 9)),
                new ClientFrame.Post(PAYLOAD),
                new ClientFrame.Post(Payload.empty()),
                new ClientFrame.Post(Payload.of(new byte[WireLimits.PAYLOAD_BYTES])),
                new ClientFrame.Commit(GROUP, 0, PAYLOAD),
                new ClientFrame.Commit(GROUP, WireLimits.NUMBER, PAYLOAD),
                new ClientFrame.Send(CONNECTION_2, PAYLOAD),
                new ClientFrame.Ticket(Optional.empty(), Optional.empty()),
                new ClientFrame.Ticket(Optional.of("p".repeat(WireLimits.TICKET_CHARS)), Optional.of("node_1-a")),
                new ClientFrame.Ice());
    }

    static Stream<ServerFrame> serverFrames() {
        LogHead head = LogHead.start(new RoomId(1, 1), new LogId(2, 2));
        IceServer stun = new IceServer(List.of("stun:stun.example:3478"), Optional.empty(), Optional.empty());
        IceServer turn = new IceServer(
                List.of("turn:turn.example:3478?transport=udp", "turns:turn.example:5349"),
                Optional.of("name \"quoted\" é"),
                Optional.of("secret"),
                Optional.of(Duration.ofHours(1)));
        return Stream.of(
                new ServerFrame.Entered(1, CONNECTION_1, new LogId(2, 2), head, List.of(), List.of(), false),
                new ServerFrame.Entered(
                        1, CONNECTION_1, new LogId(2, 2), head, List.of(CONNECTION_2), List.of(stun, turn), true),
                new ServerFrame.Entry(new LogEntry.Arrived(1, CONNECTION_1)),
                new ServerFrame.Entry(new LogEntry.Gone(2, CONNECTION_1)),
                new ServerFrame.Entry(new LogEntry.Message(3, CONNECTION_1, PAYLOAD)),
                new ServerFrame.Entry(new LogEntry.Commit(WireLimits.NUMBER, CONNECTION_1, GROUP, 4, PAYLOAD)),
                new ServerFrame.Sent(CONNECTION_2, PAYLOAD),
                new ServerFrame.Lost(GROUP, 5),
                new ServerFrame.Ticket(new RelayTicket(
                        "node_1-a",
                        URI.create("wss://relay.example:7880/sfu"),
                        "a.b-c_d.e",
                        Instant.ofEpochMilli(12345))),
                new ServerFrame.Ice(List.of(turn)),
                new ServerFrame.Refused(RefusalCode.ROOM_FULL, "The room is full.", true));
    }

    @ParameterizedTest
    @MethodSource("clientFrames")
    void clientFramesSurviveTheWireAndFit(ClientFrame frame) throws Exception {
        String text = WireCodec.encode(frame);
        assertThat(WireLimits.utf8Length(text)).isLessThanOrEqualTo(WireLimits.FRAME_BYTES);
        assertThat(WireCodec.decodeClient(text)).isEqualTo(frame);
    }

    @ParameterizedTest
    @MethodSource("serverFrames")
    void serverFramesSurviveTheWire(ServerFrame frame) throws Exception {
        assertThat(WireCodec.decodeServer(WireCodec.encode(frame))).isEqualTo(frame);
    }

    @Test
    void theLargestFramesOfAServerFit() {
        Payload most = Payload.of(new byte[WireLimits.PAYLOAD_BYTES]);
        String commit = WireCodec.encode(new ServerFrame.Entry(
                new LogEntry.Commit(WireLimits.NUMBER, CONNECTION_1, GROUP, WireLimits.NUMBER, most)));
        assertThat(WireLimits.utf8Length(commit)).isLessThanOrEqualTo(WireLimits.FRAME_BYTES);
        List<ConnectionId> present = Stream.iterate(2L, n -> n + 1)
                .limit(WireLimits.PRESENT)
                .map(n -> new ConnectionId(0, n))
                .toList();
        String entered = WireCodec.encode(new ServerFrame.Entered(
                1,
                CONNECTION_1,
                new LogId(1, 1),
                LogHead.start(new RoomId(1, 1), new LogId(1, 1)),
                present,
                List.of(),
                true));
        assertThat(WireLimits.utf8Length(entered)).isLessThanOrEqualTo(WireLimits.FRAME_BYTES);
    }

    @Test
    void framesLookLikeTheProtocolPage() {
        assertThat(WireCodec.encode(new ClientFrame.Enter(1, new RoomId(0, 1))))
                .isEqualTo("{\"type\":\"enter\",\"version\":1,\"room\":\"" + ID_1 + "\"}");
        assertThat(WireCodec.encode(new ServerFrame.Entry(
                        new LogEntry.Commit(9, CONNECTION_1, new GroupId(0, 2), 3, Payload.of(new byte[] {1})))))
                .isEqualTo("{\"type\":\"entry\",\"sequence\":9,\"kind\":\"commit\",\"from\":\"" + ID_1
                        + "\",\"group\":\"" + ID_2 + "\",\"epoch\":3,\"payload\":\"AQ\"}");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "NOT_JSON        | ``",
                "NOT_JSON        | null",
                "NOT_JSON        | [1]",
                "NOT_JSON        | \"post\"",
                "NOT_JSON        | {\"type\":\"post\",\"payload\":\"AA\"",
                "NOT_JSON        | {'type':'post','payload':'AA'}",
                "NOT_JSON        | {\"type\":\"post\",/* */\"payload\":\"AA\"}",
                "NOT_JSON        | {\"type\":\"post\",\"payload\":[[[[[[[[]]]]]]]]}",
                "TRAILING        | {\"type\":\"post\",\"payload\":\"AA\"}{}",
                "TRAILING        | {\"type\":\"post\",\"payload\":\"AA\"} x",
                "DUPLICATE_FIELD | {\"type\":\"post\",\"payload\":\"AA\",\"payload\":\"AQ\"}",
                "DUPLICATE_FIELD | {\"type\":\"post\",\"type\":\"post\",\"payload\":\"AA\"}",
                "UNKNOWN_TYPE    | {}",
                "UNKNOWN_TYPE    | {\"type\":null}",
                "UNKNOWN_TYPE    | {\"type\":\"Post\",\"payload\":\"AA\"}",
                "UNKNOWN_TYPE    | {\"type\":\"lost\",\"group\":\"AAAAAAAAAAAAAAAAAAAAAQ\",\"epoch\":1}",
                "UNKNOWN_FIELD   | {\"type\":\"post\",\"payload\":\"AA\",\"more\":null}",
                "MISSING_FIELD   | {\"type\":\"post\"}",
                "MISSING_FIELD   | {\"type\":\"commit\",\"epoch\":1,\"payload\":\"AA\"}",
                "MISSING_FIELD   | {\"type\":\"ticket\",\"pass\":null}",
                "UNKNOWN_FIELD   | {\"type\":\"ice\",\"room\":null}",
                "BAD_VALUE       | {\"type\":\"ticket\",\"pass\":\"\",\"failed\":null}",
                "BAD_VALUE       | {\"type\":\"ticket\",\"pass\":7,\"failed\":null}",
                "BAD_VALUE       | {\"type\":\"ticket\",\"pass\":null,\"failed\":\"a b\"}",
                "BAD_VALUE       | {\"type\":\"post\",\"payload\":null}",
                "BAD_VALUE       | {\"type\":\"post\",\"payload\":7}",
                "BAD_VALUE       | {\"type\":\"post\",\"payload\":\"A\"}",
                "BAD_VALUE       | {\"type\":\"post\",\"payload\":\"AA==\"}",
                "BAD_VALUE       | {\"type\":\"post\",\"payload\":\"AB\"}",
                "BAD_VALUE       | {\"type\":\"post\",\"payload\":\"A+/A\"}",
                "BAD_VALUE       | {\"type\":\"enter\",\"version\":1,\"room\":\"AAAAAAAAAAAAAAAAAAAAA\"}",
                "BAD_VALUE       | {\"type\":\"enter\",\"version\":1,\"room\":\"AAAAAAAAAAAAAAAAAAAAAB\"}",
                "BAD_VALUE       | {\"type\":\"enter\",\"version\":1.0,\"room\":\"AAAAAAAAAAAAAAAAAAAAAQ\"}",
                "BAD_VALUE       | {\"type\":\"enter\",\"version\":\"1\",\"room\":\"AAAAAAAAAAAAAAAAAAAAAQ\"}",
                "BAD_VALUE       | {\"type\":\"commit\",\"group\":\"AAAAAAAAAAAAAAAAAAAAAQ\",\"epoch\":-1,\"payload\":\"AA\"}",
                "BAD_VALUE       | {\"type\":\"commit\",\"group\":\"AAAAAAAAAAAAAAAAAAAAAQ\",\"epoch\":9007199254740992,\"payload\":\"AA\"}",
                "BAD_VALUE       | {\"type\":\"commit\",\"group\":\"AAAAAAAAAAAAAAAAAAAAAQ\",\"epoch\":18446744073709551617,\"payload\":\"AA\"}",
                "VERSION         | {\"type\":\"enter\",\"version\":2,\"room\":\"short\",\"new\":true}",
            })
    void whatIsNotAClientFrameIsRefusedWithItsReason(Reason reason, String text) {
        assertThatThrownBy(() -> WireCodec.decodeClient(text))
                .isInstanceOfSatisfying(
                        WireException.class,
                        refused -> assertThat(refused.reason()).isEqualTo(reason));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "UNKNOWN_TYPE  | {\"type\":\"post\",\"payload\":\"AA\"}",
                "BAD_VALUE     | {\"type\":\"entry\",\"sequence\":0,\"kind\":\"gone\",\"from\":\"AAAAAAAAAAAAAAAAAAAAAQ\"}",
                "BAD_VALUE     | {\"type\":\"entry\",\"sequence\":1,\"kind\":\"moved\",\"from\":\"AAAAAAAAAAAAAAAAAAAAAQ\"}",
                "UNKNOWN_FIELD | {\"type\":\"entry\",\"sequence\":1,\"kind\":\"gone\",\"from\":\"AAAAAAAAAAAAAAAAAAAAAQ\",\"payload\":\"AA\"}",
                "MISSING_FIELD | {\"type\":\"entry\",\"sequence\":1,\"kind\":\"message\",\"from\":\"AAAAAAAAAAAAAAAAAAAAAQ\"}",
                "BAD_VALUE     | {\"type\":\"refused\",\"code\":\"no\",\"text\":\"\",\"fatal\":true}",
                "BAD_VALUE     | {\"type\":\"refused\",\"code\":\"rate\",\"text\":\"\",\"fatal\":1}",
                "BAD_VALUE     | {\"type\":\"ticket\",\"node\":\"n\",\"url\":\"https://a\",\"token\":\"t\",\"expires\":1}",
                "BAD_VALUE     | {\"type\":\"ticket\",\"node\":\"n\",\"url\":\"wss://u:p@a\",\"token\":\"t\",\"expires\":1}",
                "BAD_VALUE     | {\"type\":\"ticket\",\"node\":\"n\",\"url\":\"wss://a/?x=1\",\"token\":\"t\",\"expires\":1}",
                "BAD_VALUE     | {\"type\":\"ticket\",\"node\":\"n\",\"url\":\"wss:///a\",\"token\":\"t\",\"expires\":1}",
                "BAD_VALUE     | {\"type\":\"ticket\",\"node\":\"\",\"url\":\"wss://a\",\"token\":\"t\",\"expires\":1}",
                "BAD_VALUE     | {\"type\":\"ticket\",\"node\":\"n\",\"url\":\"wss://a\",\"token\":\"t u\",\"expires\":1}",
                "BAD_VALUE     | {\"type\":\"ticket\",\"node\":\"n\",\"url\":\"wss://a\",\"token\":\"t\",\"expires\":-1}",
                "BAD_VALUE     | {\"type\":\"ice\",\"iceServers\":[{\"urls\":[\"http://a\"]}]}",
                "VERSION       | {\"type\":\"entered\",\"version\":2}",
            })
    void whatIsNotAServerFrameIsRefusedWithItsReason(Reason reason, String text) {
        assertThatThrownBy(() -> WireCodec.decodeServer(text))
                .isInstanceOfSatisfying(
                        WireException.class,
                        refused -> assertThat(refused.reason()).isEqualTo(reason));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "[] | [{\"urls\":[]}]",
                "[] | [{\"urls\":[\"https://example\"]}]",
                "[] | [{\"urls\":[\"stun:a\"],\"username\":\"u\"}]",
                "[] | [{\"urls\":\"stun:a\"}]",
                "[] | [7]",
                "[] | [{\"urls\":[\"turn:a\"],\"life\":60}]",
                "[] | [{\"urls\":[\"turn:a\"],\"username\":\"u\",\"credential\":\"c\",\"life\":0}]",
                "[] | [{\"urls\":[\"turn:a\"],\"username\":\"u\",\"credential\":\"c\",\"life\":86401}]",
                "[\"AAAAAAAAAAAAAAAAAAAAAQ\"] | []",
                "[\"AAAAAAAAAAAAAAAAAAAAAg\",\"AAAAAAAAAAAAAAAAAAAAAg\"] | []",
                "[null] | []",
            })
    void anInconsistentEnteredIsRefused(String present, String iceServers) {
        String hash = "A".repeat(43);
        String text = "{\"type\":\"entered\",\"version\":1,\"connection\":\"" + ID_1 + "\",\"log\":\"" + ID_1
                + "\",\"sequence\":0,\"hash\":\"" + hash + "\",\"present\":" + present + ",\"iceServers\":" + iceServers
                + ",\"relay\":false}";
        assertThatThrownBy(() -> WireCodec.decodeServer(text))
                .isInstanceOfSatisfying(
                        WireException.class,
                        refused -> assertThat(refused.reason()).isEqualTo(Reason.BAD_VALUE));
    }

    @Test
    void oversizeIsToldApart() {
        String frame = "{\"type\":\"post\",\"payload\":\"" + "A".repeat(WireLimits.FRAME_BYTES) + "\"}";
        String payload = "{\"type\":\"post\",\"payload\":\"" + "A".repeat(WireLimits.PAYLOAD_BYTES * 4 / 3 + 4) + "\"}";
        String inBytes = "{\"type\":\"" + "é".repeat(WireLimits.FRAME_BYTES / 2) + "\"}";
        for (String text : List.of(frame, payload, inBytes))
            assertThatThrownBy(() -> WireCodec.decodeClient(text))
                    .isInstanceOfSatisfying(
                            WireException.class,
                            refused -> assertThat(refused.reason()).isEqualTo(Reason.OVERSIZE));
    }

    @Test
    void aRefusalQuotesNothingOfTheFrame() {
        String text = "{\"type\":\"post\",\"payload\":\"c2VjcmV0\",\"telltale\":1}";
        assertThatThrownBy(() -> WireCodec.decodeClient(text))
                .hasMessageNotContaining("telltale")
                .hasNoCause();
        assertThatThrownBy(() -> WireCodec.decodeClient("{telltale"))
                .hasMessageNotContaining("telltale")
                .hasNoCause();
    }
}
