package sotto.rooms.session;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import sotto.rooms.envelope.RoomMessage;
import sotto.rooms.group.GroupView;
import sotto.rooms.group.Member;
import sotto.rooms.group.ParticipantId;
import sotto.rooms.machine.RoomMachine;
import sotto.rooms.wire.ConnectionId;
import sotto.rooms.wire.GroupId;
import sotto.rooms.wire.LogEntry;

/**
 * Who may be in the groups that were founded before this client's eyes: the founder, and whom commits since then named as
 * added. A Welcome shows the whole group at once; without this, a founder could bring along somebody who never asked.
 * Groups from before this connection are not judged: others saw how they grew. Kept for one connection.
 */
final class Founded {
    /** Groups remembered; who founds more has only itself to blame. */
    private static final int GROUPS = 64;
    /** Requests remembered for a connection, and connections. */
    private static final int REQUESTS = 64;

    private static final int CONNECTIONS = 2 * RoomMachine.PEERS;

    private final long entered;
    /** By group and leaf: who may be there; empty for whoever asked before this client's time. */
    private final Map<GroupId, Map<Integer, Optional<List<ParticipantId>>>> groups = new LinkedHashMap<>();

    private final Map<ConnectionId, List<ParticipantId>> asked = new LinkedHashMap<>();

    /** @param entered sequence of the last entry that this connection does not see */
    Founded(long entered) {
        this.entered = entered;
    }

    /** Somebody asked to join. */
    void asked(ConnectionId from, ParticipantId who) {
        List<ParticipantId> earlier = asked.computeIfAbsent(from, any -> new ArrayList<>());
        earlier.add(who);
        if (earlier.size() > REQUESTS) earlier.removeFirst();
        if (asked.size() > CONNECTIONS) asked.remove(asked.keySet().iterator().next());
    }

    void founded(LogEntry.Commit entry, ParticipantId founder) {
        Map<Integer, Optional<List<ParticipantId>>> leaves = new HashMap<>();
        leaves.put(0, Optional.of(List.of(founder)));
        groups.put(entry.group(), leaves);
        if (groups.size() > GROUPS) groups.remove(groups.keySet().iterator().next());
    }

    /** A commit names whom it adds. Who asked before this client's time is believed to have asked. */
    void named(LogEntry.Commit entry, RoomMessage.Commit commit) {
        Map<Integer, Optional<List<ParticipantId>>> leaves = groups.get(entry.group());
        if (leaves == null) return;
        for (RoomMessage.Joined join : commit.joins()) {
            if (join.sequence() <= entered) leaves.put(join.leaf(), Optional.empty());
            else leaves.put(join.leaf(), Optional.of(List.copyOf(asked.getOrDefault(join.connection(), List.of()))));
        }
    }

    /** A member of the group of whom nobody was told; oneself is known. */
    Optional<Member> ghost(GroupView view) {
        Map<Integer, Optional<List<ParticipantId>>> leaves = groups.get(view.group());
        if (leaves == null) return Optional.empty();
        return view.members().stream()
                .filter(member -> member.leaf() != view.ownLeaf())
                .filter(member -> !leaves.containsKey(member.leaf())
                        || leaves.get(member.leaf())
                                .filter(any -> !any.contains(member.participant()))
                                .isPresent())
                .findFirst();
    }
}
