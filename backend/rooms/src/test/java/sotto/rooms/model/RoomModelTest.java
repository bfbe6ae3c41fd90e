package sotto.rooms.model;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The specification has its properties, and each of them can fail. */
@Tag("slow")
class RoomModelTest {
    @TempDir
    Path dir;

    @ParameterizedTest
    @ValueSource(
            strings = {"Safety", "Faults", "Founders", "Leaving", "Rekey", "Pair", "Insider", "Liar", "Fork", "Rejoin"})
    void holds(String configuration) {
        String text = Tlc.configuration(configuration);
        Tlc.Result result = Tlc.run(dir, "MC", text, text.contains("SPECIFICATION FairSpec"));
        assertThat(result.violated()).as(result.output()).isEmpty();
        assertThat(result.complete()).as(result.output()).isTrue();
        System.out.println("TLC: " + configuration + " holds in " + result.distinct() + " states");
    }

    /** A rule is broken on purpose; TLC must find that exactly this property does not hold any more. */
    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            AcceptEveryCommit | OneCommitPerEpoch            | INVARIANTS | Founders
            AdoptAtOnce       | SameEpochSameKeys            | INVARIANTS | Founders
            RemovedKeepsKey   | OnlyTheRosterHasTheKey       | INVARIANTS | Founders
            NoCheckOfAdds     | NobodyIsAddedUnasked         | INVARIANTS | Insider
            RekeyRemoves      | NobodyIsRemovedWithoutReason | PROPERTIES | Rekey
            NoCheckOfRemoves  | NobodySeenIsRemovedWithoutReason | PROPERTIES | Insider
            FollowOldCommits  | EpochsNeverGoBack            | PROPERTIES | Founders
            NoTrust           | NoFalseAlarm                 | INVARIANTS | Founders
            AlwaysWanted      | ACommitStormEnds             | INVARIANTS | Pair
            NoLogHash         | AForkEndsInAnAlarm           | INVARIANTS | Fork
            AttachAsTold      | AForkEndsInAnAlarm           | INVARIANTS | Rejoin
            NobodyFounds      | EveryoneWhoStaysIsAdmitted   | PROPERTIES | Founders
            NobodyFounds      | RestsAdmitted                | INVARIANTS | Founders
            ForgetGone        | EveryoneGoneIsRemoved        | PROPERTIES | Pair
            ForgetGone        | RestsWithoutGone             | INVARIANTS | Leaving
            StayInOlderGroup  | NoSplitLasts                 | PROPERTIES | Founders
            StayInOlderGroup  | RestsInOneView               | INVARIANTS | Founders
            """)
    void canFail(String mutation, String property, String kind, String configuration) {
        String mutated = Tlc.with(Tlc.configuration(configuration), "Mutation", '"' + mutation + '"');
        Tlc.Result result = Tlc.run(dir, "MC", Tlc.checking(mutated, kind, property));
        // Of temporal properties TLC does not name the one that it finds violated; there is no other here.
        assertThat(result.violated())
                .as(result.output())
                .hasValueSatisfying(violated -> assertThat(violated).isIn(property, "Temporal properties"));
    }
}
