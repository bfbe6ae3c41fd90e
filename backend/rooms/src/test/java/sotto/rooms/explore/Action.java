package sotto.rooms.explore;

import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import sotto.rooms.RoomPath;
import sotto.rooms.machine.RoomTimer;

/**
 * One thing that happens in a world. As text {@code kind Name} or {@code kind Name argument}, so that a printed run can be
 * replayed.
 *
 * @param who whose client; 0 where none is meant
 * @param argument connection, timer, leaf, path or another client; 0 where none is meant
 */
public record Action(Kind kind, int who, int argument) {
    /** The kinds, by what an exploration may do without asking and what costs budget. */
    public enum Kind {
        /** Somebody opens the link. */
        ENTER(null),
        /** The client reads the next frame from the server. */
        READ(null),
        /** The server takes the next frame of the client's connection. */
        TAKE(null),
        /** The server takes the next frame of an earlier connection, which the client has given up. */
        LATE(null),
        /** The server notices that an earlier connection is over; what was under way on it is lost. */
        NOTICE(null),
        /** A timer runs out. */
        FIRE(Budget.TIMER),
        /** The person leaves. */
        LEAVE(Budget.LEAVE),
        /** The person's worker was replaced. */
        REKEY(Budget.REKEY),
        /** The process dies. */
        CRASH(Budget.CRASH),
        /** The connection breaks; the client notices at once, the server later. */
        DROP(Budget.DROP),
        /** The connection breaks; the server notices at once, the client after what is under way. */
        CUT(Budget.DROP),
        /** The server is restarted with an empty log. */
        RESTART(Budget.RESTART),
        /** The process stops, its connection stays. */
        HANG(Budget.HANG),
        /** A stopped process goes on. Only when faults are over. */
        WAKE(null),
        /** A member posts a commit that adds a ghost. */
        GHOST(Budget.ROGUE),
        /** A member posts a commit that removes a leaf whose member is there. */
        EVICT(Budget.ROGUE),
        /** A member posts a commit that adds somebody who waits. */
        SMUGGLE(Budget.ROGUE),
        /** A host locks the room. */
        LOCK(Budget.HOST),
        /** A host opens it. */
        UNLOCK(Budget.HOST),
        /** A host lets somebody in who waits. */
        ADMIT(Budget.HOST),
        /** A host does not let somebody in who waits. */
        REFUSE(Budget.HOST),
        /** A host removes somebody. */
        REMOVE(Budget.HOST),
        /** A host takes a removal back. */
        PARDON(Budget.HOST),
        /** The maker of the room names a host, or takes the name back. */
        NAME(Budget.HOST),
        /** Somebody switches the path. */
        PATH(Budget.HOST),
        /** Somebody whose stay is over opens the link again. */
        RETURN(Budget.HOST);

        /** What is done by way of a member's app without a step of its machine. */
        static final Set<Kind> DEEDS = EnumSet.range(LOCK, NAME);

        final Budget budget;

        Kind(Budget budget) {
            this.budget = budget;
        }
    }

    int packed() {
        return kind.ordinal() << 16 | who << 8 | argument;
    }

    static Action unpacked(int packed) {
        return new Action(Kind.values()[packed >> 16], packed >> 8 & 255, packed & 255);
    }

    static Action parse(String text) {
        String[] words = text.strip().split(" +");
        Kind kind = Kind.valueOf(words[0].toUpperCase(java.util.Locale.ROOT));
        int who = words.length > 1 ? Symbols.who(words[1]) : 0;
        int argument = 0;
        if (words.length > 2)
            argument = switch (kind) {
                case FIRE ->
                    RoomTimer.valueOf(words[2].toUpperCase(java.util.Locale.ROOT))
                            .ordinal();
                case PATH ->
                    RoomPath.valueOf(words[2].toUpperCase(java.util.Locale.ROOT))
                            .ordinal();
                case SMUGGLE, ADMIT, REFUSE, REMOVE, PARDON, NAME -> Symbols.who(words[2]);
                default -> Integer.parseInt(words[2]);
            };
        return new Action(kind, who, argument);
    }

    static List<Action> parseAll(String text) {
        return Stream.of(text.split(";"))
                .filter(part -> !part.isBlank())
                .map(Action::parse)
                .toList();
    }

    static String print(List<Action> actions) {
        return actions.stream().map(Action::toString).collect(Collectors.joining("; "));
    }

    @Override
    public String toString() {
        String head = kind.name().toLowerCase(java.util.Locale.ROOT);
        if (kind == Kind.RESTART) return head;
        head += " " + Symbols.name(who);
        return switch (kind) {
            case FIRE -> head + " " + RoomTimer.values()[argument].name().toLowerCase(java.util.Locale.ROOT);
            case LATE, NOTICE, EVICT -> head + " " + argument;
            case PATH -> head + " " + RoomPath.values()[argument].name().toLowerCase(java.util.Locale.ROOT);
            case SMUGGLE, ADMIT, REFUSE, REMOVE, PARDON, NAME -> head + " " + Symbols.name(argument);
            default -> head;
        };
    }
}
