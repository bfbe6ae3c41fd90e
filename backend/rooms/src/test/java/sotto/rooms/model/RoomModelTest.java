package sotto.rooms.model;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The specification has its properties, and each of them can fail. All searches are begun at once and made by two processes
 * at a time: much of what TLC does is done by one thread, and most of a short search is its start.
 */
@Tag("slow")
class RoomModelTest {
    /** The longest first. */
    private static final List<String> SETTINGS = List.of(
            "Safety", "Faults", "Founders", "Leaving", "Hosts", "Insider", "Liar", "Rejoin", "Rekey", "Pair", "Fork");

    /** A rule that is broken on purpose, what does not hold then, and where TLC finds that. */
    private static final List<Broken> BROKEN =
            Stream.of("""
            AcceptEveryCommit  | OneCommitPerEpoch            | INVARIANTS | Founders
            AdoptAtOnce        | SameEpochSameKeys            | INVARIANTS | Founders
            RemovedKeepsKey    | OnlyTheRosterHasTheKey       | INVARIANTS | Founders
            NoCheckOfAdds      | NobodyIsAddedUnasked         | INVARIANTS | Insider
            RekeyRemoves       | NobodyIsRemovedWithoutReason | PROPERTIES | Rekey
            NoCheckOfRemoves   | NobodySeenIsRemovedWithoutReason | PROPERTIES | Insider
            FollowOldCommits   | EpochsNeverGoBack            | PROPERTIES | Founders
            NoTrust            | NoFalseAlarm                 | INVARIANTS | Founders
            NoExcuse           | NoFalseAlarm                 | INVARIANTS | Hosts
            AlwaysWanted       | ACommitStormEnds             | INVARIANTS | Pair
            NoLogHash          | AForkEndsInAnAlarm           | INVARIANTS | Fork
            AttachAsTold       | AForkEndsInAnAlarm           | INVARIANTS | Rejoin
            NobodyFounds       | EveryoneWhoStaysIsAdmitted   | PROPERTIES | Founders
            NobodyFounds       | RestsAdmitted                | INVARIANTS | Founders
            ForgetGone         | EveryoneGoneIsRemoved        | PROPERTIES | Pair
            ForgetGone         | RestsWithoutGone             | INVARIANTS | Leaving
            StayInOlderGroup   | NoSplitLasts                 | PROPERTIES | Founders
            StayInOlderGroup   | RestsInOneView               | INVARIANTS | Founders
            NoLock             | NobodyUnadmittedIsAdded      | INVARIANTS | Hosts
            LetRemovedIn       | NobodyRemovedIsAdded         | INVARIANTS | Hosts
            TakeAnyRules       | RulesNeverGoBack             | PROPERTIES | Hosts
            TakeAnyRules       | AllAgree                     | PROPERTIES | Hosts
            KeepRemoved        | EveryoneRemovedIsOut         | PROPERTIES | Hosts
            """.split("\n")).map(Broken::of).toList();

    private static final ExecutorService SEARCHES = Executors.newFixedThreadPool(2);
    private static final Map<Object, Future<Tlc.Result>> RESULTS = new LinkedHashMap<>();

    @TempDir
    static Path dir;

    /** @param kind INVARIANTS or PROPERTIES */
    record Broken(String rule, String property, String kind, String setting) {
        static Broken of(String line) {
            String[] words = line.strip().split("\\s*\\|\\s*");
            return new Broken(words[0], words[1], words[2], words[3]);
        }

        @Override
        public String toString() {
            return rule + ": " + property;
        }
    }

    static Stream<String> settings() {
        return SETTINGS.stream();
    }

    static Stream<Broken> broken() {
        return BROKEN.stream();
    }

    @BeforeAll
    static void begin() {
        for (String setting : SETTINGS) {
            String text = Tlc.configuration(setting);
            search(setting, text, text.contains("SPECIFICATION FairSpec"));
        }
        for (Broken broken : BROKEN) {
            String mutated = Tlc.with(Tlc.configuration(broken.setting()), "Mutation", '"' + broken.rule() + '"');
            search(broken, Tlc.checking(mutated, broken.kind(), broken.property()), false);
        }
    }

    private static void search(Object what, String configuration, boolean deadlock) {
        Path own = dir.resolve("search" + RESULTS.size());
        RESULTS.put(what, SEARCHES.submit(() -> run(own, configuration, deadlock)));
    }

    private static Tlc.Result run(Path own, String configuration, boolean deadlock) throws IOException {
        Files.createDirectory(own);
        return Tlc.run(own, "MC", configuration, deadlock, 1);
    }

    @AfterAll
    static void end() {
        SEARCHES.shutdownNow();
        SEARCHES.close();
    }

    @ParameterizedTest
    @MethodSource("settings")
    void holds(String setting) throws Exception {
        Tlc.Result result = RESULTS.get(setting).get();
        assertThat(result.violated()).as(result.output()).isEmpty();
        assertThat(result.complete()).as(result.output()).isTrue();
        System.out.println("TLC: " + setting + " holds in " + result.distinct() + " states");
    }

    /** TLC must find that exactly this property does not hold any more. */
    @ParameterizedTest
    @MethodSource("broken")
    void canFail(Broken broken) throws Exception {
        Tlc.Result result = RESULTS.get(broken).get();
        // Of temporal properties TLC does not name the one that it finds violated; there is no other here.
        assertThat(result.violated())
                .as(result.output())
                .hasValueSatisfying(violated -> assertThat(violated).isIn(broken.property(), "Temporal properties"));
    }
}
