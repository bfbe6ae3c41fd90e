package sotto.rooms;

import java.util.Optional;

/**
 * How a room's media travels: agreed among its members, never with the server (docs/protocol.md §3). In rising order of
 * what is hidden: of two that were set at the same moment the later one here is taken.
 */
public enum RoomPath {
    /** Straight between the participants, who see each other's address. */
    DIRECT('d'),
    /** Between the participants through TURN alone. */
    HIDDEN('h'),
    /** Through a relay, which alone sees addresses. */
    RELAY('r');

    private final char letter;

    RoomPath(char letter) {
        this.letter = letter;
    }

    /** Its letter in links and messages. */
    public char letter() {
        return letter;
    }

    /** The path of a letter; empty if there is none. */
    public static Optional<RoomPath> of(char letter) {
        for (RoomPath path : values()) if (path.letter == letter) return Optional.of(path);
        return Optional.empty();
    }
}
