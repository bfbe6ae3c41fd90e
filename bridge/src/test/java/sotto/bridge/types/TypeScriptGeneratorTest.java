package sotto.bridge.types;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the two files say. That they compile, and that the parsers refuse what they should, the web tests show. */
class TypeScriptGeneratorTest {

    @Test
    void thePagesFileHoldsBothDirectionsAndAParserForWhatThePageReceives() {
        String page = TypeScriptGenerator.page();
        assertThat(page)
                .contains("export interface PageHello {\n  readonly type: \"hello\";\n  readonly version: number;\n}")
                .contains("export interface PageSignal {", "export interface BackendSignal {")
                .contains("readonly safetyNumber: string | null;")
                .contains("readonly participants: readonly Participant[];")
                .contains("export const SERVER_STATE_VALUES = [\"connected\", \"reconnecting\"] as const;")
                .contains("export function parseBackendToPage(text: string): BackendToPage {")
                .contains("  VERSION: 1,", "  MESSAGE_BYTES: 262144,")
                .doesNotContain("parsePageToBackend", "WorkerHello", "Sealed", ": any", "any[]");
    }

    @Test
    void theWorkersFileHoldsNothingOfThePage() {
        assertThat(TypeScriptGenerator.worker())
                .contains("export function parseBackendToWorker(text: string): BackendToWorker {")
                .contains("TRACK_VALUES = [\"microphone\", \"camera\", \"screen\", \"screen-audio\"]")
                .doesNotContain("import", "Participant", "Welcome", "flagIn", "listIn");
    }

    @Test
    void messagesThatWouldShareANameAreRefused() {
        assertThatThrownBy(() -> new TypeNames(AToB.class, AToC.class)).hasMessageContaining("one name");
    }

    @Test
    void anUnchangedFileIsNotTouched(@TempDir Path folder) throws IOException {
        String[] arguments = {
            folder.resolve("page").toString(), folder.resolve("worker").toString()
        };
        TypeScriptGenerator.main(arguments);
        Path file = folder.resolve("worker/messages.ts");
        FileTime old = FileTime.fromMillis(1_000_000);
        Files.setLastModifiedTime(file, old);
        TypeScriptGenerator.main(arguments);
        assertThat(Files.getLastModifiedTime(file)).isEqualTo(old);
        Files.writeString(file, "changed");
        TypeScriptGenerator.main(arguments);
        assertThat(file).hasContent(TypeScriptGenerator.worker());
    }

    private sealed interface AToB {
        record Same() implements AToB {}
    }

    private sealed interface AToC {
        record Same() implements AToC {}
    }
}
