package sotto.server.relay.livekit;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.DigestOutputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.HexFormat;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/**
 * The published program for one system, and what its archive must hash to.
 *
 * @param name of the archive
 * @param sha256 of the archive, hex
 */
record LiveKitRelease(URI folder, String name, String sha256) {
    /** From {@code checksums.txt} of release v1.13.5; there are no releases for macOS. */
    private static final Map<String, String> CHECKSUMS = Map.of(
            "linux_amd64", "c020fac437b7cc9b776eef1ad5ea8af77be9acfa07602eca20a3a44930dfbc70",
            "linux_arm64", "332015305518765fe05bad74fc3a9d9583e635e7dd130de3c4fc563d69c550f3");

    private static final Map<String, String> MACHINES =
            Map.of("amd64", "amd64", "x86_64", "amd64", "aarch64", "arm64", "arm64", "arm64");

    private static final int MOST_BYTES = 64 << 20;
    private static final int OK = 200;

    static Optional<LiveKitRelease> forThisMachine(URI releases) {
        String system = System.getProperty("os.name").toLowerCase(Locale.ROOT);
        String machine = MACHINES.getOrDefault(System.getProperty("os.arch"), "");
        String kind = system + "_" + machine;
        return Optional.ofNullable(CHECKSUMS.get(kind))
                .map(sha256 -> new LiveKitRelease(
                        releases.resolve("v" + LiveKitProgram.VERSION + "/"),
                        "livekit_" + LiveKitProgram.VERSION + "_" + kind + ".tar.gz",
                        sha256));
    }

    /** @throws IOException if it can't be had, or is not the one that was published */
    Path download(Path into, Consumer<String> progress) throws IOException {
        progress.accept("downloading " + name + " (18 MB)");
        Path archive = into.resolve(name);
        if (!HexFormat.of().formatHex(fetch(archive)).equals(sha256))
            throw new IOException(
                    name + " from " + folder.getHost() + " is not the archive that was published: refused");
        try {
            Process tar = new ProcessBuilder("tar", "-xzf", archive.toString(), "-C", into.toString(), "livekit-server")
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .start();
            if (!tar.waitFor(60, TimeUnit.SECONDS) || tar.exitValue() != 0)
                throw new IOException(name + " can't be unpacked");
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted while unpacking " + name);
        }
        return into.resolve("livekit-server");
    }

    private byte[] fetch(Path archive) throws IOException {
        HttpRequest question = HttpRequest.newBuilder(folder.resolve(name))
                .timeout(Duration.ofMinutes(5))
                .build();
        try (HttpClient http = HttpClient.newBuilder()
                .followRedirects(HttpClient.Redirect.NORMAL)
                .connectTimeout(Duration.ofSeconds(10))
                .build()) {
            HttpResponse<InputStream> answer = http.send(question, HttpResponse.BodyHandlers.ofInputStream());
            try (InputStream in = answer.body();
                    DigestOutputStream out = new DigestOutputStream(Files.newOutputStream(archive), newDigest())) {
                if (answer.statusCode() != OK)
                    throw new IOException(folder.getHost() + " answered " + answer.statusCode() + " for " + name);
                copy(in, out);
                return out.getMessageDigest().digest();
            }
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted while downloading " + name);
        } catch (IOException failed) {
            String why = failed.getMessage() == null ? failed.getClass().getSimpleName() : failed.getMessage();
            throw new IOException("can't download " + name + " from " + folder.getHost() + ": " + why, failed);
        }
    }

    private static void copy(InputStream in, OutputStream out) throws IOException {
        byte[] piece = new byte[64 * 1024];
        long all = 0;
        for (int read = in.read(piece); read >= 0; read = in.read(piece)) {
            all += read;
            if (all > MOST_BYTES) throw new IOException("it is too large");
            out.write(piece, 0, read);
        }
    }

    private static MessageDigest newDigest() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException missing) {
            throw new AssertionError("every Java platform has SHA-256", missing);
        }
    }
}
