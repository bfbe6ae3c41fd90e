package sotto.server.relay.livekit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Where the relay's program comes from. Programs are scripts here that say a version. */
class LiveKitProgramTest {
    @TempDir
    Path folder;

    private final List<String> said = new ArrayList<>();

    private Path script(Path file, String version) throws IOException {
        Files.createDirectories(file.getParent());
        Files.writeString(file, "#!/bin/sh\necho livekit-server version " + version + "\n");
        return Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwx------"));
    }

    private LiveKitProgram program(Optional<LiveKitRelease> release) {
        String path = folder.resolve("bin").toString();
        return new LiveKitProgram(path, folder.resolve("cache"), release, new GoBuild(path, List.of()));
    }

    @Test
    void aProgramOnThePathIsTakenUnlessItIsTooOld() throws IOException {
        Path there = script(folder.resolve("bin/livekit-server"), "1.14.0");
        assertThat(program(Optional.empty()).find(said::add)).isEqualTo(there);
        for (String wrong : List.of("1.12.9", "2.0.0", "nonsense")) {
            said.clear();
            script(there, wrong);
            assertThatThrownBy(() -> program(Optional.empty()).find(said::add))
                    .isInstanceOf(IOException.class)
                    .hasMessageContaining("Install LiveKit");
            assertThat(said.getFirst()).contains("passed over");
        }
    }

    @Test
    void whatWasGotOnceIsTakenFromTheCache() throws IOException {
        assertThat(program(Optional.empty()).present()).isEmpty();
        Path cached = script(folder.resolve("cache/livekit-server-1.13.5"), "1.13.5");
        assertThat(program(Optional.empty()).present()).contains(cached);
        assertThat(program(Optional.empty()).find(said::add)).isEqualTo(cached);
        assertThat(said).isEmpty();
    }

    @Test
    void aReleaseIsInstalledOnlyIfItIsTheOneThatWasPublished() throws Exception {
        script(folder.resolve("made/livekit-server"), "1.13.5");
        Path archive = folder.resolve("livekit.tar.gz");
        Process tar = new ProcessBuilder(
                        "tar",
                        "-czf",
                        archive.toString(),
                        "-C",
                        folder.resolve("made").toString(),
                        "livekit-server")
                .start();
        assertThat(tar.waitFor()).isZero();
        byte[] bytes = Files.readAllBytes(archive);
        String hash =
                HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
        HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/livekit.tar.gz", exchange -> {
            exchange.sendResponseHeaders(200, bytes.length);
            exchange.getResponseBody().write(bytes);
            exchange.close();
        });
        server.start();
        try {
            URI from = URI.create("http://127.0.0.1:" + server.getAddress().getPort() + "/");
            LiveKitRelease other = new LiveKitRelease(from, "livekit.tar.gz", hash.replace(hash.charAt(0), 'x'));
            assertThatThrownBy(() -> program(Optional.of(other)).find(said::add))
                    .hasMessageContaining("not the archive that was published");
            LiveKitRelease missing = new LiveKitRelease(from, "nothing.tar.gz", hash);
            assertThatThrownBy(() -> program(Optional.of(missing)).find(said::add))
                    .hasMessageContaining("404");
            LiveKitRelease right = new LiveKitRelease(from, "livekit.tar.gz", hash);
            Path got = program(Optional.of(right)).find(said::add);
            assertThat(got)
                    .isEqualTo(folder.resolve("cache/livekit-server-1.13.5"))
                    .isExecutable();
        } finally {
            server.stop(0);
        }
        try (var left = Files.list(folder.resolve("cache"))) {
            assertThat(left.map(Path::getFileName).map(Path::toString))
                    .containsExactlyInAnyOrder("livekit-server-1.13.5", "getting.lock");
        }
    }

    @Test
    void anOldGoIsNotTried() throws IOException {
        Path go = folder.resolve("bin/go");
        Files.createDirectories(go.getParent());
        Files.writeString(go, "#!/bin/sh\necho go version go1.25.1 linux/amd64\n");
        Files.setPosixFilePermissions(go, PosixFilePermissions.fromString("rwx------"));
        assertThatThrownBy(() -> program(Optional.empty()).find(said::add)).hasMessageContaining("Go 1.26 or newer");
    }

    @Test
    void healthIsAskedUnderTheNodesOwnPath() {
        assertThat(LiveKit.healthAddress(URI.create("wss://a.example"))).isEqualTo(URI.create("https://a.example/"));
        assertThat(LiveKit.healthAddress(URI.create("ws://127.0.0.1:1/sfu")))
                .isEqualTo(URI.create("http://127.0.0.1:1/sfu/"));
    }
}
