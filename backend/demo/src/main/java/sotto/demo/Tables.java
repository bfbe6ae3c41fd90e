package sotto.demo;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** A report as people read it in a terminal. */
final class Tables {
    private Tables() {}

    static String of(Report report) {
        StringBuilder out = new StringBuilder();
        out.append("\nStreams\n");
        List<String[]> rows = new ArrayList<>();
        rows.add(new String[] {
            "from", "to", "track", "decrypted", "decoded", "refused", "content", "latency", "freezes", "rebuilt"
        });
        for (Report.Stream stream : report.streams())
            rows.add(new String[] {
                stream.from(),
                stream.to(),
                stream.track(),
                text(stream.framesDecrypted()),
                text(stream.framesDecoded()),
                text(stream.framesRejected()),
                stream.contentOk() ? "right" : "WRONG",
                stream.latencyMsP50() == null ? "" : Math.round(stream.latencyMsP50()) + " ms",
                text(stream.freezeCount()),
                text(stream.rebuilds())
            });
        table(out, rows);

        out.append("\nWho must not be able to follow\n");
        rows = new ArrayList<>();
        rows.add(new String[] {"who", "frames seen", "decoded", "content found", "control"});
        for (Report.Outsider outsider : report.outsiders())
            rows.add(new String[] {
                outsider.kind(),
                text(outsider.framesSeen()),
                text(outsider.framesDecodedAsPicture()),
                outsider.contentFound() ? "YES" : "no",
                text(outsider.controlFrames())
            });
        table(out, rows);

        out.append(String.format(
                Locale.ROOT,
                "%nServer: %d messages, %d bytes; readable in them: %s%n",
                report.server().messages(),
                report.server().bytes(),
                report.server().plaintextFound().isEmpty()
                        ? "nothing"
                        : String.join(", ", report.server().plaintextFound())));
        out.append(String.format(
                Locale.ROOT,
                "Keys: %d key changes; %d keys made, %d destroyed, %d left after the end%n",
                report.epochs(),
                report.journal().keysMade(),
                report.journal().keysDestroyed(),
                report.journal().keysLive()));
        out.append("Roster equal: ")
                .append(report.rosterEqual() ? "yes" : "NO")
                .append("; safety number equal: ")
                .append(report.safetyNumberEqual() ? "yes" : "NO")
                .append('\n');
        for (Report.Join join : report.joins())
            if (join.joinMs() != null)
                out.append(join.person())
                        .append(": first picture ")
                        .append(Math.round(join.joinMs()))
                        .append(" ms after the click on Join\n");
        for (String error : report.errors()) out.append("ERROR: ").append(error).append('\n');
        out.append(report.ok() ? "\nAll of it held.\n" : "\nNOT all of it held.\n");
        return out.toString();
    }

    private static String text(Object value) {
        return value == null ? "" : value.toString();
    }

    private static void table(StringBuilder out, List<String[]> rows) {
        int[] widths = new int[rows.getFirst().length];
        for (String[] row : rows) for (int i = 0; i < row.length; i++) widths[i] = Math.max(widths[i], row[i].length());
        for (String[] row : rows) {
            out.append("  ");
            for (int i = 0; i < row.length; i++) out.append(row[i]).append(" ".repeat(widths[i] - row[i].length() + 2));
            out.append('\n');
        }
    }
}
