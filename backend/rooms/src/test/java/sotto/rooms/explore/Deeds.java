package sotto.rooms.explore;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;
import sotto.rooms.RoomPath;
import sotto.rooms.explore.Action.Kind;
import sotto.rooms.explore.Frame.Content;
import sotto.rooms.group.Bytes;
import sotto.rooms.machine.GroupState;
import sotto.rooms.machine.RoomMachine;
import sotto.rooms.machine.RoomState;
import sotto.rooms.rules.Agreed;
import sotto.rooms.rules.Pass;
import sotto.rooms.rules.RoomRules;
import sotto.rooms.rules.Settings;
import sotto.rooms.rules.Statement;

/**
 * What hosts do by way of their apps, as {@code sotto.rooms.session.Hosting} makes it: rules that go on from what this host
 * knows, and from its own that may not be back in the log yet. The first person made the room. Signatures are left out.
 */
final class Deeds {
    /** Who made the room. */
    static final int MAKER = 0;

    private static final Bytes SIGNATURE = Bytes.of(new byte[Statement.SIGNATURE_BYTES]);

    private Deeds() {}

    /** Whether a member can post and is heard as one. */
    static boolean speaks(RoomState state) {
        return state.phase() == RoomState.Phase.INSIDE
                && state.group()
                        .filter(group -> group.standing() == GroupState.Standing.GOOD
                                && group.seats().containsKey(group.view().ownLeaf()))
                        .isPresent();
    }

    /** What this client can do now of these kinds. */
    static List<Action> possible(Client client, int people, SortedSet<Kind> kinds) {
        List<Action> possible = new ArrayList<>();
        if (!speaks(client.machine())) return possible;
        for (Kind kind : kinds) {
            switch (kind) {
                case LOCK, UNLOCK -> add(client, kind, 0, possible);
                case PATH -> {
                    for (RoomPath path : RoomPath.values())
                        if (path != client.machine().accord().agreed().path()
                                && client.machine()
                                        .accord()
                                        .agreed()
                                        .rules()
                                        .settings()
                                        .membersSwitchPath())
                            possible.add(new Action(kind, client.who(), path.ordinal()));
                }
                default -> {
                    for (int other = 0; other < people; other++) add(client, kind, other, possible);
                }
            }
        }
        return possible;
    }

    private static void add(Client client, Kind kind, int other, List<Action> possible) {
        if (Kind.DEEDS.contains(kind) && content(client, kind, other).isPresent())
            possible.add(new Action(kind, client.who(), other));
    }

    /** What the client posts; empty if it cannot do this, or nothing would change. */
    static Optional<Content> content(Client client, Kind kind, int other) {
        if (!speaks(client.machine())) return Optional.empty();
        return kind == Kind.ADMIT || kind == Kind.REFUSE
                ? answer(client, other, kind == Kind.ADMIT)
                : rules(client, kind, other)
                        .map(rules -> new Content.Told(known(client).with(rules), true));
    }

    private static Agreed known(Client client) {
        return client.machine().accord().agreed();
    }

    private static Optional<Content> answer(Client client, int other, boolean allow) {
        Bytes self = Symbols.identity(client.who());
        if (!known(client).rules().host(self)) return Optional.empty();
        return RoomMachine.waiting(client.machine()).stream()
                .filter(info -> Symbols.who(info.participant()) == other)
                .findFirst()
                .map(info -> new Content.Admit(self, Pass.of(info), allow));
    }

    private static Optional<RoomRules> rules(Client client, Kind kind, int other) {
        Agreed agreed = known(client);
        RoomRules rules = client.said().compareTo(agreed.rules()) > 0 ? client.said() : agreed.rules();
        Bytes self = Symbols.identity(client.who());
        Bytes person = Symbols.identity(other);
        boolean maker = client.who() == MAKER;
        if (!maker && !rules.host(self) || kind == Kind.NAME && (!maker || other == MAKER)) return Optional.empty();
        boolean meant = client.machine().group().orElseThrow().view().members().stream()
                .anyMatch(member -> member.identity().equals(person) && other != client.who());
        Settings now = rules.settings();
        SortedSet<Bytes> named = new TreeSet<>(rules.named());
        Settings next;
        switch (kind) {
            case LOCK -> next = now.withLocked(true);
            case UNLOCK -> next = now.withLocked(false);
            case REMOVE -> next = meant ? now.withRemoved(person, true) : now;
            case PARDON -> next = now.withRemoved(person, false);
            default -> {
                if (!named.remove(person) && meant) named.add(person);
                next = now.withRemoved(person, false);
            }
        }
        if (next.equals(now) && named.equals(rules.named())) return Optional.empty();
        Settings signed = next.withPath(agreed.path(), agreed.next());
        if (!maker) {
            long number = rules.host().map(Statement::number).orElse(0L) + 1;
            Statement own =
                    new Statement(self, rules.maker().orElseThrow().term(), number, signed, new TreeSet<>(), SIGNATURE);
            return Optional.of(new RoomRules(rules.maker(), Optional.of(own)));
        }
        named.removeAll(signed.removed());
        long term = rules.maker().map(Statement::term).orElse(0L) + 1;
        return Optional.of(
                new RoomRules(Optional.of(new Statement(self, term, 0, signed, named, SIGNATURE)), Optional.empty()));
    }
}
