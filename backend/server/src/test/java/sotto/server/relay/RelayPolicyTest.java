package sotto.server.relay;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import sotto.rooms.wire.ClientFrame;

/** Who gets a relay, and what the files of an operator may hold. */
class RelayPolicyTest {
    private static final String PASS = "a-pass-of-20-letters";

    @TempDir
    Path folder;

    private final List<Relay> relays = new ArrayList<>();

    @AfterEach
    void close() {
        relays.forEach(Relay::close);
    }

    private Relay relay(RelayPolicy policy) throws IOException {
        RelaySettings.Other node =
                new RelaySettings.Other(URI.create("wss://relay.example"), new RelayKey("key", "0123456789abcdef"));
        Relay relay = new Relay(
                RelaySettings.off().withOthers(List.of(node)).withPolicy(policy),
                new FakeEngine(),
                10,
                said -> {},
                Clock.systemUTC());
        relays.add(relay);
        relay.start();
        relay.awaitReady(java.time.Duration.ofSeconds(30));
        return relay;
    }

    private static Relay.Answer ask(Relay relay, RelayRoom room, Optional<String> pass) throws Exception {
        CompletableFuture<Relay.Answer> answer = new CompletableFuture<>();
        relay.ticket(room, new ClientFrame.Ticket(pass, Optional.empty()), false, answer::complete);
        return answer.get(30, TimeUnit.SECONDS);
    }

    @Test
    void openGivesToEverybodyAndEachTicketHasAnIdentityOfItsOwn() throws Exception {
        Relay relay = relay(RelayPolicy.open());
        assertThat(relay.offered()).isTrue();
        RelayRoom room = new RelayRoom();
        String[] first = token(ask(relay, room, Optional.empty()));
        String[] second = token(ask(relay, room, Optional.empty()));
        String[] elsewhere = token(ask(relay, new RelayRoom(), Optional.empty()));
        assertThat(first[1]).as("one call for the room").isEqualTo(second[1]).isNotEqualTo(elsewhere[1]);
        assertThat(first[2]).isNotEqualTo(second[2]);
    }

    private static String[] token(Relay.Answer answer) {
        return ((Relay.Answer.Given) answer).ticket().token().split("\\.");
    }

    @Test
    void closedGivesToNobodyAndDoesNotOffer() throws Exception {
        Relay relay = relay(RelayPolicy.closed());
        assertThat(relay.offered()).isFalse();
        assertThat(ask(relay, new RelayRoom(), Optional.of(PASS))).isInstanceOf(Relay.Answer.None.class);
    }

    @Test
    void aPassOpensItsRoomForAllWhoAreInItAndNoOther() throws Exception {
        Path file = Files.writeString(folder.resolve("passes"), "# ours\n\nanother-pass-of-letters\n" + PASS + "\n");
        Relay relay = relay(RelayPolicy.passesIn(file));
        RelayRoom room = new RelayRoom();
        assertThat(ask(relay, room, Optional.empty())).isInstanceOf(Relay.Answer.Pass.class);
        for (String wrong : List.of(PASS + "x", PASS.substring(1), "# ours", PASS.toUpperCase(java.util.Locale.ROOT)))
            assertThat(ask(relay, room, Optional.of(wrong))).isInstanceOf(Relay.Answer.Pass.class);
        assertThat(ask(relay, room, Optional.of(PASS))).isInstanceOf(Relay.Answer.Given.class);
        assertThat(ask(relay, room, Optional.empty())).isInstanceOf(Relay.Answer.Given.class);
        assertThat(ask(relay, new RelayRoom(), Optional.empty())).isInstanceOf(Relay.Answer.Pass.class);
    }

    @Test
    void filesThatHoldSomethingElseAreNamedAndNeverQuoted() throws IOException {
        Path file = folder.resolve("telltale-name");
        for (String bad : new String[] {"short-secret", "\n# nothing\n", ""}) {
            Files.writeString(file, bad);
            assertThatThrownBy(() -> RelayPolicy.passesIn(file))
                    .isInstanceOf(IOException.class)
                    .hasMessageContaining("telltale-name")
                    .hasMessageNotContaining("short-secret");
        }
        for (String bad : new String[] {"key: short", "key", "a: b\nc: d", "key:\n", ": 0123456789abcdef"}) {
            Files.writeString(file, bad);
            assertThatThrownBy(() -> RelayKey.read(file)).as(bad).isInstanceOf(IOException.class);
        }
        Files.writeString(file, "less than 32 characters");
        assertThatThrownBy(() -> NodeSecret.read(file)).isInstanceOf(IOException.class);
        assertThatThrownBy(() -> NodeSecret.read(folder.resolve("none"))).hasMessageContaining("there is no file");
        RelayKey key = new RelayKey("key", "0123456789abcdef");
        for (String good : new String[] {"key: 0123456789abcdef\n", "key\n0123456789abcdef", "key: '0123456789abcdef'"})
            assertThat(RelayKey.read(Files.writeString(file, good))).isEqualTo(key);
        assertThat(key.toString()).doesNotContain("0123456789abcdef");
    }
}
