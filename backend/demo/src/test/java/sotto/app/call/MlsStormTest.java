package sotto.app.call;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import sotto.rooms.storm.Storm;

/**
 * What the room protocol promises with MLS in symbols it keeps with the real one: the same random rooms, fewer of them. More
 * with {@code -Dsotto.storm.mls=200}.
 */
@Tag("slow")
class MlsStormTest {
    private static final int SEEDS = Integer.getInteger("sotto.storm.mls", 6);
    private static final int PEOPLE = 5;

    private static List<String> failures(boolean lies) {
        List<String> failures = new ArrayList<>();
        for (long seed = 0; seed < SEEDS; seed++) {
            try (MlsEngine engine = new MlsEngine()) {
                failures.addAll(Storm.failures(() -> engine, seed, seed + 1, lies, PEOPLE));
            }
        }
        return failures;
    }

    @Test
    void atAnHonestServerAllEndUpTogetherWithoutAnAlarm() {
        assertThat(failures(false)).isEmpty();
    }

    @Test
    void aServerThatLiesIsFoundOutAndLetsNobodyIn() {
        assertThat(failures(true)).isEmpty();
    }
}
