package sotto.app;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.lang.reflect.Field;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import sotto.bridge.messages.Limits;
import sotto.bridge.messages.Protocol;
import sotto.keys.frames.Kid;
import sotto.rooms.machine.RoomMachine;
import sotto.rooms.wire.RefusalCode;
import sotto.rooms.wire.WireLimits;

/** docs/protocol.md says what the code does, where that can be compared cheaply. */
class ProtocolDocumentTest {
    private final String document = read();

    private static String read() {
        try {
            return Files.readString(Path.of("../../docs/protocol.md"));
        } catch (IOException e) {
            throw new IllegalStateException("docs/protocol.md is not where it should be", e);
        }
    }

    private static List<String> labels(Class<?> holder) throws IllegalAccessException {
        List<String> labels = new ArrayList<>();
        for (Field field : holder.getFields())
            if (field.getType() == String.class) labels.add((String) field.get(null));
        return labels;
    }

    @Test
    void everyLabelOfADerivationStandsInIt() throws IllegalAccessException {
        List<String> labels = labels(sotto.rooms.Labels.class);
        labels.addAll(labels(sotto.keys.Labels.class));
        assertThat(labels).hasSizeGreaterThan(6);
        for (String label : labels)
            if (label.startsWith("Sotto ")) assertThat(document).contains('"' + label + '"');
    }

    @Test
    void everyRefusalCodeStandsInIt() {
        for (RefusalCode code : RefusalCode.values()) assertThat(document).contains('`' + code.text() + '`');
    }

    @Test
    void limitsAndTimesAreTheCodes() {
        assertThat(document)
                .contains(WireLimits.FRAME_BYTES / 1024 + " KiB at most")
                .contains("Payloads have " + WireLimits.PAYLOAD_BYTES / 1024 + " KiB")
                .contains(Limits.MESSAGE_BYTES / 1024 + " KiB at most")
                .contains("r × " + RoomMachine.TURN_MILLIS + " ms")
                .contains('`' + WireLimits.PATH + '`')
                .contains("`enter` | `version` " + WireLimits.VERSION)
                .contains("`" + Protocol.TOKEN_PREFIX);
    }

    @Test
    void theKidIsBuiltAsItSays() {
        assertThat(document).contains("KID        = leaf << 8 | track << 6 | (epoch mod 64)");
        assertThat(Kid.of(5, 2, 130).value()).isEqualTo(5 << 8 | 2 << 6 | 130 % 64);
    }
}
