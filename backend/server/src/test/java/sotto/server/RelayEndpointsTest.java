package sotto.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import sotto.rooms.wire.ClientFrame;
import sotto.rooms.wire.RefusalCode;
import sotto.rooms.wire.ServerFrame;
import sotto.server.relay.NodeSecret;
import sotto.server.relay.Relay;
import sotto.server.relay.RelaySettings;

/** What a server says about relays over its sockets, when it has none. */
class RelayEndpointsTest extends ServerTest {
    @TempDir
    Path folder;

    private int beat(byte[] body) throws Exception {
        return http.send(
                        HttpRequest.newBuilder(URI.create(server.url() + Relay.BEAT_PATH))
                                .header("Authorization", "SottoNode AAAA")
                                .POST(HttpRequest.BodyPublishers.ofByteArray(body))
                                .build(),
                        HttpResponse.BodyHandlers.discarding())
                .statusCode();
    }

    private void takeNodes() throws Exception {
        Path secret = Files.writeString(folder.resolve("secret"), "0123456789abcdef0123456789abcdef");
        restartWith(settings().withRelay(RelaySettings.off().withNodeSecret(NodeSecret.read(secret))));
    }

    @Test
    void strangersCanNotRegisterAndLargeBodiesAreNotRead() throws Exception {
        assertThat(beat(new byte[10])).as("takes no nodes").isEqualTo(404);
        takeNodes();
        assertThat(beat(new byte[10])).isEqualTo(401);
        assertThat(beat(new byte[0])).isEqualTo(401);
        assertThat(beat(new byte[100_000])).isEqualTo(413);
    }

    @Test
    void withoutANodeEveryQuestionIsRefusedAndTheConnectionStays() throws Exception {
        for (int round = 0; round < 2; round++) {
            TestClient client = enter();
            assertThat(client.entered().relay()).isFalse();
            for (int n = 0; n < 30; n++) {
                client.send(new ClientFrame.Ticket(Optional.empty(), Optional.of("node")));
                ServerFrame.Refused refused = client.next(ServerFrame.Refused.class);
                assertThat(refused.code()).isEqualTo(RefusalCode.RELAY_NONE);
                assertThat(refused.fatal()).isFalse();
            }
            client.post("still here");
            client.nextEntry();
            takeNodes();
        }
    }
}
