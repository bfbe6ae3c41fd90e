package sotto.rooms.machine;

import static org.assertj.core.api.Assertions.fail;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Random rooms with random faults always end up with everybody in one group; a failure tells its shortest story. */
class RoomSimulationTest {
    /** More with {@code -Dsotto.rooms.seeds=100000}; one alone with {@code -Dsotto.rooms.seed=17}. */
    private static final int SEEDS = Integer.getInteger("sotto.rooms.seeds", 3_000);

    @Test
    void everybodyPresentEndsUpInOneGroup() {
        Long only = Long.getLong("sotto.rooms.seed");
        long worst = -1;
        long fewest = Long.MAX_VALUE;
        int failures = 0;
        for (long seed = only == null ? 0 : only; seed <= (only == null ? SEEDS - 1 : only); seed++) {
            long[] steps = new long[1];
            if (RoomSimulation.failure(seed, null, steps) == null) continue;
            failures++;
            if (steps[0] < fewest) {
                fewest = steps[0];
                worst = seed;
            }
        }
        if (failures == 0) return;
        List<String> story = new ArrayList<>();
        AssertionError failure = RoomSimulation.failure(worst, story, new long[1]);
        fail("%d seeds fail; the shortest is %d: %s\n%s", failures, worst, failure, String.join("\n", story));
    }
}
