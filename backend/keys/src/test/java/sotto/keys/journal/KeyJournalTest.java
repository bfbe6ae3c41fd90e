package sotto.keys.journal;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import sotto.keys.journal.KeyJournal.Event;
import sotto.keys.journal.KeyJournal.Kind;

class KeyJournalTest {
    private static final Instant NOON = Instant.parse("2026-01-01T12:00:00Z");

    private final KeyJournal journal = new KeyJournal(Clock.fixed(NOON, ZoneOffset.UTC), 3);

    @Test
    void countsStayExactWhenOldEntriesAreDropped() {
        List<KeyJournal.KeyId> keys = new ArrayList<>();
        for (int i = 0; i < 5; i++) {
            keys.add(journal.derived(Kind.FRAME, "k" + i));
        }
        journal.destroyed(keys.get(0), "gone");
        journal.destroyed(keys.get(0), "gone again");

        assertThat(journal.counts()).isEqualTo(new KeyJournal.Counts(5, 1, 4));
        assertThat(journal.entries())
                .hasSize(3)
                .extracting(KeyJournal.Entry::sequence)
                .containsExactly(4L, 5L, 6L);
        assertThat(journal.live()).hasSize(4).doesNotContain(keys.get(0));
    }

    @Test
    void entriesNameKeyEventAndTime() {
        KeyJournal.KeyId key = journal.made(Kind.IDENTITY, "new");
        journal.delivered(key, "to the worker");

        assertThat(key).hasToString("identity/1");
        assertThat(journal.entries())
                .containsExactly(
                        new KeyJournal.Entry(1, NOON, Event.MADE, key, "new"),
                        new KeyJournal.Entry(2, NOON, Event.DELIVERED, key, "to the worker"));
    }

    @Test
    void listenersHearEntriesUntilTheyStop() {
        List<KeyJournal.Entry> heard = new ArrayList<>();
        Runnable stop = journal.listen(heard::add);
        KeyJournal.KeyId key = journal.made(Kind.LEAF, "one");
        stop.run();
        journal.switched(key, "two");

        assertThat(heard).extracting(KeyJournal.Entry::detail).containsExactly("one");
    }
}
