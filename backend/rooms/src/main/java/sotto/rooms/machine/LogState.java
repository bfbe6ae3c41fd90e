package sotto.rooms.machine;

import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import sotto.rooms.group.Bytes;
import sotto.rooms.group.KeyPackageInfo;
import sotto.rooms.rules.Pass;
import sotto.rooms.wire.ConnectionId;
import sotto.rooms.wire.GroupId;
import sotto.rooms.wire.LogId;

/**
 * What a client knows of the room's log and of the connections in it.
 *
 * @param me own connection
 * @param entered sequence of the last entry before the own arrival: nothing up to it was seen on this connection
 * @param sequence of the last entry that was processed
 * @param past own earlier connections in this log that the server may not know to be dead; not among {@code peers}
 * @param peers connections present, oneself included, in order of arrival
 * @param joins who asks to be admitted, by connection; without oneself
 * @param newest the newest group heard of
 * @param newestEpoch the latest epoch of it that was heard of; 0 if none
 * @param banned identities caught with a commit that the rules forbid
 * @param told identities that others have banned, as the committer who admitted this member said
 * @param ignored groups founded by people whom the rules kept out, the newest; they count once the rules let them in
 */
public record LogState(
        LogId id,
        ConnectionId me,
        long entered,
        long sequence,
        SortedSet<ConnectionId> past,
        List<Peer> peers,
        SortedMap<ConnectionId, Join> joins,
        Optional<Mark> newest,
        long newestEpoch,
        SortedSet<Bytes> banned,
        SortedSet<Bytes> told,
        SortedMap<Mark, Pass> ignored) {

    public LogState {
        past = Collections.unmodifiableSortedSet(new TreeSet<>(past));
        peers = List.copyOf(peers);
        joins = Collections.unmodifiableSortedMap(new TreeMap<>(joins));
        banned = Collections.unmodifiableSortedSet(new TreeSet<>(banned));
        told = Collections.unmodifiableSortedSet(new TreeSet<>(told));
        ignored = Collections.unmodifiableSortedMap(new TreeMap<>(ignored));
    }

    /**
     * A connection that is present.
     *
     * @param arrived sequence of its arrival; 0 if that was before the own one
     * @param epochThen the latest epoch of the newest group when it arrived: it has seen all later commits. 0 if
     *     unknown
     * @param left has said that it leaves
     * @param claim what it said about itself while this client was in no group to judge it
     */
    public record Peer(ConnectionId id, long arrived, long epochThen, boolean left, Optional<Claim> claim) {
        Peer withEpochThen(long epoch) {
            return new Peer(id, arrived, epoch, left, claim);
        }

        Peer whoLeft() {
            return new Peer(id, arrived, epochThen, true, claim);
        }

        Peer withClaim(Claim latest) {
            return new Peer(id, arrived, epochThen, left, Optional.of(latest));
        }
    }

    /**
     * A connection says that a member is on it now.
     *
     * @param leaf the member's
     * @param sequence of that message
     */
    public record Claim(int leaf, long sequence) {}

    /**
     * A request for admission.
     *
     * @param sequence of its (latest) entry
     * @param references of all KeyPackages that this connection asked with, the latest last
     * @param info what the latest KeyPackage says
     * @param keyPackage the latest
     * @param gone sequence at which the connection went; 0 while it is there. Kept for a while: a commit may be under
     *     way that adds it
     * @param granted the groups of which a commit added this KeyPackage. Whoever asked may wait for another group
     */
    public record Join(
            ConnectionId from,
            long sequence,
            List<Bytes> references,
            KeyPackageInfo info,
            Bytes keyPackage,
            long gone,
            SortedSet<GroupId> granted) {
        public Join {
            references = List.copyOf(references);
            granted = Collections.unmodifiableSortedSet(new TreeSet<>(granted));
        }

        Join goneAt(long sequence) {
            return new Join(from, this.sequence, references, info, keyPackage, sequence, granted);
        }

        Join grantedBy(GroupId group) {
            SortedSet<GroupId> groups = new TreeSet<>(granted);
            groups.add(group);
            return new Join(from, sequence, references, info, keyPackage, gone, groups);
        }

        /** Whether it still waits for this group. */
        boolean pending(GroupId group) {
            return gone == 0 && !granted.contains(group);
        }
    }

    /** The connection, if it is present. */
    public Optional<Peer> peer(ConnectionId id) {
        return peers.stream().filter(peer -> peer.id().equals(id)).findFirst();
    }
}
