package sotto.rooms.explore;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.fail;

import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;

/** The room machine keeps its promises in every small room, and in random large ones. See docs/exploration.md. */
class ExplorationTest {
    private static final int SEEDS = Integer.getInteger("sotto.explore.seeds", 150);

    private static void explore(List<Exhaustive.Plan> plans) {
        for (Exhaustive.Plan plan : plans) {
            Exhaustive.Result result = Exhaustive.explore(plan);
            System.out.println(result);
            result.failure().ifPresent(failure -> fail(plan.name() + ": " + failure.story()));
            assertThat(result.complete() || plan.most() > 0).isTrue();
        }
    }

    @Test
    void inSmallRoomsAllGoesWellWhateverHappensOnce() {
        explore(Plans.quick());
    }

    @Test
    @Tag("slow")
    void inSmallRoomsAllGoesWellWhateverHappensTwice() {
        explore(Plans.full());
    }

    @Test
    @Tag("slow")
    void inSmallRoomsAllGoesWellWhateverHostsDo() {
        explore(Plans.hosts());
    }

    @Test
    @Tag("slow")
    void inSmallRoomsAllGoesWellWhateverHostsDoAndWhateverHappensMeanwhile() {
        explore(Plans.hostsDeeper());
    }

    @Test
    @EnabledIfSystemProperty(named = "sotto.explore.wide", matches = "true")
    void inSmallRoomsAllGoesWellWhateverHappensAndWhichTimerIsEarly() {
        explore(Plans.wide());
    }

    @Test
    void inRandomRoomsAllGoesWell() {
        Long only = Long.getLong("sotto.explore.seed");
        for (long seed = only == null ? 0 : only; seed < (only == null ? SEEDS : only + 1); seed++) {
            long number = seed;
            RandomRuns.failure(seed, false)
                    .ifPresent(failure ->
                            fail("seed " + number + ": " + failure.shortened().story()));
        }
    }

    @Test
    void inRandomRoomsAMemberWhoBreaksTheRulesIsNotFollowed() {
        for (long seed = 0; seed < SEEDS / 2; seed++) {
            long number = seed;
            RandomRuns.failure(seed, true)
                    .ifPresent(failure ->
                            fail("seed " + number + ": " + failure.shortened().story()));
        }
    }

    @Test
    void inRandomRoomsAllGoesWellWhateverHostsDo() {
        for (long seed = 0; seed < SEEDS; seed++) {
            long number = seed;
            RandomRuns.amongHosts(seed, seed % 3 == 2)
                    .ifPresent(failure ->
                            fail("seed " + number + ": " + failure.shortened().story()));
        }
    }

    @Test
    @EnabledIfSystemProperty(named = "sotto.explore.replay", matches = ".+")
    void replay() {
        var actions = Action.parseAll(System.getProperty("sotto.explore.replay"));
        boolean rogues = actions.stream().anyMatch(action -> action.kind().budget == Budget.ROGUE);
        Optional<Failure> failure = Runs.failure(Symbols.PEOPLE, Runs.PLENTY, rogues, actions);
        failure.ifPresent(found -> fail(found.story()));
    }
}
