package sotto.rooms.session;

/** Why there is no relay ticket. */
public enum RelayRefusal {
    /** The server has no relay for this room, or can't be asked now. Worth another try later. */
    NONE,
    /** The server's operator wants a pass, or takes no longer the one given. */
    PASS
}
