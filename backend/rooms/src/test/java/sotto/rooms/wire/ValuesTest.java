package sotto.rooms.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.URI;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ValuesTest {
    @Test
    void anIdIsItsSixteenBytes() {
        byte[] bytes = new byte[16];
        for (int i = 0; i < 16; i++) bytes[i] = (byte) (0xf0 + i);
        RoomId id = RoomId.of(bytes);
        assertThat(id.bytes()).isEqualTo(bytes);
        assertThat(id).isEqualTo(RoomId.of(bytes)).hasSameHashCodeAs(RoomId.of(bytes));
        assertThat(RoomId.fromString(id.toString())).isEqualTo(id);
        id.bytes()[0] = 0;
        assertThat(id.bytes()).isEqualTo(bytes);
    }

    @Test
    void randomIdsDiffer() {
        SecureRandom random = new SecureRandom();
        assertThat(ConnectionId.random(random)).isNotEqualTo(ConnectionId.random(random));
    }

    @Test
    void idsOrderAsUnsignedBytes() {
        assertThat(new GroupId(-1, 0)).isGreaterThan(new GroupId(1, 0));
        assertThat(new GroupId(1, -1)).isGreaterThan(new GroupId(1, 5));
        assertThat(new GroupId(1, 5)).isEqualByComparingTo(new GroupId(1, 5));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "AAAAAAAAAAAAAAAAAAAAA",
                "AAAAAAAAAAAAAAAAAAAAAAA",
                "AAAAAAAAAAAAAAAAAAAAAA==",
                "AAAAAAAAAAAAAAAAAAAAAB",
                "AAAAAAAAAAAAAAAAAAAA+A",
                "AAAAAAAAAAAAAAAAAAAA A",
                "AAAAAAAAAAAAAAAAAAAA\u0000A"
            })
    void anIdHasOneSpelling(String text) {
        assertThatThrownBy(() -> LogId.fromString(text)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void aPayloadIsImmutableAndEqualByContent() {
        byte[] bytes = {1, 2, 3};
        Payload payload = Payload.of(bytes);
        Payload same = Payload.of(bytes);
        bytes[0] = 9;
        payload.bytes()[1] = 9;
        assertThat(payload.bytes()).containsExactly(1, 2, 3);
        assertThat(payload).isEqualTo(same).hasSameHashCodeAs(same).isNotEqualTo(Payload.of(bytes));
        assertThat(Payload.fromString(payload.text())).isEqualTo(payload);
        assertThat(payload).hasToString("Payload[3 bytes]");
    }

    @Test
    void aPayloadIsBounded() {
        assertThat(Payload.of(new byte[WireLimits.PAYLOAD_BYTES]).size()).isEqualTo(WireLimits.PAYLOAD_BYTES);
        assertThatThrownBy(() -> Payload.of(new byte[WireLimits.PAYLOAD_BYTES + 1]))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void aRelayTicketAndAPassHideWhatLetsSomebodyIn() {
        RelayTicket ticket =
                new RelayTicket("node", URI.create("wss://relay.example"), "telltale", Instant.ofEpochMilli(1));
        assertThat(new ServerFrame.Ticket(ticket).toString()).contains("node").doesNotContain("telltale");
        assertThat(new ClientFrame.Ticket(Optional.of("telltale"), Optional.of("node")).toString())
                .contains("node")
                .doesNotContain("telltale");
    }

    @Test
    void anIceServerHidesItsCredential() {
        IceServer server =
                new IceServer(List.of("turn:turn.example"), Optional.of("somebody"), Optional.of("telltale"));
        assertThat(server.toString()).contains("turn.example").doesNotContain("telltale", "somebody");
    }
}
