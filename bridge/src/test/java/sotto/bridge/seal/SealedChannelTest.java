package sotto.bridge.seal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.bouncycastle.crypto.InvalidCipherTextException;
import org.bouncycastle.crypto.digests.SHAKEDigest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import sotto.bridge.messages.BackendToWorker;
import sotto.bridge.messages.Track;

class SealedChannelTest {
    private static final SecureRandom RANDOM = new SecureRandom();
    private static final String PARTICIPANT = "AAECAwQFBgcICQoLDA0ODw";

    private static FrameKey key(long id) {
        byte[] key = new byte[32];
        byte[] salt = new byte[12];
        RANDOM.nextBytes(key);
        RANDOM.nextBytes(salt);
        return new FrameKey(id, 0x1_0000_0000L + id, Track.SCREEN_AUDIO, 7, PARTICIPANT, key, salt);
    }

    @Test
    void theRfcVectorOfTheSuiteIsReproduced() throws IOException {
        JsonNode vector = vector();
        Hpke.Schedule schedule = schedule(vector);
        assertThat(schedule.enc()).isEqualTo(hex(vector, "enc"));
        assertThat(schedule.key()).isEqualTo(hex(vector, "key"));
        assertThat(schedule.baseNonce()).isEqualTo(hex(vector, "baseNonce"));
        SealedChannel channel = SealedChannel.of(schedule);
        int checked = 0;
        for (long number = 0; number <= 256; number++) {
            byte[] aad = ("Count-" + number).getBytes(java.nio.charset.StandardCharsets.US_ASCII);
            byte[] ciphertext = channel.seal(aad, hex(vector.get("encryptions").get(0), "plaintext"));
            for (JsonNode expected : vector.get("encryptions")) {
                if (expected.get("sequence").longValue() != number) continue;
                assertThat(aad).isEqualTo(hex(expected, "aad"));
                assertThat(ciphertext).isEqualTo(hex(expected, "ciphertext"));
                checked++;
            }
        }
        assertThat(checked).isEqualTo(6);
    }

    /** The digest is the published one; inputs come from SHAKE128 of nothing: a length byte, then as many bytes. */
    @Test
    void aThousandCiphertextsHaveThePublishedDigest() throws IOException {
        JsonNode vector = vector();
        SealedChannel channel = SealedChannel.of(schedule(vector));
        SHAKEDigest inputs = new SHAKEDigest(128);
        SHAKEDigest outputs = new SHAKEDigest(128);
        for (int i = 0; i < 1000; i++) {
            byte[] aad = draw(inputs);
            byte[] plaintext = draw(inputs);
            byte[] ciphertext = channel.seal(aad, plaintext);
            outputs.update(ciphertext, 0, ciphertext.length);
        }
        byte[] digest = new byte[16];
        outputs.doFinal(digest, 0, 16);
        assertThat(digest).isEqualTo(hex(vector, "encryptionsDigest"));
    }

    @Test
    void theWorkerOpensWhatWasSealedForItInOrder() throws InvalidCipherTextException {
        TestWorker worker = new TestWorker();
        try (SealedChannel channel = SealedChannel.open(worker.publicKey(), RANDOM)) {
            worker.open(channel.opening());
            for (long i = 0; i < 5; i++) {
                FrameKey key = key(i);
                byte[] bytes = key.keyBytes().clone();
                BackendToWorker.Sealed sealed = channel.seal(WorkerCommands.of(
                        new WorkerCommand.InstallSend(key, 250), new WorkerCommand.Forget(0xFFFF_FFFFL)));
                assertThat(sealed.sequence()).isEqualTo(i);
                List<WorkerCommand> opened = worker.unseal(sealed).commands();
                assertThat(opened).hasSize(2).last().isEqualTo(new WorkerCommand.Forget(0xFFFF_FFFFL));
                WorkerCommand.InstallSend install = (WorkerCommand.InstallSend) opened.getFirst();
                assertThat(install.switchAfterMillis()).isEqualTo(250);
                assertThat(install.key().keyBytes()).isEqualTo(bytes);
                assertThat(install.key().kid()).isEqualTo(0x1_0000_0000L + i);
                assertThat(install.key().participant()).isEqualTo(PARTICIPANT);
            }
        }
    }

    @Test
    void anotherWorkerAndAnotherSessionCannotOpenIt() {
        TestWorker worker = new TestWorker();
        TestWorker other = new TestWorker();
        SealedChannel channel = SealedChannel.open(worker.publicKey(), RANDOM);
        SealedChannel second = SealedChannel.open(worker.publicKey(), RANDOM);
        BackendToWorker.Sealed sealed = channel.seal(WorkerCommands.of(new WorkerCommand.ForgetAll()));
        other.open(channel.opening());
        assertThatThrownBy(() -> other.unseal(sealed)).isInstanceOf(InvalidCipherTextException.class);
        worker.open(new BackendToWorker.Open(
                second.opening().session(), channel.opening().enc()));
        assertThatThrownBy(() -> worker.unseal(sealed)).isInstanceOf(InvalidCipherTextException.class);
        worker.open(channel.opening());
        BackendToWorker.Sealed renumbered = new BackendToWorker.Sealed(1, sealed.ciphertext());
        assertThatThrownBy(() -> worker.unseal(renumbered)).isInstanceOf(InvalidCipherTextException.class);
    }

    /** The points of small order of Curve25519, and their non-canonical forms. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "0000000000000000000000000000000000000000000000000000000000000000",
                "0100000000000000000000000000000000000000000000000000000000000000",
                "e0eb7a7c3b41b8ae1656e3faf19fc46ada098deb9c32b1fd866205165f49b800",
                "5f9c95bca3508c24b1d0b1559c83ef5b04445cc4581c8e86d8224eddd09f1157",
                "ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
                "edffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
                "eeffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
                "0000000000000000000000000000000000000000000000000000000000000080",
                "0100000000000000000000000000000000000000000000000000000000000080",
                "ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff",
            })
    void aPublicKeyOfLowOrderIsRefused(String point) {
        byte[] bytes = HexFormat.of().parseHex(point);
        assertThatThrownBy(() -> SealedChannel.open(bytes, RANDOM))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("low order");
    }

    @Test
    void aPublicKeyOfAnotherLengthIsRefused() {
        assertThatThrownBy(() -> SealedChannel.open(new byte[31], RANDOM)).hasMessageContaining("31 bytes");
        assertThatThrownBy(() -> SealedChannel.open(new byte[33], RANDOM)).hasMessageContaining("33 bytes");
    }

    @Test
    void aClosedChannelHoldsNoKeyAndSealsNothing() {
        byte[] key = new byte[32];
        byte[] nonce = new byte[12];
        RANDOM.nextBytes(key);
        RANDOM.nextBytes(nonce);
        SealedChannel channel = SealedChannel.of(new Hpke.Schedule(new byte[32], key, nonce));
        channel.close();
        assertThat(key).containsOnly(0);
        assertThat(nonce).containsOnly(0);
        assertThatThrownBy(() -> channel.seal(WorkerCommands.of(new WorkerCommand.ForgetAll())))
                .isInstanceOf(IllegalStateException.class);
        assertThat(channel.sealed()).isZero();
    }

    @Test
    void aWipedKeyIsNotSealed() {
        SealedChannel channel = SealedChannel.open(new TestWorker().publicKey(), RANDOM);
        WorkerCommands commands = WorkerCommands.of(new WorkerCommand.InstallReceive(key(3)));
        commands.close();
        assertThatThrownBy(() -> channel.seal(commands)).isInstanceOf(IllegalStateException.class);
    }

    @Test
    void threadsThatSealAtOnceNeverShareASequenceNumber() throws Exception {
        SealedChannel channel = SealedChannel.open(new TestWorker().publicKey(), RANDOM);
        Set<Long> numbers = ConcurrentHashMap.newKeySet();
        Callable<Void> work = () -> {
            for (int i = 0; i < 200; i++)
                numbers.add(channel.seal(WorkerCommands.of(new WorkerCommand.ForgetAll()))
                        .sequence());
            return null;
        };
        try (ExecutorService threads = Executors.newFixedThreadPool(4)) {
            for (var done : threads.invokeAll(List.of(work, work, work, work))) done.get();
        }
        assertThat(numbers).hasSize(800).contains(0L, 799L);
    }

    @Test
    void nothingThatHoldsAKeyPrintsIt() {
        FrameKey key = key(17);
        String hex = HexFormat.of().formatHex(key.keyBytes());
        WorkerCommands commands = WorkerCommands.of(new WorkerCommand.InstallReceive(key));
        assertThat(commands.toString()).contains("frame/17").doesNotContain(hex);
        assertThat(new Hpke.Schedule(new byte[32], key.keyBytes(), new byte[12]).toString())
                .doesNotContain(Arrays.toString(key.keyBytes()))
                .doesNotContain("[B@");
    }

    private static Hpke.Schedule schedule(JsonNode vector) {
        return Hpke.setupBaseSender(hex(vector, "pkRm"), hex(vector, "info"), hex(vector, "skEm"));
    }

    private static JsonNode vector() throws IOException {
        try (InputStream in = SealedChannelTest.class.getResourceAsStream("hpke.json")) {
            return new ObjectMapper().readTree(in);
        }
    }

    private static byte[] hex(JsonNode node, String field) {
        return HexFormat.of().parseHex(node.get(field).textValue());
    }

    private static byte[] draw(SHAKEDigest stream) {
        byte[] length = new byte[1];
        stream.doOutput(length, 0, 1);
        byte[] bytes = new byte[length[0] & 0xFF];
        stream.doOutput(bytes, 0, bytes.length);
        return bytes;
    }
}
