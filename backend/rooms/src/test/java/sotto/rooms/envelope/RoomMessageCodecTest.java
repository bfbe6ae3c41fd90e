package sotto.rooms.envelope;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.nio.charset.StandardCharsets;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import sotto.rooms.wire.ConnectionId;
import sotto.rooms.wire.GroupId;
import sotto.rooms.wire.LogId;
import sotto.rooms.wire.RoomId;

/** What a sender with the link may put into an envelope is parsed as strictly as what strangers send. */
class RoomMessageCodecTest {
    private static final EnvelopeContext MESSAGE =
            new EnvelopeContext.Message(new RoomId(1, 1), new LogId(1, 1), new ConnectionId(1, 1));
    private static final EnvelopeContext COMMIT =
            new EnvelopeContext.Commit(new RoomId(1, 1), new LogId(1, 1), new ConnectionId(1, 1), new GroupId(1, 1), 1);

    private static final EnvelopeContext SEND =
            new EnvelopeContext.Send(new RoomId(1, 1), new LogId(1, 1), new ConnectionId(1, 1), new ConnectionId(1, 2));

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "null",
                "[]",
                "{}",
                "{\"type\":\"leave\"}{}",
                "{\"type\":\"leave\",\"type\":\"leave\"}",
                "{\"type\":\"leave\",\"x\":1}",
                "{\"type\":\"Leave\"}",
                "{\"type\":7}",
                "{\"type\":\"join\"}",
                "{\"type\":\"join\",\"keyPackage\":\"AQ==\"}",
                "{\"type\":\"join\",\"keyPackage\":\"AR\"}",
                "{\"type\":\"join\",\"keyPackage\":null}",
                "{\"type\":\"state\",\"microphone\":1,\"camera\":true,\"screen\":true,\"screenAudio\":true}",
                "{\"type\":\"attach\",\"group\":\"AAAAAAAAAAAAAAAAAAAAAQ\",\"epoch\":-1,\"leaf\":0,\"since\":0,\"path\":\"d\",\"number\":0,\"rules\":[]}",
                "{\"type\":\"attach\",\"group\":\"AAAAAAAAAAAAAAAAAAAAAQ\",\"epoch\":1.0,\"leaf\":0,\"since\":0,\"path\":\"d\",\"number\":0,\"rules\":[]}",
                "{\"type\":\"attach\",\"group\":\"AAAAAAAAAAAAAAAAAAAAAQ\",\"epoch\":1,\"leaf\":4294967296,\"since\":0,\"path\":\"d\",\"number\":0,\"rules\":[]}",
                "{\"type\":\"attach\",\"group\":\"AAAAAAAAAAAAAAAAAAAAAQ\",\"epoch\":9007199254740992,\"leaf\":0,\"since\":0,\"path\":\"d\",\"number\":0,\"rules\":[]}",
                "{\"type\":\"attach\",\"group\":\"AAA\",\"epoch\":1,\"leaf\":0,\"since\":0,\"path\":\"d\",\"number\":0,\"rules\":[],\"again\":true}",
                "{\"type\":\"agreed\",\"path\":\"x\",\"number\":0,\"rules\":[],\"again\":true}",
                "{\"type\":\"agreed\",\"path\":\"d\",\"number\":-1,\"rules\":[],\"again\":true}",
                "{\"type\":\"agreed\",\"path\":\"d\",\"number\":1,\"rules\":[\"AA\",\"AA\",\"AA\"],\"again\":true}",
                "{\"type\":\"agreed\",\"path\":\"d\",\"number\":1}",
                "{\"type\":\"wait\",\"host\":true,\"rules\":[]}",
                "{\"type\":[[[[[[\"leave\"]]]]]]}"
            })
    void whatIsNotExactlyAMessageIsRefused(String json) {
        refused(json, MESSAGE);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                // joins without a Welcome, and the reverse
                "{\"type\":\"commit\",\"commit\":\"AA\",\"since\":1,\"joins\":[{\"connection\":\"AAAAAAAAAAAAAAAAAAAAAQ\","
                        + "\"sequence\":1,\"leaf\":1}],\"seats\":[],\"banned\":[]}",
                "{\"type\":\"commit\",\"commit\":\"AA\",\"welcome\":\"AA\",\"since\":1,\"joins\":[],\"seats\":[],\"banned\":[]}",
                // a leaf with two seats
                "{\"type\":\"commit\",\"commit\":\"AA\",\"since\":1,\"joins\":[],\"banned\":[],\"seats\":[{\"leaf\":1,"
                        + "\"connection\":\"AAAAAAAAAAAAAAAAAAAAAQ\"},{\"leaf\":1,\"connection\":\"AAAAAAAAAAAAAAAAAAAAAg\"}]}",
                "{\"type\":\"commit\",\"commit\":\"AA\",\"since\":1,\"joins\":[7],\"seats\":[],\"banned\":[]}",
                "{\"type\":\"commit\",\"commit\":\"AA\",\"since\":1,\"joins\":[],\"seats\":[],\"banned\":[\"AA\"],\"again\":true}",
                "{\"type\":\"commit\",\"commit\":\"AA\",\"since\":1,\"joins\":[],\"seats\":[]}"
            })
    void aCommitThatContradictsItselfIsRefused(String json) {
        refused(json, COMMIT);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "AAAAAAAAAAAAAAAAAAAAA", "AAAAAAAAAAAAAAAAAAAA+/", "ÄAAAAAAAAAAAAAAAAAAAAA"})
    void aSignalOfNoMediaSessionIsRefused(String session) {
        // What passes here is handed to the page, whose messages are checked again: a failure there would be the
        // call's.
        refused("{\"type\":\"signal\",\"session\":\"" + session + "\",\"data\":\"{}\"}", SEND);
    }

    private static void refused(String json, EnvelopeContext context) {
        EnvelopeException refused = catchThrowableOfType(
                EnvelopeException.class, () -> RoomMessageCodec.decode(json.getBytes(StandardCharsets.UTF_8), context));
        assertThat(refused).as(json).isNotNull();
        assertThat(refused.reason()).isEqualTo(EnvelopeException.Reason.CONTENT);
    }
}
