package sotto.rooms.machine;

/** Why a session ended; the {@link #code} is stable. */
public enum End {
    /** The own {@code leave()}. */
    LEFT("left"),
    /** The server could not be reached when entering. */
    SERVER_AWAY("server.away"),
    /** The server speaks another version. */
    SERVER_VERSION("server.version"),
    /** The server broke the protocol: what it sent makes no sense. */
    SERVER_MALFORMED("server.malformed"),
    /** The room is full. */
    ROOM_FULL("room.full"),
    /** The server has no place for another room or connection. */
    SERVER_FULL("server.full"),
    /** A host removed this person. */
    REMOVED("host.removed"),
    /** A host did not let this person in. */
    TURNED_AWAY("host.refused"),
    /** The group is there and does not let this person in. */
    NOT_ADMITTED("join.refused"),
    /** MLS failed in a way that joining again did not mend. */
    GROUP_FAILED("group.failed");

    private final String code;

    End(String code) {
        this.code = code;
    }

    public String code() {
        return code;
    }
}
