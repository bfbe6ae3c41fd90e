package sotto.keys.journal;

import java.time.Clock;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;

/**
 * Append-only record of the life of every key of this process. It holds the newest entries up to its capacity; the
 * counts are exact whatever has been dropped. Thread-safe. No method takes key bytes, and none may be put into a detail.
 */
public final class KeyJournal {
    /** What happens to a key. {@code MADE} is born from randomness, {@code DERIVED} from other keys. */
    public enum Event {
        MADE,
        DERIVED,
        DELIVERED,
        SWITCHED,
        DESTROYED
    }

    /** What a key is for. */
    public enum Kind {
        /** Long-term identity key pair. */
        IDENTITY,
        /** MLS leaf: signature key pair, init and encryption keys of one visit to a room. */
        LEAF,
        /** The secrets of one MLS epoch. */
        EPOCH,
        /** The root of an epoch's frame keys. */
        ROOT,
        /** An SFrame key with its salt, for one sender and track. */
        FRAME
    }

    /** A key's name, such as {@code frame/17}. Numbers of each kind begin with 1 and never come twice in a process. */
    public record KeyId(Kind kind, int number) {
        public KeyId {
            if (number < 1) {
                throw new IllegalArgumentException("key number " + number);
            }
        }

        @Override
        public String toString() {
            return kind.name().toLowerCase(Locale.ROOT) + "/" + number;
        }
    }

    /** One line of the journal; {@code sequence} rises by one from 1. */
    public record Entry(long sequence, Instant at, Event event, KeyId key, String detail) {}

    /** How many keys came into being (made or derived), were destroyed, and are alive. */
    public record Counts(long keysMade, long keysDestroyed, long keysLive) {}

    private final Clock clock;
    private final int capacity;
    private final ArrayDeque<Entry> entries = new ArrayDeque<>();
    private final Map<Kind, Integer> numbers = new EnumMap<>(Kind.class);
    private final Set<KeyId> live = new HashSet<>();
    private final List<Consumer<Entry>> listeners = new CopyOnWriteArrayList<>();
    private long sequence;
    private long made;
    private long destroyed;

    /** @param capacity how many entries are kept, at least 1 */
    public KeyJournal(Clock clock, int capacity) {
        if (capacity < 1) {
            throw new IllegalArgumentException("capacity " + capacity);
        }
        this.clock = clock;
        this.capacity = capacity;
    }

    /** A key was born from randomness, or came from the profile. Returns its id. */
    public KeyId made(Kind kind, String detail) {
        return born(Event.MADE, kind, detail);
    }

    /** A key was derived from others. Returns its id. */
    public KeyId derived(Kind kind, String detail) {
        return born(Event.DERIVED, kind, detail);
    }

    /** A key was handed to the worker. */
    public void delivered(KeyId key, String detail) {
        append(Event.DELIVERED, key, detail);
    }

    /** A sender began to use the key. */
    public void switched(KeyId key, String detail) {
        append(Event.SWITCHED, key, detail);
    }

    /** The key was wiped. A second destruction of the same key is not recorded. */
    public void destroyed(KeyId key, String detail) {
        Entry entry;
        synchronized (this) {
            if (!live.remove(key)) {
                return;
            }
            destroyed++;
            entry = add(Event.DESTROYED, key, detail);
        }
        tell(entry);
    }

    /** The kept entries, oldest first. */
    public synchronized List<Entry> entries() {
        return new ArrayList<>(entries);
    }

    public synchronized Counts counts() {
        return new Counts(made, destroyed, live.size());
    }

    /** The ids of the keys that are alive. */
    public synchronized Set<KeyId> live() {
        return Set.copyOf(live);
    }

    /**
     * Calls {@code listener} with each new entry, on the thread that caused it and outside of the journal's lock; it
     * must be quick and must not throw. Run the result to end it.
     */
    public Runnable listen(Consumer<Entry> listener) {
        listeners.add(listener);
        return () -> listeners.remove(listener);
    }

    private KeyId born(Event event, Kind kind, String detail) {
        KeyId key;
        Entry entry;
        synchronized (this) {
            key = new KeyId(kind, numbers.merge(kind, 1, Math::addExact));
            live.add(key);
            made++;
            entry = add(event, key, detail);
        }
        tell(entry);
        return key;
    }

    private void append(Event event, KeyId key, String detail) {
        Entry entry;
        synchronized (this) {
            entry = add(event, key, detail);
        }
        tell(entry);
    }

    private Entry add(Event event, KeyId key, String detail) {
        Entry entry = new Entry(++sequence, clock.instant(), event, key, detail);
        if (entries.size() == capacity) {
            entries.removeFirst();
        }
        entries.addLast(entry);
        return entry;
    }

    private void tell(Entry entry) {
        listeners.forEach(listener -> listener.accept(entry));
    }
}
