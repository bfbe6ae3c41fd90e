package sotto.rooms.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

class LogHashTest {
    private static final RoomId ROOM = RoomId.of(HexFormat.of().parseHex("000102030405060708090a0b0c0d0e0f"));
    private static final LogId LOG = LogId.of(HexFormat.of().parseHex("101112131415161718191a1b1c1d1e1f"));
    private static final ConnectionId FROM =
            ConnectionId.of(HexFormat.of().parseHex("202122232425262728292a2b2c2d2e2f"));
    private static final GroupId GROUP = GroupId.of(HexFormat.of().parseHex("303132333435363738393a3b3c3d3e3f"));

    @Test
    void followsTheLayoutOfTheProtocolPageByteByByte() throws Exception {
        Payload payload = Payload.of("envelope".getBytes());
        LogHead head = LogHead.start(ROOM, LOG);
        byte[] expected = sha256(out -> {
            out.writeBytes("Sotto 1.0 log");
            out.write(ROOM.bytes());
            out.write(LOG.bytes());
        });
        assertThat(head.sequence()).isZero();
        assertThat(head.hash().bytes()).isEqualTo(expected);

        head = head.next(new LogEntry.Arrived(1, FROM));
        expected = plain(expected, 1, 1, new byte[0]);
        assertThat(head.hash().bytes()).isEqualTo(expected);

        head = head.next(new LogEntry.Message(2, FROM, payload));
        expected = plain(expected, 2, 3, payload.bytes());
        assertThat(head.hash().bytes()).isEqualTo(expected);

        byte[] before = expected;
        head = head.next(new LogEntry.Commit(3, FROM, GROUP, 5, payload));
        expected = sha256(out -> {
            out.write(before);
            out.writeLong(3);
            out.writeByte(4);
            out.write(FROM.bytes());
            out.write(GROUP.bytes());
            out.writeLong(5);
            out.write(sha256(body -> body.write(payload.bytes())));
        });
        assertThat(head.hash().bytes()).isEqualTo(expected);

        head = head.next(new LogEntry.Gone(4, FROM));
        expected = plain(expected, 4, 2, new byte[0]);
        assertThat(head).isEqualTo(new LogHead(4, LogHash.of(expected)));
    }

    @Test
    void everyFieldOfAnEntryChangesTheHash() {
        LogHead head = LogHead.start(ROOM, LOG);
        ConnectionId other = new ConnectionId(0, 0);
        Payload a = Payload.of(new byte[] {1});
        Payload b = Payload.of(new byte[] {2});
        List<LogEntry> entries = List.of(
                new LogEntry.Arrived(1, FROM),
                new LogEntry.Arrived(1, other),
                new LogEntry.Gone(1, FROM),
                new LogEntry.Message(1, FROM, Payload.empty()),
                new LogEntry.Message(1, FROM, a),
                new LogEntry.Message(1, FROM, b),
                new LogEntry.Commit(1, FROM, GROUP, 0, a),
                new LogEntry.Commit(1, FROM, GROUP, 1, a),
                new LogEntry.Commit(1, FROM, new GroupId(0, 0), 0, a),
                new LogEntry.Commit(1, FROM, GROUP, 0, b));
        Set<LogHead> heads = entries.stream().map(head::next).collect(Collectors.toSet());
        assertThat(heads).hasSameSizeAs(entries);
        assertThat(LogHead.start(new RoomId(0, 0), LOG)).isNotEqualTo(head);
        assertThat(LogHead.start(ROOM, new LogId(0, 0))).isNotEqualTo(head);
    }

    @Test
    void aGapOrARepetitionInTheLogIsRefused() {
        LogHead head = LogHead.start(ROOM, LOG).next(new LogEntry.Arrived(1, FROM));
        for (long sequence : new long[] {1, 3})
            assertThatThrownBy(() -> head.next(new LogEntry.Gone(sequence, FROM)))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("where 2 is next");
    }

    private static byte[] plain(byte[] before, long sequence, int kind, byte[] payload) throws Exception {
        return sha256(out -> {
            out.write(before);
            out.writeLong(sequence);
            out.writeByte(kind);
            out.write(FROM.bytes());
            out.write(sha256(body -> body.write(payload)));
        });
    }

    private interface Writing {
        void to(DataOutputStream out) throws Exception;
    }

    private static byte[] sha256(Writing writing) throws Exception {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        writing.to(new DataOutputStream(bytes));
        return MessageDigest.getInstance("SHA-256").digest(bytes.toByteArray());
    }
}
