package sotto.rooms.machine;

/** The machine's timers; each is set at most once at a time. Delays are milliseconds. */
public enum RoomTimer {
    /** Until it is this member's turn to commit or to found, unless those of lower rank did. */
    TURN,
    /** Until the members admit again who asked meanwhile, after a commit in a crowd of newcomers. */
    GATHER,
    /** Until one who asked for admission gives up waiting and founds a group. */
    ADMISSION,
    /** Until members of whom nothing was heard count as gone. */
    GRACE,
    /** Until an own entry that the server does not answer means that the connection is dead. */
    FLIGHT,
    /** Until the next attempt to connect. */
    RECONNECT
}
