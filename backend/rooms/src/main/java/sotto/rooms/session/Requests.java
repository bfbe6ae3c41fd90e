package sotto.rooms.session;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import sotto.rooms.envelope.Opened;
import sotto.rooms.envelope.RoomMessage;
import sotto.rooms.group.Bytes;
import sotto.rooms.group.GroupView;
import sotto.rooms.group.KeyPackageInfo;
import sotto.rooms.machine.Alarm;
import sotto.rooms.machine.LogState;
import sotto.rooms.machine.RoomEvent;
import sotto.rooms.machine.RoomEvent.Message;
import sotto.rooms.machine.RoomMachine;
import sotto.rooms.session.GroupPort.GroupException;
import sotto.rooms.wire.ConnectionId;
import sotto.rooms.wire.LogEntry;

/**
 * Reads others' requests to join. A member verifies each at once. Who waits to be let in itself would do so for nothing:
 * in a crowd most of the others come in with the same commit. It verifies what it needs anyway when it meets them in the
 * tree of its Welcome, the leaf and the identity's binding. That the request comes from that leaf, and the KeyPackage
 * too, is proved when something depends on it: another request is like it, a commit to be judged or a new group names
 * it, or this client is in a group and may grant it.
 */
final class Requests {
    private static final int MOST = RoomMachine.PEERS;

    private final Shell shell;
    private final Map<ConnectionId, Unproved> unproved = new LinkedHashMap<>();
    private Founded groups = new Founded(0);

    private record Unproved(long sequence, Opened opened, Bytes keyPackage) {}

    Requests(Shell shell) {
        this.shell = shell;
    }

    /** @param groups is told who asked, once that is proved */
    void entered(Founded groups) {
        this.groups = groups;
    }

    Message read(LogEntry.Message entry, Opened opened, RoomMessage.Join join) {
        ConnectionId from = entry.from();
        boolean waiting = shell.state.group().isEmpty() && !from.equals(shell.me) && unproved.size() < MOST;
        if (!waiting) {
            prove(from);
            return proved(from, opened, join.keyPackage());
        }
        try {
            KeyPackageInfo info =
                    shell.ports.group().inspectLeaf(join.keyPackage().toArray());
            List<ConnectionId> alike = alike(from, info);
            if (alike.isEmpty() && !info.participant().equals(shell.state.self())) {
                unproved.put(from, new Unproved(entry.sequence(), opened, join.keyPackage()));
                return new Message.Join(info, join.keyPackage());
            }
            alike.forEach(this::prove);
            return proved(from, opened, join.keyPackage());
        } catch (GroupException invalid) {
            return new Message.Bad(Alarm.JOIN_INVALID, invalid.getMessage());
        }
    }

    /** Connections whose requests this one would replace or stand beside. */
    private List<ConnectionId> alike(ConnectionId from, KeyPackageInfo info) {
        return shell.state.log().stream()
                .flatMap(log -> log.joins().values().stream())
                .filter(other -> other.from().equals(from)
                        || other.info().participant().equals(info.participant())
                        || other.info().signatureKey().equals(info.signatureKey()))
                .map(LogState.Join::from)
                .toList();
    }

    private Message proved(ConnectionId from, Opened opened, Bytes keyPackage) {
        try {
            KeyPackageInfo info = shell.ports.group().inspect(keyPackage.toArray());
            if (!opened.signedBy(info.signatureKey()))
                return new Message.Bad(Alarm.SIGNATURE_INVALID, "a join request is not signed by its own KeyPackage");
            groups.asked(from, info.participant());
            return new Message.Join(info, keyPackage);
        } catch (GroupException invalid) {
            return new Message.Bad(Alarm.JOIN_INVALID, invalid.getMessage());
        }
    }

    /** Something depends on these. What does not hold is taken back from the machine. */
    void prove(List<RoomMessage.Joined> named) {
        for (RoomMessage.Joined join : named) prove(join.connection());
    }

    /** This client founds a group: it may grant any of them. */
    void proveAll() {
        for (ConnectionId from : List.copyOf(unproved.keySet())) prove(from);
    }

    /** This client is let into a group: those who are not in it may be granted next, by this member too. */
    void proveAbsent(GroupView view) {
        for (ConnectionId from : List.copyOf(unproved.keySet())) {
            boolean there = standing(from)
                    .flatMap(join -> view.member(join.info().participant())
                            .filter(member ->
                                    member.signatureKey().equals(join.info().signatureKey())))
                    .isPresent();
            if (!there) prove(from);
        }
    }

    private void prove(ConnectionId from) {
        Unproved request = unproved.remove(from);
        if (request == null
                || standing(from)
                        .filter(join -> join.sequence() == request.sequence)
                        .isEmpty()) return; // the machine has forgotten it
        if (proved(from, request.opened, request.keyPackage) instanceof Message.Bad bad)
            shell.handle(new RoomEvent.Disproved(from, request.sequence, bad.alarm(), bad.detail()));
    }

    private Optional<LogState.Join> standing(ConnectionId from) {
        return shell.state.log().map(log -> log.joins().get(from));
    }
}
