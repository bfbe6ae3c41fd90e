package sotto.bridge.seal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Arrays;
import java.util.Base64;
import java.util.Collections;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.Test;
import sotto.bridge.messages.Track;

class WorkerCommandsTest {
    private static final String PARTICIPANT =
            Base64.getUrlEncoder().withoutPadding().encodeToString(filled(16, 0xBB));

    private static byte[] filled(int length, int value) {
        byte[] bytes = new byte[length];
        Arrays.fill(bytes, (byte) value);
        return bytes;
    }

    private static FrameKey key() {
        return new FrameKey(
                0x01020304L, 0x1122334455667788L, Track.SCREEN, 9, PARTICIPANT, filled(32, 0xCC), filled(12, 0xDD));
    }

    @Test
    void theLayoutIsTheOneInTheProtocol() {
        byte[] encoded = WorkerCommands.of(
                        new WorkerCommand.InstallSend(key(), 0x0102),
                        new WorkerCommand.InstallReceive(key()),
                        new WorkerCommand.Forget(5),
                        new WorkerCommand.ForgetAll())
                .encode();
        String key = "01020304" + "1122334455667788" + "02" + "0000000000000009" + "bb".repeat(16) + "cc".repeat(32)
                + "dd".repeat(12);
        assertThat(HexFormat.of().formatHex(encoded))
                .isEqualTo("0004" + "01" + key + "0102" + "02" + key + "03" + "00000005" + "04");
    }

    @Test
    void everyTruncationEveryTrailingByteAndUnknownValuesAreRefused() {
        byte[] encoded = WorkerCommands.of(new WorkerCommand.InstallSend(key(), 1), new WorkerCommand.Forget(5))
                .encode();
        for (int length = 0; length < encoded.length; length++) {
            byte[] cut = Arrays.copyOf(encoded, length);
            assertThatThrownBy(() -> WorkerCommands.decode(cut)).isInstanceOf(IllegalArgumentException.class);
        }
        byte[] longer = Arrays.copyOf(encoded, encoded.length + 1);
        assertThatThrownBy(() -> WorkerCommands.decode(longer)).hasMessageContaining("after the last command");
        byte[] track = encoded.clone();
        track[2 + 1 + 4 + 8] = 4;
        assertThatThrownBy(() -> WorkerCommands.decode(track)).hasMessageContaining("unknown track 4");
        byte[] command = encoded.clone();
        command[2] = 5;
        assertThatThrownBy(() -> WorkerCommands.decode(command)).hasMessageContaining("unknown command 5");
    }

    @Test
    void moreThanFitsIsRefused() {
        List<WorkerCommand> many = Collections.nCopies(66_000, new WorkerCommand.ForgetAll());
        assertThatThrownBy(() -> new WorkerCommands(many)).hasMessageContaining("66000 commands");
        assertThatThrownBy(() -> new WorkerCommands(List.of())).hasMessageContaining("no command");
    }

    @Test
    void closingWipesTheKeys() {
        FrameKey key = key();
        byte[] bytes = key.keyBytes();
        byte[] salt = key.saltBytes();
        WorkerCommands.of(new WorkerCommand.InstallSend(key, 0)).close();
        assertThat(bytes).containsOnly(0);
        assertThat(salt).containsOnly(0);
        assertThatThrownBy(key::keyBytes).isInstanceOf(IllegalStateException.class);
    }

    @Test
    void valuesThatDoNotFitTheLayoutAreRefused() {
        assertThatThrownBy(() -> new WorkerCommand.InstallSend(key(), 65_536)).hasMessageContaining("16 bits");
        assertThatThrownBy(() -> new WorkerCommand.Forget(0x1_0000_0000L)).hasMessageContaining("out of range");
        assertThatThrownBy(() -> new FrameKey(1, 1, Track.CAMERA, 1, PARTICIPANT, filled(31, 1), filled(12, 1)))
                .hasMessageContaining("31 bytes");
        assertThatThrownBy(() -> new FrameKey(1, 1, Track.CAMERA, 1, "AAAA", filled(32, 1), filled(12, 1)))
                .hasMessageContaining("participant");
    }
}
