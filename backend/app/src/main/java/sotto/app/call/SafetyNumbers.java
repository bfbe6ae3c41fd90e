package sotto.app.call;

import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import sotto.keys.identity.IdentityKey;
import sotto.rooms.group.Bytes;
import sotto.rooms.group.GroupView;

/**
 * What the people of one call compare: fingerprints, also of those who wait for a host or were removed, and the safety
 * number of the present epoch. Each takes
 * thousands of hash rounds, for which neither keys nor signals should wait: they are made on a thread of their own, and
 * until then there is none. Call thread only.
 */
final class SafetyNumbers {
    private final RoomGroup group;
    private final CallThread thread;
    private final Runnable made;

    /** By identity key, as far as they have been made. */
    private final Map<Bytes, String> fingerprints = new HashMap<>();

    /** Identity keys whose fingerprints are being made. */
    private final Set<Bytes> underWay = new HashSet<>();

    private Set<Bytes> outsiders = Set.of();
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
        make(view.members().size() < 2 ? Optional.empty() : Optional.of(group.safetyNumber()));
    }

    /** Those outside of the call whose fingerprints are wanted, too, from now on. */
    void outsiders(Set<Bytes> identities) {
        if (identities.equals(outsiders)) return;
        outsiders = Set.copyOf(identities);
        make(Optional.empty());
    }

    private void make(Optional<Supplier<String>> number) {
        Set<Bytes> wanted = new HashSet<>(outsiders);
        epoch.ifPresent(view -> view.members().forEach(member -> wanted.add(member.identity())));
        fingerprints.keySet().retainAll(wanted);
        wanted.removeAll(fingerprints.keySet());
        wanted.removeAll(underWay);
        if (number.isEmpty() && wanted.isEmpty()) return;
        underWay.addAll(wanted);
        Optional<GroupView> of = epoch;
        Thread.ofPlatform().name("sotto-safety-numbers").daemon().start(() -> {
            Optional<String> newNumber = number.map(Supplier::get);
            Map<Bytes, String> found = new HashMap<>();
            for (Bytes identity : wanted) found.put(identity, fingerprintOf(identity));
            thread.execute(() -> {
                if (over) return;
                underWay.removeAll(wanted);
                fingerprints.putAll(found);
                if (newNumber.isPresent() && epoch.equals(of)) safetyNumber = newNumber;
                made.run();
            });
        });
    }

    private static String fingerprintOf(Bytes identity) {
        try {
            return new IdentityKey(identity.toArray()).fingerprint();
        } catch (IllegalArgumentException noKey) {
            return ""; // a host removed what is nobody
        }
    }

    void close() {
        over = true;
    }
}
