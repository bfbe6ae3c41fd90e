package sotto.rooms.machine;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import sotto.rooms.model.Tlc;

/** What the real machine does in random rooms is what the specification does, event by event and state by state. */
@Tag("slow")
class TraceTest {
    @TempDir
    Path dir;

    private Tlc.Result follow(TraceRecorder trace, List<String> lines) throws IOException {
        Files.writeString(dir.resolve("Recording.tla"), trace.module("Recording", lines));
        return Tlc.run(dir, "Recording", Tlc.configuration("Trace"), true);
    }

    @ParameterizedTest
    @ValueSource(longs = {3, 17, 42, 99, 1234})
    void theSpecificationFollowsTheMachine(long seed) throws IOException {
        TraceRecorder trace = RoomSimulation.trace(seed, false);
        Tlc.Result result = follow(trace, trace.lines());
        assertThat(result.complete()).as(result.output()).isTrue();
        assertThat(result.distinct()).as("states").isEqualTo(trace.lines().size() + 1L);
    }

    @ParameterizedTest
    @ValueSource(longs = {5, 28, 78, 91})
    void theSpecificationFollowsTheMachineAmongHosts(long seed) throws IOException {
        TraceRecorder trace = RoomSimulation.trace(seed, true);
        assertThat(trace.lines()).anyMatch(line -> line.contains("do |-> \"rule\""));
        Tlc.Result result = follow(trace, trace.lines());
        assertThat(result.complete()).as(result.output()).isTrue();
        assertThat(result.distinct()).as("states").isEqualTo(trace.lines().size() + 1L);
    }

    @Test
    void aDoctoredTraceIsRejected() throws IOException {
        TraceRecorder trace = RoomSimulation.trace(17, false);
        List<String> lines = new ArrayList<>(trace.lines());
        int last = lines.size() - 1;
        while (!lines.get(last).contains("epoch |-> 1,")) last--;
        lines.set(last, lines.get(last).replace("epoch |-> 1,", "epoch |-> 2,"));
        assertThat(follow(trace, lines).output()).contains("Deadlock reached");
    }

    @Test
    void aTraceThatSkipsADeliveryIsRejected() throws IOException {
        TraceRecorder trace = RoomSimulation.trace(42, false);
        List<String> lines = new ArrayList<>(trace.lines());
        lines.removeIf(line -> line.contains("frame |-> \"commit\""));
        assertThat(lines).hasSizeLessThan(trace.lines().size());
        assertThat(follow(trace, lines).output()).contains("Deadlock reached");
    }
}
