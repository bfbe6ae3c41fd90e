package sotto.rooms.storm;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * Whole sessions in random rooms, at an honest server and at one that lies. More with {@code -Dsotto.storm.seeds=5000}; one
 * alone with {@code -Dsotto.storm.seed=17}.
 */
@Tag("slow")
class StormTest {
    private static final long SEEDS = Long.getLong("sotto.storm.seeds", 60);
    private static final long FIRST = Long.getLong("sotto.storm.seed", 0);
    private static final long END = Long.getLong("sotto.storm.seed") == null ? SEEDS : FIRST + 1;

    @Test
    void atAnHonestServerAllEndUpTogetherWithoutAnAlarm() {
        assertThat(Storm.failures(SymbolicEngine::new, FIRST, END, false, 7)).isEmpty();
    }

    /** A fork ends in an alarm, nobody is let in who did not ask; and once the server is honest again, all is well. */
    @Test
    void aServerThatLiesIsFoundOutAndLetsNobodyIn() {
        assertThat(Storm.failures(SymbolicEngine::new, FIRST, END, true, 7)).isEmpty();
    }
}
