package sotto.demo.fault;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestReporter;

/**
 * The most telling faults in calls of real browsers: what must come about comes about. How fast is for
 * {@code ./sotto demo --fault all} to judge, on a machine that does nothing else.
 */
@Tag("slow")
class FaultsTest {
    @Test
    void whenTheTwoLowestRanksAreKilledTheRestGoOnAndTheirKeysOpenNothingMore(TestReporter reporter) {
        FaultReport report = run(new TwoLowestKilled(), reporter);
        assertThat(report.gone()).hasSize(2);
        assertThat(report.gaps()).hasSize(2);
    }

    @Test
    void aFrozenCommitterHoldsNobodyUpAndIsLetInAgain(TestReporter reporter) {
        FaultReport report = run(new CommitterFrozen(), reporter);
        assertThat(report.gone()).hasSize(1);
        assertThat(report.back()).hasSize(4);
    }

    @Test
    void whoseNetworkWasCutIsLetInAgain(TestReporter reporter) {
        String missing = FaultRun.missing(new CutOff(10).setting());
        assumeTrue(missing.isEmpty(), missing);
        FaultReport report = run(new CutOff(10), reporter);
        assertThat(report.gone()).hasSize(1);
        assertThat(report.back()).hasSize(4);
    }

    private static FaultReport run(Fault fault, TestReporter reporter) {
        FaultReport report = FaultRun.run(fault, line -> System.err.println(line));
        reporter.publishEntry(fault.name(), report.toString());
        assertThat(report.failed()).as("what came in its way").isNull();
        assertThat(report.wrongNames()).isZero();
        assertThat(report.pictures()).isPositive();
        assertThat(report.alarms()).isEmpty();
        assertThat(report.together()).isNotEmpty();
        assertThat(report.gone()).allSatisfy(out -> {
            assertThat(out.framesSeen()).isPositive();
            assertThat(out.framesDecodedAsPicture()).isZero();
            assertThat(out.controlFrames()).isPositive();
        });
        return report;
    }
}
