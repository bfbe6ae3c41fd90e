package sotto.demo;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/** {@code ./sotto demo} with its report. */
@Tag("slow")
class DemoTest {
    @TempDir
    Path folder;

    @Test
    void aCallOfThreeHoldsWhatItClaimsAndReportsEveryFigure() throws Exception {
        holdsAndReports("direct", "wire", "left", "server");
    }

    @Test
    void aCallThroughARelayHoldsTheSameAndItsSubscriberWithoutKeysGetsNothing() throws Exception {
        holdsAndReports("relay", "wire", "left", "server", "relay-subscriber");
    }

    private void holdsAndReports(String path, String... outsiders) throws Exception {
        Path file = folder.resolve("report.json");
        int code = new CommandLine(new DemoCommand())
                .execute(
                        "--people",
                        "3",
                        "--path",
                        path,
                        "--seconds",
                        "8",
                        "--report",
                        file.toString(),
                        "--screenshot",
                        folder.resolve("pictures").toString());
        assertThat(file).as("report of a demo that ended with %d", code).exists();
        JsonNode report = new ObjectMapper().readTree(file.toFile());
        assertThat(report.get("errors")).isEmpty();
        assertThat(code).isZero();
        assertThat(report.get("ok").booleanValue()).isTrue();
        assertThat(report.get("version").intValue()).isEqualTo(1);
        assertThat(report.get("people").intValue()).isEqualTo(3);
        assertThat(report.get("path").textValue()).isEqualTo(path);
        assertThat(report.get("keys").textValue()).isEqualTo("mls");
        assertThat(report.get("seconds").doubleValue()).isGreaterThanOrEqualTo(8);

        assertThat(report.get("joins")).hasSize(3);
        assertThat(report.get("joins"))
                .filteredOn(join -> join.get("joinMs").isNumber())
                .hasSize(2);
        // Each of three saw and heard two others.
        assertThat(report.get("streams")).hasSize(12).allSatisfy(DemoTest::isMeasured);
        assertThat(report.get("epochs").intValue()).isGreaterThanOrEqualTo(2);
        assertThat(report.get("rosterEqual").booleanValue()).isTrue();
        assertThat(report.get("safetyNumberEqual").booleanValue()).isTrue();

        assertThat(report.get("outsiders"))
                .extracting(outsider -> outsider.get("kind").textValue())
                .containsExactlyInAnyOrder(outsiders);
        assertThat(report.get("outsiders")).allSatisfy(outsider -> {
            assertThat(outsider.get("framesSeen").longValue()).isPositive();
            // A VP8 decoder makes a picture of noise now and then, if the header in front of it is whole.
            if (Set.of("left", "server").contains(outsider.get("kind").textValue()))
                assertThat(outsider.get("framesDecodedAsPicture").longValue()).isZero();
            assertThat(outsider.get("contentFound").booleanValue()).isFalse();
        });
        JsonNode server = report.get("server");
        assertThat(server.get("messages").longValue()).isPositive();
        assertThat(server.get("bytes").longValue()).isPositive();
        assertThat(server.get("plaintextFound")).isEmpty();
        JsonNode journal = report.get("journal");
        assertThat(journal.get("keysMade").longValue()).isPositive();
        assertThat(journal.get("keysDestroyed")).isEqualTo(journal.get("keysMade"));
        assertThat(journal.get("keysLive").longValue()).isZero();
        assertThat(report.get("processes")).hasSize(4).allSatisfy(process -> {
            assertThat(process.get("name").textValue()).isNotBlank();
            assertThat(process.get("cpuSeconds").doubleValue()).isPositive();
            assertThat(process.get("peakRssMiB").longValue()).isPositive();
        });
        assertThat(Files.list(folder.resolve("pictures"))).isNotEmpty();
    }

    private static void isMeasured(JsonNode stream) {
        boolean camera = stream.get("track").textValue().equals("camera");
        assertThat(stream.get("from")).isNotEqualTo(stream.get("to"));
        assertThat(stream.get("framesDecrypted").longValue()).isPositive();
        assertThat(stream.get("framesRejected").longValue()).isZero();
        assertThat(stream.get("contentOk").booleanValue()).isTrue();
        for (String ofVideo : new String[] {"framesDecoded", "latencyMsP50", "freezeCount"})
            assertThat(stream.get(ofVideo).isNumber()).as(ofVideo).isEqualTo(camera);
        assertThat(stream.get("concealedSamples").isNumber()).isEqualTo(!camera);
    }
}
