package sotto.rooms.machine;

/** The steps into a room, in order. */
public enum Stage {
    CONNECTING,
    ASKING_TO_JOIN,
    /** The room is locked: a host has to say yes. One is there. */
    WAITING_FOR_HOST,
    /** The room is locked, and no host is there. */
    WAITING_FOR_ABSENT_HOST,
    AGREEING_KEYS
}
