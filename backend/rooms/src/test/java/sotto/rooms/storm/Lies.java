package sotto.rooms.storm;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import sotto.rooms.storm.Server.Side;
import sotto.rooms.storm.Server.Wire;
import sotto.rooms.wire.ClientFrame;
import sotto.rooms.wire.ConnectionId;
import sotto.rooms.wire.LogEntry;
import sotto.rooms.wire.Payload;
import sotto.rooms.wire.ServerFrame;

/** What a server does that lies: all that it can do without the link's secret. */
final class Lies {
    private final Server server;
    private final Storm storm;
    private final Random random;
    private int crossing;

    Lies(Server server) {
        this.server = server;
        storm = server.storm;
        random = storm.random;
    }

    private <T> T any(List<T> list) {
        return list.get(random.nextInt(list.size()));
    }

    /** One lie, or none where it cannot be. */
    void lie() {
        if (server.sides.isEmpty()) return;
        Side side = any(server.sides);
        if (side.present.isEmpty()) return;
        ConnectionId one = any(List.copyOf(side.present.keySet()));
        switch (random.nextInt(14)) {
            case 0, 1 -> fork();
            case 2, 3, 4 -> crossing += 1 + random.nextInt(3);
            case 5 -> {
                storm.tell(() -> "LIE: " + who(side, one) + " went");
                side.present.remove(one);
                side.append(new LogEntry.Gone(side.next(), one));
            }
            case 6 -> {
                storm.tell(() -> "LIE: somebody came");
                ConnectionId ghost = ConnectionId.of(server.random(16));
                side.present.put(ghost, Optional.empty());
                side.append(new LogEntry.Arrived(side.next(), ghost));
            }
            case 7 -> {
                storm.tell(() -> "LIE: " + who(side, one) + " said something");
                side.append(new LogEntry.Message(side.next(), one, Payload.of(server.random(200))));
            }
            case 8 -> commit(side, one, Payload.of(server.random(400)));
            case 9, 10 -> replay(side, one);
            case 11 ->
                side.present
                        .get(one)
                        .ifPresent(wire -> side.highest.forEach((group, epoch) -> {
                            storm.tell(() -> "LIE: " + wire.guest.name + " lost epoch " + epoch);
                            wire.down(new ServerFrame.Lost(group, epoch + random.nextInt(2)));
                        }));
            case 12 ->
                side.present.get(one).filter(wire -> server.sides.size() == 2).ifPresent(wire -> {
                    storm.tell(() -> "LIE: " + wire.guest.name + " is moved to the other log");
                    wire.side = server.sides.get(1 - server.sides.indexOf(side));
                });
            default -> {
                storm.tell(() -> "LIE: " + who(side, one) + " is not told of an entry");
                withhold(side, one);
            }
        }
    }

    private static String who(Side side, ConnectionId id) {
        return side.present
                .getOrDefault(id, Optional.empty())
                .map(wire -> wire.guest.name)
                .orElse("nobody");
    }

    /** From now on two logs; each side may be told that the other went. */
    private void fork() {
        if (server.sides.size() > 1) return;
        Side first = server.sides.getFirst();
        Side second = server.new Side(first);
        server.sides.add(second);
        boolean told = random.nextBoolean();
        List<ConnectionId> moved = new ArrayList<>();
        for (var wire : first.present.values())
            wire.filter(to -> random.nextBoolean()).ifPresent(to -> {
                to.side = second;
                moved.add(to.id);
            });
        storm.tell(() -> "LIE: two logs from here, the other one for "
                + moved.stream().map(id -> who(first, id)).toList() + (told ? ", each told" : ""));
        if (!told) return;
        for (ConnectionId id : List.copyOf(first.present.keySet())) {
            Side other = moved.contains(id) ? first : second;
            other.present.remove(id);
            other.append(new LogEntry.Gone(other.next(), id));
        }
    }

    /** Keeps the next entry from one member, and numbers on: a log of its own. */
    private void withhold(Side side, ConnectionId one) {
        if (server.sides.size() > 1) return;
        Side own = server.new Side(side);
        side.present.get(one).ifPresent(wire -> {
            wire.side = own;
            server.sides.add(own);
            // What comes is copied to both logs: the one lacks what the other has.
            side.append(new LogEntry.Arrived(side.next(), ConnectionId.of(server.random(16))));
            crossing += 8;
        });
    }

    private void commit(Side side, ConnectionId one, Payload payload) {
        if (side.highest.isEmpty()) return;
        var group = any(List.copyOf(side.highest.keySet()));
        long epoch = side.highest.get(group) + 1;
        storm.tell(() -> "LIE: " + who(side, one) + " made a commit for epoch " + epoch);
        side.highest.put(group, epoch);
        side.append(new LogEntry.Commit(side.next(), one, group, epoch, payload));
    }

    /** Something that was said before, by whom it was or by another. */
    private void replay(Side side, ConnectionId one) {
        LogEntry old = any(side.entries);
        ConnectionId from = random.nextBoolean() ? old.from() : one;
        switch (old) {
            case LogEntry.Message message -> {
                storm.tell(() -> "LIE: said again, entry " + message.sequence());
                side.append(new LogEntry.Message(side.next(), from, message.payload()));
            }
            case LogEntry.Commit commit -> commit(side, from, commit.payload());
            default -> {}
        }
    }

    /** Which logs something goes into: the sender's; or the other one, both, or none. */
    List<Side> takers(Wire from, ClientFrame frame) {
        if (server.sides.size() < 2 || crossing == 0) return List.of(from.side);
        crossing--;
        storm.tell(() -> "LIE: something of " + from.guest.name + " crosses: "
                + frame.getClass().getSimpleName());
        return switch (random.nextInt(4)) {
            case 0 -> List.of(server.sides.get(1 - server.sides.indexOf(from.side) & 1));
            case 1 -> List.of();
            default -> List.copyOf(server.sides);
        };
    }
}
