package sotto.server.relay;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Base64;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What other machines may say about being relay nodes. */
class NodeRegistryTest {
    private static final long NOW = 1_700_000_000_000L;
    private static final String NODE = "AAAAAAAAAAAAAAAAAAAAAQ";
    private static final URI URL = URI.create("wss://relay.example");

    @TempDir
    Path folder;

    private final RelayNodes nodes = new RelayNodes(new FakeEngine(), () -> "call", new RelayMetrics());
    private NodeSecret secret;
    private NodeRegistry registry;

    @BeforeEach
    void registry() throws IOException {
        secret = secret("0123456789abcdef0123456789abcdef");
        registry = new NodeRegistry(secret, nodes, Clock.fixed(Instant.ofEpochMilli(NOW), ZoneOffset.UTC));
    }

    @AfterEach
    void close() {
        nodes.close();
    }

    private NodeSecret secret(String text) throws IOException {
        return NodeSecret.read(Files.writeString(folder.resolve("secret"), text + "\n"));
    }

    private int say(NodeBeat.State state, long time) {
        return say(new NodeBeat(NODE, URL, state, time).encode());
    }

    private int say(byte[] body) {
        return registry.beat(authorization(secret, body), body).status();
    }

    private static String authorization(NodeSecret secret, byte[] body) {
        return NodeBeat.SCHEME + Base64.getUrlEncoder().withoutPadding().encodeToString(secret.beatMac(body));
    }

    @Test
    void aNodeComesDrainsAndGoes() {
        assertThat(say(NodeBeat.State.UP, NOW)).isEqualTo(200);
        RelayNode node = nodes.node(NODE).orElseThrow();
        assertThat(node.key)
                .as("both sides make the same key, and nobody sends it")
                .isEqualTo(secret.relayKey(NODE));
        nodes.up(node);
        assertThat(say(NodeBeat.State.DRAINING, NOW + 1)).isEqualTo(200);
        assertThat(node.state).isEqualTo(RelayNode.State.DRAINING);
        assertThat(say(NodeBeat.State.GONE, NOW + 2)).isEqualTo(200);
        assertThat(nodes.all()).isEmpty();
    }

    @Test
    void whoDoesNotKnowTheSecretIsRefused() throws IOException {
        byte[] body = new NodeBeat(NODE, URL, NodeBeat.State.UP, NOW).encode();
        NodeSecret another = secret("another0123456789abcdef0123456789");
        for (String wrong : new String[] {
            null, "", "Bearer x", NodeBeat.SCHEME, NodeBeat.SCHEME + "***", authorization(another, body)
        })
            assertThat(registry.beat(wrong, body).status())
                    .as(String.valueOf(wrong))
                    .isEqualTo(401);
        byte[] changed = new NodeBeat(NODE, URI.create("wss://evil.example"), NodeBeat.State.UP, NOW).encode();
        assertThat(registry.beat(authorization(secret, body), changed).status()).isEqualTo(401);
        assertThat(nodes.all()).isEmpty();
    }

    @Test
    void aRecordedBeatIsWorthNothing() {
        byte[] up = new NodeBeat(NODE, URL, NodeBeat.State.UP, NOW).encode();
        assertThat(say(up)).isEqualTo(200);
        assertThat(say(up)).isEqualTo(409);
        assertThat(say(NodeBeat.State.GONE, NOW + 1)).isEqualTo(200);
        assertThat(say(up)).isEqualTo(409);
        assertThat(nodes.all()).isEmpty();
        assertThat(say(NodeBeat.State.UP, NOW - 31_000)).as("from long ago").isEqualTo(409);
        assertThat(say(NodeBeat.State.UP, NOW + 31_000)).as("from the future").isEqualTo(409);
    }

    @Test
    void aNodeKeepsItsAddress() {
        say(NodeBeat.State.UP, NOW);
        assertThat(say(new NodeBeat(NODE, URI.create("wss://other.example"), NodeBeat.State.UP, NOW + 1).encode()))
                .isEqualTo(409);
        assertThat(nodes.node(NODE).orElseThrow().url).isEqualTo(URL);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "null",
                "[]",
                "{}",
                "{\"version\":1}",
                "{\"version\":2,\"node\":\"AAAAAAAAAAAAAAAAAAAAAQ\",\"url\":\"wss://a\",\"state\":\"up\",\"time\":1700000000000}",
                "{\"version\":1,\"node\":\"short\",\"url\":\"wss://a\",\"state\":\"up\",\"time\":1700000000000}",
                "{\"version\":1,\"node\":\"AAAAAAAAAAAAAAAAAAAAAQ\",\"url\":\"https://a\",\"state\":\"up\",\"time\":1700000000000}",
                "{\"version\":1,\"node\":\"AAAAAAAAAAAAAAAAAAAAAQ\",\"url\":\"wss://u@a\",\"state\":\"up\",\"time\":1700000000000}",
                "{\"version\":1,\"node\":\"AAAAAAAAAAAAAAAAAAAAAQ\",\"url\":\"wss://a\",\"state\":\"UP\",\"time\":1700000000000}",
                "{\"version\":1,\"node\":\"AAAAAAAAAAAAAAAAAAAAAQ\",\"url\":\"wss://a\",\"state\":\"up\",\"time\":\"now\"}",
                "{\"version\":1,\"node\":\"AAAAAAAAAAAAAAAAAAAAAQ\",\"url\":\"wss://a\",\"state\":\"up\",\"time\":99999999999999999999}",
                "{\"version\":1,\"node\":\"AAAAAAAAAAAAAAAAAAAAAQ\",\"url\":\"wss://a\",\"state\":\"up\",\"time\":1700000000000,\"more\":1}",
                "{\"version\":1,\"node\":\"AAAAAAAAAAAAAAAAAAAAAQ\",\"url\":\"wss://a\",\"state\":\"up\",\"time\":1700000000000} x",
                "{\"version\":1,\"node\":\"AAAAAAAAAAAAAAAAAAAAAQ\",\"node\":\"AAAAAAAAAAAAAAAAAAAAAQ\",\"url\":\"wss://a\",\"state\":\"up\",\"time\":1}"
            })
    void evenWithTheSecretOnlyABeatIsTaken(String body) {
        assertThat(say(body.getBytes(StandardCharsets.UTF_8))).isEqualTo(400);
        assertThat(nodes.all()).isEmpty();
    }
}
