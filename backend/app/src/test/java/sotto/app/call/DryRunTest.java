package sotto.app.call;

import static org.assertj.core.api.Assertions.assertThat;

import java.security.SecureRandom;
import java.time.Clock;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import sotto.keys.journal.KeyJournal;

class DryRunTest {
    @Test
    void goesAsFarAsFrameKeysOfTwoAndLeavesNoKey() {
        DryRun dryRun = new DryRun(Clock.systemUTC(), new SecureRandom());
        dryRun.run();
        KeyJournal journal = dryRun.journal();
        assertThat(journal.entries().stream()
                        .filter(entry -> entry.event() == KeyJournal.Event.DERIVED)
                        .map(entry -> entry.key().toString().replaceFirst("/.*", ""))
                        .collect(Collectors.toSet()))
                .contains("frame");
        assertThat(journal.counts().keysLive()).isZero();
        assertThat(journal.counts().keysMade()).isPositive();
    }
}
