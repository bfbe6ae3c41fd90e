package sotto.app.cli;

import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import sotto.keys.journal.KeyJournal;

/** The key journal for people: a line for each event, oldest first, and how many keys are alive. */
final class JournalText {
    private static final DateTimeFormatter TIME =
            DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm:ss.SSS").withZone(ZoneId.systemDefault());

    private JournalText() {}

    static List<String> of(String fingerprint, KeyJournal journal) {
        List<String> lines = new ArrayList<>();
        lines.add("Fingerprint  " + fingerprint);
        KeyJournal.Counts counts = journal.counts();
        lines.add("Keys         %d made, %d destroyed, %d alive"
                .formatted(counts.keysMade(), counts.keysDestroyed(), counts.keysLive()));
        lines.add("");
        for (KeyJournal.Entry entry : journal.entries())
            lines.add("%6d  %s  %-9s  %-12s  %s"
                    .formatted(
                            entry.sequence(),
                            TIME.format(entry.at()),
                            entry.event().name().toLowerCase(Locale.ROOT),
                            entry.key(),
                            printable(entry.detail())));
        return lines;
    }

    /** Details hold names that other people chose: nothing in them may steer a terminal. */
    private static String printable(String text) {
        return text.codePoints()
                .map(c -> Character.isISOControl(c) || Character.getType(c) == Character.FORMAT ? '\ufffd' : c)
                .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
                .toString();
    }
}
