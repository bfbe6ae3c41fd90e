package sotto.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.security.cert.CertificateFactory;
import java.util.Base64;
import java.util.Optional;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import sotto.rooms.wire.LogEntry;
import sotto.rooms.wire.RoomId;
import sotto.rooms.wire.WireLimits;

class TlsTest {
    @TempDir
    Path folder;

    @ParameterizedTest
    @ValueSource(strings = {"EC", "RSA", "Ed25519"})
    void aServerWithACertificateSpeaksTls(String algorithm) throws Exception {
        ServerSettings.Tls files = pemFiles(algorithm);
        try (SottoServer server = SottoServer.start(settings("127.0.0.1", files));
                HttpClient http = trusting(files.certificate());
                TestClient client =
                        TestClient.connect(http, URI.create("wss://localhost:" + server.port() + WireLimits.PATH))) {
            assertThat(server.url()).startsWith("https://");
            client.enter(new RoomId(1, 2));
            assertThat(client.nextEntry()).isInstanceOf(LogEntry.Arrived.class);
        }
    }

    @Test
    void filesThatHoldNoCertificateOrKeyAreNamed() throws Exception {
        ServerSettings.Tls good = pemFiles("EC");
        Path empty = Files.createFile(folder.resolve("empty.pem"));
        Path encrypted = Files.writeString(
                folder.resolve("encrypted.pem"),
                "-----BEGIN ENCRYPTED PRIVATE KEY-----\nAAAA\n-----END ENCRYPTED PRIVATE KEY-----\n");
        Path garbled = Files.writeString(
                folder.resolve("garbled.pem"), "-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n");
        assertRefused(new ServerSettings.Tls(empty, good.key()), "empty.pem");
        assertRefused(new ServerSettings.Tls(good.certificate(), empty), "empty.pem");
        assertRefused(new ServerSettings.Tls(good.certificate(), encrypted), "encrypted.pem");
        assertRefused(new ServerSettings.Tls(good.certificate(), garbled), "garbled.pem");
        assertRefused(new ServerSettings.Tls(folder.resolve("missing.pem"), good.key()), "missing.pem");
    }

    private static void assertRefused(ServerSettings.Tls files, String named) {
        assertThatThrownBy(() -> SottoServer.start(settings("127.0.0.1", files)))
                .isInstanceOf(IOException.class)
                .hasMessageContaining(named);
    }

    private static ServerSettings settings(String host, ServerSettings.Tls files) {
        return ServerSettings.defaults().withListen(new ServerSettings.Listen(host, 0, Optional.of(files), false));
    }

    private ServerSettings.Tls pemFiles(String algorithm) throws Exception {
        Path store = folder.resolve(algorithm + ".p12");
        Process keytool = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "keytool")
                                .toString(),
                        "-genkeypair",
                        "-keyalg",
                        algorithm,
                        "-dname",
                        "CN=localhost",
                        "-ext",
                        "san=dns:localhost",
                        "-alias",
                        "server",
                        "-storetype",
                        "PKCS12",
                        "-storepass",
                        "changeit",
                        "-keystore",
                        store.toString())
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start();
        assertThat(keytool.waitFor()).isZero();
        KeyStore keys = KeyStore.getInstance(store.toFile(), "changeit".toCharArray());
        Path certificate = folder.resolve(algorithm + "-cert.pem");
        Path key = folder.resolve(algorithm + "-key.pem");
        Files.writeString(
                certificate, pem("CERTIFICATE", keys.getCertificate("server").getEncoded()));
        Files.writeString(
                key,
                pem(
                        "PRIVATE KEY",
                        keys.getKey("server", "changeit".toCharArray()).getEncoded()));
        return new ServerSettings.Tls(certificate, key);
    }

    private static String pem(String what, byte[] der) {
        return "-----BEGIN " + what + "-----\n"
                + Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(der) + "\n-----END " + what + "-----\n";
    }

    private static HttpClient trusting(Path certificate) throws Exception {
        KeyStore trusted = KeyStore.getInstance("PKCS12");
        trusted.load(null, null);
        trusted.setCertificateEntry(
                "server",
                CertificateFactory.getInstance("X.509")
                        .generateCertificate(new ByteArrayInputStream(Files.readAllBytes(certificate))));
        TrustManagerFactory trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        trust.init(trusted);
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(null, trust.getTrustManagers(), null);
        return HttpClient.newBuilder().sslContext(context).build();
    }
}
