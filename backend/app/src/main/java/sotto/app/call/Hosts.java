package sotto.app.call;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.Base64;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import sotto.bridge.messages.BackendToPage.Outsider;
import sotto.bridge.messages.BackendToPage.Rules;
import sotto.rooms.RoomLink;
import sotto.rooms.group.Bytes;
import sotto.rooms.group.GroupView;
import sotto.rooms.group.KeyPackageInfo;
import sotto.rooms.group.Member;
import sotto.rooms.group.ParticipantId;
import sotto.rooms.rules.Agreed;
import sotto.rooms.rules.Pass;
import sotto.rooms.session.RoomSession;

/**
 * The hosts' side of a call: what the page shows of the rules, and what a host's page may ask for. Whether somebody may is
 * decided by every member's machine; here only what would come to nothing is left out. Call thread only.
 */
final class Hosts {
    /** Most people shown who wait; the others move up. */
    private static final int SHOWN = 32;

    private final RoomLink link;
    private final Bytes self;
    private Agreed agreed;
    private List<KeyPackageInfo> waiting = List.of();
    /** Names of people who were in the call, by identity: to tell those who were removed apart. */
    private final Map<Bytes, String> names = new HashMap<>();

    /** @param self own identity key */
    Hosts(RoomLink link, Bytes self) {
        this.link = link;
        this.self = self;
        agreed = Agreed.start(link.path());
    }

    void agreed(Agreed now) {
        agreed = now;
    }

    Agreed agreed() {
        return agreed;
    }

    void waiting(List<KeyPackageInfo> people) {
        waiting = List.copyOf(people);
    }

    /** Remembers what people are called: whoever is removed is not in the roster any more. */
    void saw(GroupView view) {
        for (Member member : view.members()) names.put(member.identity(), member.name());
        names.keySet()
                .removeIf(identity -> !agreed.rules().settings().removed().contains(identity)
                        && view.members().stream()
                                .noneMatch(member -> member.identity().equals(identity)));
    }

    private boolean maker(Bytes identity) {
        return link.host().names(link.room(), identity);
    }

    /** Whether this person is a host of the room. */
    boolean host(Bytes identity) {
        return maker(identity) || agreed.rules().host(identity);
    }

    boolean maySetPath() {
        return agreed.rules().settings().membersSwitchPath() || host(self);
    }

    Rules rules() {
        var settings = agreed.rules().settings();
        return new Rules(settings.locked(), settings.membersSwitchPath(), host(self), maker(self));
    }

    /** For hosts: the identities of all whom {@link #outside} and {@link #removed} tell of. */
    Set<Bytes> outsiders() {
        if (!host(self)) return Set.of();
        Set<Bytes> identities = new HashSet<>(agreed.rules().settings().removed());
        shown().forEach(one -> identities.add(one.identity()));
        return identities;
    }

    private List<KeyPackageInfo> shown() {
        return waiting.subList(0, Math.min(waiting.size(), SHOWN));
    }

    /**
     * For hosts: who waits.
     *
     * @param fingerprints of identities, or "" where there is none yet
     */
    List<Outsider> outside(Function<Bytes, String> fingerprints) {
        if (!host(self)) return List.of();
        return shown().stream()
                .map(one -> new Outsider(one.participant().toString(), one.name(), fingerprints.apply(one.identity())))
                .toList();
    }

    /**
     * For hosts: who was removed.
     *
     * @param fingerprints of identities, or "" where there is none yet
     */
    List<Outsider> removed(Function<Bytes, String> fingerprints) {
        if (!host(self)) return List.of();
        return agreed.rules().settings().removed().stream()
                .map(identity ->
                        new Outsider(id(identity), names.getOrDefault(identity, ""), fingerprints.apply(identity)))
                .toList();
    }

    /** Names an identity towards the page: the start of its hash. */
    private static String id(Bytes identity) {
        try {
            byte[] hash = MessageDigest.getInstance("SHA-256").digest(identity.toArray());
            return Base64.getUrlEncoder().withoutPadding().encodeToString(Arrays.copyOf(hash, ParticipantId.BYTES));
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    // What the page asks for

    void set(RoomSession session, boolean locked, boolean membersSwitchPath) {
        session.setRules(settings -> settings.withLocked(locked).withMembersSwitchPath(membersSwitchPath));
    }

    void admit(RoomSession session, String id, boolean allow) {
        waiting.stream()
                .filter(one -> one.participant().toString().equals(id))
                .findFirst()
                .ifPresent(one -> session.admit(Pass.of(one), allow));
    }

    void remove(RoomSession session, Optional<Member> member) {
        member.map(Member::identity)
                .filter(identity -> !identity.equals(self) && !maker(identity))
                .ifPresent(identity -> session.setRules(settings -> settings.withRemoved(identity, true)));
    }

    void lift(RoomSession session, String id) {
        agreed.rules().settings().removed().stream()
                .filter(identity -> id(identity).equals(id))
                .findFirst()
                .ifPresent(identity -> session.setRules(settings -> settings.withRemoved(identity, false)));
    }

    void name(RoomSession session, Optional<Member> member, boolean host) {
        member.map(Member::identity)
                .filter(identity -> !identity.equals(self))
                .ifPresent(identity -> session.nameHost(identity, host));
    }
}
