package sotto.rooms.explore;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Every bug that is planted in the machine is found by exploring it; so what is not found is likely not there. */
class MutationTest {
    static Stream<Mutants.Mutant> mutants() {
        return Mutants.all().stream();
    }

    @Tag("slow")
    @ParameterizedTest
    @MethodSource("mutants")
    void aPlantedBugIsFound(Mutants.Mutant mutant) throws Exception {
        isFound(mutant, false);
    }

    static Stream<Mutants.Mutant> hostMutants() {
        return Mutants.hosts().stream();
    }

    @Tag("slow")
    @ParameterizedTest
    @MethodSource("hostMutants")
    void aBugPlantedInTheRulesIsFound(Mutants.Mutant mutant) throws Exception {
        isFound(mutant, true);
    }

    private static void isFound(Mutants.Mutant mutant, boolean hosts) throws Exception {
        Optional<String> found = MutantMachine.hunt(mutant, hosts);
        assertThat(found).as(mutant.bug()).isPresent();
        System.out.println(mutant.bug() + ": " + found.get());
    }

    @Test
    void everyMutantChangesTextThatIsThereOnce() throws Exception {
        for (Mutants.Mutant mutant : Stream.concat(mutants(), hostMutants()).toList())
            assertThat(MutantMachine.patched(mutant)).isNotEmpty();
    }

    @Test
    @Tag("slow")
    void theMachineItselfPassesTheSameExploration() {
        assertThat(Hunt.find().map(Failure::story)).isEmpty();
    }
}
