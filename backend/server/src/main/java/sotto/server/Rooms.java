package sotto.server;

import java.security.SecureRandom;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.Semaphore;
import sotto.rooms.wire.ConnectionId;
import sotto.rooms.wire.RoomId;

/** The rooms that have somebody in them. A room begins with its first connection and ends with its last. */
final class Rooms {
    /** How an attempt to enter ended. */
    sealed interface Entering {
        record Done(Room room) implements Entering {}

        record RoomFull() implements Entering {}

        record ServerFull() implements Entering {}
    }

    private final ServerSettings settings;
    private final Offers offers;
    private final Metrics metrics;
    private final SecureRandom random = new SecureRandom();
    private final ConcurrentMap<RoomId, Room> rooms = new ConcurrentHashMap<>();
    private final Semaphore free;

    Rooms(ServerSettings settings, Offers offers, Metrics metrics) {
        this.settings = settings;
        this.offers = offers;
        this.metrics = metrics;
        this.free = new Semaphore(settings.capacity().rooms());
    }

    ConnectionId newConnectionId() {
        return ConnectionId.random(random);
    }

    int count() {
        return rooms.size();
    }

    Entering enter(RoomId id, Member member) {
        while (true) {
            Room room = rooms.get(id);
            if (room == null) {
                if (!free.tryAcquire()) return new Entering.ServerFull();
                Room fresh = new Room(id, settings, offers, metrics, random);
                room = rooms.putIfAbsent(id, fresh);
                if (room == null) room = fresh;
                else free.release();
            }
            switch (room.enter(member)) {
                case DONE -> {
                    return new Entering.Done(room);
                }
                case FULL -> {
                    return new Entering.RoomFull();
                }
                // Whoever ended it takes it out of the map next, if that has not happened yet.
                case OVER -> Thread.onSpinWait();
            }
        }
    }

    void leave(Room room, Member member) {
        if (!room.leave(member) || !rooms.remove(room.id(), room)) return;
        free.release();
        offers.relay().ifPresent(relay -> relay.over(room.relayRoom()));
    }

    /** For shutdown: no room tells anything any more. */
    void stop() {
        rooms.values().forEach(Room::stop);
    }
}
