package sotto.app.call;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import sotto.bridge.messages.BackendToPage;
import sotto.bridge.messages.BackendToPage.CallState;
import sotto.server.ServerSettings;
import sotto.server.SottoServer;
import sotto.server.TurnServer;

/** What the page has to reach a TURN server with. */
class IceServersTest {
    @TempDir
    private Path folder;

    @Test
    void aCallThatOutlivesItsTurnCredentialsGetsOthersAgainAndAgain() throws Exception {
        TurnServer turn = new TurnServer(List.of("turn:turn.example:3478"), "a secret", Duration.ofSeconds(2));
        try (SottoServer server =
                        SottoServer.start(ServerSettings.defaults().withPort(0).withTurn(turn));
                TestPerson ada = new TestPerson("ada", URI.create(server.url()), folder)) {
            ada.join(ada.newRoom());
            List<String> seen = new ArrayList<>();
            for (int i = 0; i < 4; i++)
                seen.add(
                        username(ada.state(state -> !state.iceServers().isEmpty() && !seen.contains(username(state)))));
            assertThat(seen).doesNotHaveDuplicates();
            // Expiry, then a random part: the later ones end later.
            assertThat(Long.parseLong(seen.getLast().split(":")[0]))
                    .isGreaterThan(Long.parseLong(seen.getFirst().split(":")[0]));
        }
    }

    @Test
    void aTurnServersNameReachesThePageAsItsAddress() throws Exception {
        TurnServer turn = new TurnServer(List.of("turn:turn.example:3478"), "a secret", TurnServer.LIFE);
        try (SottoServer server =
                        SottoServer.start(ServerSettings.defaults().withPort(0).withTurn(turn));
                TestPerson ada = new TestPerson("ada", URI.create(server.url()), folder)) {
            ada.join(ada.newRoom());
            CallState state = ada.state(now -> !now.iceServers().isEmpty());
            assertThat(state.iceServers())
                    .extracting(BackendToPage.IceServer::url)
                    .containsExactly("turn:192.0.2.7:3478");
        }
    }

    private static String username(CallState state) {
        return state.iceServers().getFirst().username();
    }
}
