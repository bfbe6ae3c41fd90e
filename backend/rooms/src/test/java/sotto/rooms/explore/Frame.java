package sotto.rooms.explore;

import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.SortedSet;
import sotto.rooms.explore.Symbols.Commit;
import sotto.rooms.group.Bytes;
import sotto.rooms.group.KeyPackageInfo;
import sotto.rooms.machine.RoomEvent.Admitted;
import sotto.rooms.machine.RoomEvent.Handed;
import sotto.rooms.rules.Agreed;
import sotto.rooms.rules.Pass;
import sotto.rooms.rules.RoomRules;
import sotto.rooms.wire.ConnectionId;
import sotto.rooms.wire.GroupId;
import sotto.rooms.wire.LogId;

/** What travels between clients and server. */
final class Frame {
    private Frame() {}

    /** What a client sends. */
    sealed interface Up {
        record Hello() implements Up {}

        record Post(Sealed payload) implements Up {}

        record CommitTo(GroupId group, long epoch, Sealed payload) implements Up {}

        record Send(ConnectionId to, Sealed payload) implements Up {}
    }

    /** What the server sends. */
    sealed interface Down {
        record Entered(ConnectionId me, LogId log, long sequence, List<ConnectionId> present) implements Down {}

        record Arrived(long sequence, ConnectionId from) implements Down {}

        record Gone(long sequence, ConnectionId from) implements Down {}

        record Posted(long sequence, ConnectionId from, Sealed payload) implements Down {}

        /** @param wrong why no member who was there may follow it, by everything that happened */
        record Committed(
                long sequence, ConnectionId from, GroupId group, long epoch, Sealed payload, Optional<Wrong> wrong)
                implements Down {}

        record Sent(ConnectionId from, Sealed payload) implements Down {}

        record Lost(GroupId group, long epoch) implements Down {}

        record Closed() implements Down {}
    }

    /** @param since place in the log from which on a member sees that it is wrong */
    record Wrong(Violation violation, long since) {}

    /** A sealed and signed payload: what its sender had seen of the log, and whose key signed it. */
    record Sealed(long seen, Bytes signer, Content content) {}

    /** What is in a payload. */
    sealed interface Content {
        record Join(KeyPackageInfo info) implements Content {}

        record Attach(GroupId group, long epoch, int leaf, long since, Agreed agreed) implements Content {}

        record Leave() implements Content {}

        record Rekey() implements Content {}

        record State() implements Content {}

        /** @param fresh a host sets these rules now */
        record Told(Agreed agreed, boolean fresh) implements Content {}

        record Admit(Bytes author, Pass pass, boolean allow) implements Content {}

        record Wait(boolean host, RoomRules rules) implements Content {}

        record Found(KeyPackageInfo founder, RoomRules rules) implements Content {}

        record Change(
                long since,
                List<Admitted> admitted,
                SortedMap<Integer, ConnectionId> seats,
                SortedSet<Bytes> banned,
                Optional<Handed> handed,
                Commit commit)
                implements Content {}
    }
}
