package sotto.bridge.local;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ProxySelector;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.http.HttpClient;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import sotto.bridge.local.Fixture.Session;
import sotto.bridge.messages.BackendToPage;
import sotto.bridge.messages.BackendToWorker;
import sotto.bridge.messages.PageToBackend;
import sotto.bridge.messages.Protocol;
import sotto.bridge.messages.Track;
import sotto.bridge.messages.WorkerToBackend;
import sotto.bridge.seal.FrameKey;
import sotto.bridge.seal.TestWorker;
import sotto.bridge.seal.WorkerCommand;
import sotto.bridge.seal.WorkerCommands;

/** Whoever records all that passes the loopback, both ways and on both sockets, has no key byte. */
class RecordedLoopbackTest {
    /** Six bytes come up by chance in what is recorded here about once in 2^28 runs. */
    private static final int WINDOW = 6;

    @Test
    void noPartOfAKeyPassesTheLoopbackReadable() throws Exception {
        SecureRandom random = new SecureRandom();
        List<byte[]> secrets = new ArrayList<>();
        try (Fixture fixture = new Fixture();
                Recorder recorder = new Recorder(fixture.port)) {
            HttpClient client = HttpClient.newBuilder()
                    .proxy(ProxySelector.of(recorder.address()))
                    .build();
            Session session = fixture.launch();
            TestSocket page = TestSocket.connect(
                    client,
                    fixture.port,
                    fixture.port,
                    Protocol.PAGE_PATH,
                    session.cookie(),
                    Protocol.SUBPROTOCOL,
                    "token." + session.token());
            page.say(new PageToBackend.Hello(Protocol.VERSION)).say(new PageToBackend.GetWorkerTicket());
            fixture.next("page connected");
            fixture.next("page message");
            String ticket = page.next(BackendToPage.WorkerTicket.class).ticket();
            TestSocket socket = TestSocket.connect(
                    client,
                    fixture.port,
                    fixture.port,
                    Protocol.WORKER_PATH,
                    session.cookie(),
                    Protocol.SUBPROTOCOL,
                    "token." + ticket);
            TestWorker worker = new TestWorker();
            socket.say(new WorkerToBackend.Hello(Protocol.VERSION, worker.publicKeyText()));
            BackendToWorker.Open opening = socket.nextForWorker(BackendToWorker.Open.class);
            worker.open(opening);
            WorkerLink link = (WorkerLink) fixture.next("worker connected").link();
            for (int i = 0; i < 20; i++) {
                byte[] key = bytes(random, 32);
                byte[] salt = bytes(random, 12);
                secrets.add(key);
                secrets.add(salt);
                FrameKey frameKey = new FrameKey(i, i, Track.CAMERA, i, "AAECAwQFBgcICQoLDA0ODw", key, salt);
                CompletableFuture<Void> done;
                try (WorkerCommands commands = WorkerCommands.of(new WorkerCommand.InstallSend(frameKey, 0))) {
                    done = link.send(commands);
                }
                BackendToWorker.Sealed sealed = socket.nextForWorker(BackendToWorker.Sealed.class);
                // It did pass here: the worker gets exactly these bytes out of it.
                assertThat(worker.unseal(sealed).encode()).containsSequence(key);
                socket.say(new WorkerToBackend.Done(sealed.sequence()));
                done.get(10, TimeUnit.SECONDS);
            }
            byte[] recorded = recorder.recorded();
            assertThat(new String(recorded, ISO_8859_1))
                    .contains("\"type\":\"sealed\"")
                    .contains("sotto.v1");
            for (byte[] secret : secrets) assertThat(traces(recorded, secret)).isEmpty();
            // The search does find what is there.
            assertThat(traces(recorded, Base64.getUrlDecoder().decode(opening.enc())))
                    .isNotEmpty();
        }
    }

    /** Where a part of the secret stands in the recording: raw, in hex, or in base64 at any alignment. */
    private static List<String> traces(byte[] recorded, byte[] secret) {
        String text = new String(recorded, ISO_8859_1);
        String lower = text.toLowerCase(java.util.Locale.ROOT);
        String plain = text.replace('-', '+').replace('_', '/');
        List<String> traces = new ArrayList<>();
        for (int from = 0; from + WINDOW <= secret.length; from++) {
            byte[] part = java.util.Arrays.copyOfRange(secret, from, from + WINDOW);
            if (text.contains(new String(part, ISO_8859_1))) traces.add("raw at " + from);
            if (lower.contains(HexFormat.of().formatHex(part))) traces.add("hex at " + from);
        }
        for (int from = 0; from + 9 <= secret.length; from++) {
            // Nine bytes that start a group of three become twelve characters, wherever the secret lies in the whole.
            String encoded = Base64.getEncoder().encodeToString(java.util.Arrays.copyOfRange(secret, from, from + 9));
            if (plain.contains(encoded)) traces.add("base64 at " + from);
        }
        return traces;
    }

    private static byte[] bytes(SecureRandom random, int count) {
        byte[] bytes = new byte[count];
        random.nextBytes(bytes);
        return bytes;
    }

    /** A proxy (HTTP's CONNECT, whatever it names) that keeps what passes. */
    private static final class Recorder implements AutoCloseable {
        private final ServerSocket server = new ServerSocket(0, 16, InetAddress.getLoopbackAddress());
        private final ByteArrayOutputStream recording = new ByteArrayOutputStream();
        private final List<Socket> sockets = new ArrayList<>();
        private final int target;

        Recorder(int target) throws IOException {
            this.target = target;
            Thread.ofVirtual().start(this::accept);
        }

        InetSocketAddress address() {
            return (InetSocketAddress) server.getLocalSocketAddress();
        }

        byte[] recorded() {
            synchronized (recording) {
                return recording.toByteArray();
            }
        }

        private void accept() {
            try {
                while (true) {
                    Socket near = server.accept();
                    takeConnect(near);
                    Socket far = new Socket(InetAddress.getLoopbackAddress(), target);
                    synchronized (sockets) {
                        sockets.add(near);
                        sockets.add(far);
                    }
                    Thread.ofVirtual().start(() -> copy(near, far));
                    Thread.ofVirtual().start(() -> copy(far, near));
                }
            } catch (IOException e) {
                // closed
            }
        }

        private static void takeConnect(Socket near) throws IOException {
            StringBuilder head = new StringBuilder();
            while (head.indexOf("\r\n\r\n") < 0)
                head.append((char) near.getInputStream().read());
            near.getOutputStream().write("HTTP/1.1 200 OK\r\n\r\n".getBytes(ISO_8859_1));
        }

        private void copy(Socket from, Socket to) {
            byte[] buffer = new byte[8192];
            try {
                InputStream in = from.getInputStream();
                OutputStream out = to.getOutputStream();
                for (int count = in.read(buffer); count >= 0; count = in.read(buffer)) {
                    synchronized (recording) {
                        recording.write(buffer, 0, count);
                    }
                    out.write(buffer, 0, count);
                    out.flush();
                }
                to.shutdownOutput();
            } catch (IOException e) {
                // the other direction has ended
            }
        }

        @Override
        public void close() throws IOException {
            server.close();
            synchronized (sockets) {
                for (Socket socket : sockets) socket.close();
            }
        }
    }
}
