package sotto.rooms.explore;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Immutable queues of numbers, each named by a number itself. 0 is the empty one. */
final class Queues {
    private static final int[] EMPTY = {};

    private record Content(int[] items) {
        @Override
        public boolean equals(Object other) {
            return other instanceof Content that && java.util.Arrays.equals(items, that.items);
        }

        @Override
        public int hashCode() {
            return java.util.Arrays.hashCode(items);
        }
    }

    private final Map<Content, Integer> names = new HashMap<>();
    private final List<int[]> contents = new ArrayList<>();
    private final Map<Long, Integer> appended = new HashMap<>();
    private final List<Integer> tails = new ArrayList<>();

    Queues() {
        name(EMPTY);
    }

    private int name(int[] items) {
        return names.computeIfAbsent(new Content(items), content -> {
            contents.add(items);
            tails.add(-1);
            return contents.size() - 1;
        });
    }

    int append(int queue, int item) {
        return appended.computeIfAbsent((long) queue << 32 | item, key -> {
            int[] before = contents.get(queue);
            int[] after = java.util.Arrays.copyOf(before, before.length + 1);
            after[before.length] = item;
            return name(after);
        });
    }

    int head(int queue) {
        return contents.get(queue)[0];
    }

    int tail(int queue) {
        int known = tails.get(queue);
        if (known >= 0) return known;
        int[] items = contents.get(queue);
        int tail = name(java.util.Arrays.copyOfRange(items, 1, items.length));
        tails.set(queue, tail);
        return tail;
    }

    int size() {
        return contents.size();
    }
}
