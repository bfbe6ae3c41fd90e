package sotto.rooms.wire;

/** Why the server refused a frame or a connection; {@link #text()} is the form in the frame. */
public enum RefusalCode {
    /** The room has as many people as the server allows. */
    ROOM_FULL("room.full"),
    /** The two sides speak different versions of the protocol. */
    VERSION("version"),
    /** Too many frames or bytes in too short a time. */
    RATE("rate"),
    /** A frame or payload is larger than allowed. */
    SIZE("size"),
    /** Not a frame of the protocol, or one that is not allowed at this point. */
    MALFORMED("malformed"),
    /** The addressee of a {@code send} is not connected (any more). */
    TO_UNKNOWN("to.unknown"),
    /** The server has as many rooms or connections as it allows. */
    SERVER_FULL("server.full"),
    /** Too many connections from one network address. */
    ADDRESS_FULL("address.full"),
    /** More MLS groups were founded in this room's log than the server keeps track of. */
    GROUPS_FULL("groups.full"),
    /** No {@code enter} arrived in time. */
    TIMEOUT("timeout"),
    /** The server is shutting down; a client may try again. */
    STOPPING("stopping"),
    /** There is no relay node for this room, or none left. Never fatal. */
    RELAY_NONE("relay.none"),
    /** The operator gives relays against a pass only, and none came, or not one that is taken. Never fatal. */
    RELAY_PASS("relay.pass");

    private final String text;

    RefusalCode(String text) {
        this.text = text;
    }

    /** The code as written in a frame. */
    public String text() {
        return text;
    }

    /** @throws IllegalArgumentException for a code that this version doesn't know */
    public static RefusalCode fromString(String text) {
        for (RefusalCode code : values()) if (code.text.equals(text)) return code;
        throw new IllegalArgumentException("unknown refusal code");
    }
}
