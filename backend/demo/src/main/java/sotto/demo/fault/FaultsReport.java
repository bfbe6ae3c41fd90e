package sotto.demo.fault;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * What {@code ./sotto demo --fault NAME --report FILE} writes.
 *
 * @param version of this format: 1
 * @param path of the calls, {@code direct,relay} if they differ
 * @param ok true only if all that is promised held in each fault; also the exit code
 */
public record FaultsReport(
        int version, boolean ok, String path, String keys, List<FaultReport> faults, List<String> errors) {

    static FaultsReport of(List<FaultReport> faults) {
        List<String> errors = new ArrayList<>();
        for (FaultReport fault : faults) for (String error : fault.errors()) errors.add(fault.fault() + ": " + error);
        List<String> paths = faults.stream().map(FaultReport::path).distinct().toList();
        return new FaultsReport(1, errors.isEmpty(), String.join(",", paths), "mls", faults, errors);
    }

    /** As people read it in a terminal. */
    public String text() {
        StringBuilder out = new StringBuilder("\n");
        String row = "  %-22s %-9s %-26s %-26s %-16s %s%n";
        out.append(row.formatted(
                "fault", "held", "longest wait for a picture", "one group again", "pictures again", "out of it"));
        for (FaultReport fault : faults)
            out.append(String.format(
                    Locale.ROOT,
                    row,
                    fault.fault(),
                    fault.held() ? "yes" : "NO",
                    fault.gaps().isEmpty()
                            ? ""
                            : FaultCall.ms(fault.longestGap()) + " (before: " + FaultCall.ms(fault.normalGapMs()) + ")",
                    fault.slowest() == null
                            ? ""
                            : FaultCall.ms(fault.slowest().ms()) + " (most: "
                                    + FaultCall.ms(fault.slowest().most()) + ")",
                    fault.back().isEmpty() ? "" : FaultCall.ms(fault.lastBack()),
                    fault.gone().isEmpty() ? "" : fault.opened() + " of " + fault.travelled() + " frames opened"));
        for (String error : errors) out.append("ERROR: ").append(error).append('\n');
        return out.append(ok ? "\nAll of it held.\n" : "\nNOT all of it held.\n")
                .toString();
    }
}
