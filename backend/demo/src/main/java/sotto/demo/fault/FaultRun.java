package sotto.demo.fault;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/** Runs faults, each in a call of its own. */
public final class FaultRun {
    private FaultRun() {}

    public static FaultsReport run(List<Fault> faults, Consumer<String> progress) {
        List<FaultReport> reports = new ArrayList<>();
        for (Fault fault : faults) {
            progress.accept("");
            progress.accept(fault.name() + ": " + fault.about());
            reports.add(run(fault, progress));
        }
        return FaultsReport.of(reports);
    }

    /** What came of one fault, also if something came in its way. */
    public static FaultReport run(Fault fault, Consumer<String> progress) {
        String missing = missing(fault.setting());
        if (!missing.isEmpty()) {
            progress.accept("NOT run: " + missing);
            return failed(fault, missing);
        }
        try (FaultCall call = FaultCall.open(fault.setting(), progress)) {
            try {
                fault.happen(call);
                FaultReport report = call.report(fault.name());
                if (!report.held()) call.tellStories();
                progress.accept(report.held() ? "It held." : "It did NOT hold: " + String.join("; ", report.errors()));
                return report;
            } catch (IOException | RuntimeException e) {
                progress.accept("It did NOT hold: " + e.getMessage());
                call.tellStories();
                throw e;
            }
        } catch (IOException | RuntimeException e) {
            return failed(fault, e.getMessage());
        }
    }

    /** What this machine lacks for such a call; empty if nothing. */
    public static String missing(Setting setting) {
        if (setting.cable() && !Cable.missing().isEmpty()) return Cable.missing();
        if (setting.relays() > 0 && !RelayNode.missing().isEmpty()) return RelayNode.missing();
        return setting.ownClock().isEmpty() ? "" : OwnClock.missing();
    }

    private static FaultReport failed(Fault fault, String why) {
        return new FaultReport(
                fault.name(),
                fault.setting().path(),
                false,
                fault.setting().people(),
                null,
                null,
                List.of(),
                List.of(),
                List.of(),
                0,
                0,
                List.of(),
                List.of(),
                String.valueOf(why),
                List.of(String.valueOf(why)));
    }
}
