package sotto.rooms.machine;

/** The steps into a room, in order. */
public enum Stage {
    CONNECTING,
    ASKING_TO_JOIN,
    AGREEING_KEYS
}
