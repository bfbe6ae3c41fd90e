package sotto.rooms.machine;

/** What threatens the room; the {@link #code} is stable. */
public enum Alarm {
    /** Two members were shown different logs: the server forked, reordered or rolled back. */
    LOG_FORKED("log.forked"),
    /** Somebody saw entries that were kept from this member. */
    LOG_WITHHELD("log.withheld"),
    /** The log has a gap, a repetition or an impossible entry. */
    LOG_BROKEN("log.broken"),
    /** A payload that was not sealed with this room's link, or was changed, replayed or moved. */
    ENVELOPE_INVALID("envelope.invalid"),
    /** A message whose signature is not that of the member it claims to be from. */
    SIGNATURE_INVALID("signature.invalid"),
    /** A join request with an invalid KeyPackage, or in somebody else's place. */
    JOIN_INVALID("join.invalid"),
    /** A commit added somebody whom nobody in the room saw asking: refused. */
    GHOST_ADDED("group.ghost"),
    /** A commit removed somebody who was there and had not left: refused. */
    WRONGLY_REMOVED("group.removed"),
    /** A commit added somebody to a locked room whom no host admitted, or whom one removed: refused. */
    UNADMITTED("group.unadmitted"),
    /** Rules that no host of this room has signed: refused. */
    RULES_INVALID("rules.invalid"),
    /** A commit was invalid in another way: refused. */
    COMMIT_INVALID("group.commit.invalid");

    private final String code;

    Alarm(String code) {
        this.code = code;
    }

    public String code() {
        return code;
    }
}
