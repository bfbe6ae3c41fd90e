package sotto.demo.fault;

import java.util.Comparator;
import java.util.List;
import sotto.demo.Report;

/**
 * What was measured in one fault. Milliseconds, each seen in the run.
 *
 * @param path of the call: {@code direct} or {@code relay}
 * @param held whether all that is promised was seen to hold
 * @param normalGapMs the longest that anybody waited for a new picture before the fault; null if it was not measured
 * @param allowedGapMs the longest that those who stay may wait from then on
 * @param gaps between those who stay
 * @param together how long it took until everybody was in one group
 * @param back how long it took from the fault's end until pictures went between who was out and each who stayed
 * @param pictures new pictures whose name was checked
 * @param wrongNames those of them that were shown under somebody else's name
 * @param alarms that anybody was shown: in a fault without an attacker there is no reason for one
 * @param failed why the fault could not be run to its end; null if it was
 * @param errors all that did not hold, in words
 * @param gone who was out, and what their keys opened meanwhile
 */
public record FaultReport(
        String fault,
        String path,
        boolean held,
        int people,
        Double normalGapMs,
        Double allowedGapMs,
        List<Gap> gaps,
        List<Together> together,
        List<Back> back,
        long pictures,
        long wrongNames,
        List<Report.Outsider> gone,
        List<String> alarms,
        String failed,
        List<String> errors) {

    /** The longest that {@code to} waited for a new picture of {@code from}. */
    public record Gap(String from, String to, double beforeMs, double duringMs) {}

    /** @param most the longest that it may take; null where nothing is promised */
    public record Together(String when, double ms, Double most) {}

    public record Back(String from, String to, double ms) {}

    double longestGap() {
        return gaps.stream().mapToDouble(Gap::duringMs).max().orElse(0);
    }

    double lastBack() {
        return back.stream().mapToDouble(Back::ms).max().orElse(0);
    }

    /** Of what had a limit, what took longest; null if nothing had. */
    Together slowest() {
        return together.stream()
                .filter(one -> one.most() != null)
                .max(Comparator.comparingDouble(one -> one.ms() - one.most()))
                .orElse(null);
    }

    long travelled() {
        return gone.stream().mapToLong(Report.Outsider::framesSeen).sum();
    }

    long opened() {
        return gone.stream().mapToLong(Report.Outsider::framesDecodedAsPicture).sum();
    }
}
