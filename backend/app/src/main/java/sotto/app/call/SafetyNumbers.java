package sotto.app.call;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import sotto.keys.identity.IdentityKey;
import sotto.rooms.group.Bytes;
import sotto.rooms.group.GroupView;
import sotto.rooms.group.Member;

/**
 * What the people of one call compare: everybody's fingerprint, and the safety number of the present epoch. Each takes
 * thousands of hash rounds, for which neither keys nor signals should wait: they are made on a thread of their own, and
 * until then there is none. Call thread only.
 */
final class SafetyNumbers {
    private final RoomGroup group;
    private final CallThread thread;
    private final Runnable made;

    /** By identity key, as far as they have been made. */
    private final Map<Bytes, String> fingerprints = new HashMap<>();

    private Optional<String> safetyNumber = Optional.empty();
    private Optional<GroupView> epoch = Optional.empty();
    private boolean over;

    /** @param made called on the call thread when there are others than before */
    SafetyNumbers(RoomGroup group, CallThread thread, Runnable made) {
        this.group = group;
        this.thread = thread;
        this.made = made;
    }

    /** Sixty digits; empty until they are made, and for who is alone. */
    Optional<String> safetyNumber() {
        return safetyNumber;
    }

    /** Empty until it is made. */
    String fingerprint(Bytes identity) {
        return fingerprints.getOrDefault(identity, "");
    }

    /** The number of the epoch before is nobody's any more. The new one is made from the group as it is now. */
    void epochBegan(GroupView view) {
        epoch = Optional.of(view);
        safetyNumber = Optional.empty();
        List<Bytes> present = view.members().stream().map(Member::identity).toList();
        fingerprints.keySet().retainAll(present);
        Optional<Supplier<String>> number = present.size() < 2 ? Optional.empty() : Optional.of(group.safetyNumber());
        List<Bytes> unknown = present.stream()
                .filter(identity -> !fingerprints.containsKey(identity))
                .toList();
        if (number.isEmpty() && unknown.isEmpty()) return;
        Thread.ofPlatform().name("sotto-safety-numbers").daemon().start(() -> {
            Optional<String> newNumber = number.map(Supplier::get);
            Map<Bytes, String> found = new HashMap<>();
            for (Bytes identity : unknown) found.put(identity, new IdentityKey(identity.toArray()).fingerprint());
            thread.execute(() -> {
                if (over) return;
                fingerprints.putAll(found);
                if (epoch.filter(view::equals).isPresent()) safetyNumber = newNumber;
                made.run();
            });
        });
    }

    void close() {
        over = true;
    }
}
