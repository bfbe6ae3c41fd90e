package sotto.server;

import java.security.SecureRandom;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import sotto.rooms.wire.ClientFrame;
import sotto.rooms.wire.ConnectionId;
import sotto.rooms.wire.GroupId;
import sotto.rooms.wire.IceServer;
import sotto.rooms.wire.LogEntry;
import sotto.rooms.wire.LogHead;
import sotto.rooms.wire.LogId;
import sotto.rooms.wire.Payload;
import sotto.rooms.wire.RoomId;
import sotto.rooms.wire.ServerFrame;
import sotto.rooms.wire.WireCodec;
import sotto.rooms.wire.WireLimits;
import sotto.server.relay.RelayRoom;

/**
 * One room: who is in it, and the head of its log. Entries themselves are passed on and forgotten.
 *
 * <p>One lock gives the total order: under it an entry gets its sequence, is hashed, encoded once and put into every
 * member's queue. So each member's queue holds the same entries in the same order, and a {@code sent} or {@code lost}
 * keeps its place among them. Sending happens after the lock is released; a queue has one sender at a time.
 *
 * <p><b>First commit wins</b> with one number per group: a commit for (G, e) is accepted if G is new or e is above the
 * highest epoch accepted for G. An MLS epoch is begun by exactly one commit, so whoever saw the accepted one makes
 * commits for higher epochs only: anything at or below the highest lost its race. "Highest plus one" would be stricter
 * but wrong: after a restart of the server the log is new, the group lives on, and its first commit in this log may come
 * from a member who is behind; the others must not be held back by that.
 */
final class Room {
    /** How an attempt to enter ended. */
    enum Entering {
        DONE,
        FULL,
        /** The last member left in the meantime and the room's log ended; a new room takes its place. */
        OVER
    }

    /** How a commit ended. */
    enum Commit {
        ACCEPTED,
        LOST,
        TOO_MANY_GROUPS
    }

    private static final Member[] NOBODY = {};

    private final RoomId id;
    private final int mostPeople;
    private final int mostGroups;
    private final Offers offers;
    private final RelayRoom relayRoom = new RelayRoom();
    private final Metrics metrics;
    private final LogId log;

    private final ReentrantLock lock = new ReentrantLock();
    private final Map<ConnectionId, Member> byId = new LinkedHashMap<>();
    private final Map<GroupId, Long> highestEpoch = new HashMap<>();
    private Member[] members = NOBODY;
    private LogHead head;
    private boolean over;

    Room(RoomId id, ServerSettings settings, Offers offers, Metrics metrics, SecureRandom random) {
        this.id = id;
        this.mostPeople = settings.capacity().people();
        this.mostGroups = settings.capacity().groups();
        this.offers = offers;
        this.metrics = metrics;
        this.log = LogId.random(random);
        this.head = LogHead.start(id, log);
    }

    RoomId id() {
        return id;
    }

    /** Its place on the relays. */
    RelayRoom relayRoom() {
        return relayRoom;
    }

    Entering enter(Member member) {
        List<IceServer> iceServers = offers.iceServers();
        boolean relay = offers.relayOffered();
        Member[] audience;
        lock.lock();
        try {
            if (over) return Entering.OVER;
            if (byId.size() >= mostPeople) return Entering.FULL;
            member.enqueue(WireCodec.encode(new ServerFrame.Entered(
                    WireLimits.VERSION, member.id(), log, head, List.copyOf(byId.keySet()), iceServers, relay)));
            byId.put(member.id(), member);
            members = byId.values().toArray(NOBODY);
            audience = append(new LogEntry.Arrived(head.sequence() + 1, member.id()));
        } finally {
            lock.unlock();
        }
        flush(audience);
        return Entering.DONE;
    }

    /** @return whether the room is empty now and its log over */
    boolean leave(Member member) {
        Member[] audience;
        lock.lock();
        try {
            if (!byId.remove(member.id(), member)) return false;
            members = byId.values().toArray(NOBODY);
            audience = append(new LogEntry.Gone(head.sequence() + 1, member.id()));
            over = byId.isEmpty();
            if (over) return true;
        } finally {
            lock.unlock();
        }
        flush(audience);
        return false;
    }

    /** Ends the room without telling its members one by one that the others went. */
    void stop() {
        lock.lock();
        try {
            over = true;
            byId.clear();
            members = NOBODY;
        } finally {
            lock.unlock();
        }
    }

    void post(Member from, Payload payload) {
        flush(locked(from, () -> append(new LogEntry.Message(head.sequence() + 1, from.id(), payload))));
    }

    Commit commit(Member from, ClientFrame.Commit commit) {
        Member[] audience;
        Commit outcome;
        lock.lock();
        try {
            if (!byId.containsKey(from.id())) return Commit.LOST;
            Long highest = highestEpoch.get(commit.group());
            if (highest != null && commit.epoch() <= highest) {
                outcome = Commit.LOST;
                metrics.commitLost();
                from.enqueue(WireCodec.encode(new ServerFrame.Lost(commit.group(), commit.epoch())));
                audience = new Member[] {from};
            } else if (highest == null && highestEpoch.size() >= mostGroups) {
                outcome = Commit.TOO_MANY_GROUPS;
                audience = NOBODY;
            } else {
                outcome = Commit.ACCEPTED;
                highestEpoch.put(commit.group(), commit.epoch());
                audience = append(new LogEntry.Commit(
                        head.sequence() + 1, from.id(), commit.group(), commit.epoch(), commit.payload()));
            }
        } finally {
            lock.unlock();
        }
        flush(audience);
        return outcome;
    }

    /** @return whether the addressee is in the room */
    boolean send(Member from, ConnectionId to, Payload payload) {
        Member[] audience = locked(from, () -> {
            Member receiver = byId.get(to);
            if (receiver == null) return NOBODY;
            metrics.sent();
            receiver.enqueue(WireCodec.encode(new ServerFrame.Sent(from.id(), payload)));
            return new Member[] {receiver};
        });
        flush(audience);
        return audience.length == 1;
    }

    /** Does nothing for who is no longer in: its last frame may be handled while the connection is being ended. */
    private Member[] locked(Member from, Supplier<Member[]> action) {
        lock.lock();
        try {
            return byId.containsKey(from.id()) ? action.get() : NOBODY;
        } finally {
            lock.unlock();
        }
    }

    private Member[] append(LogEntry entry) {
        head = head.next(entry);
        metrics.entry(entry);
        String frame = WireCodec.encode(new ServerFrame.Entry(entry));
        for (Member member : members) member.enqueue(frame);
        return members;
    }

    private static void flush(Member[] audience) {
        for (Member member : audience) member.flush();
    }
}
