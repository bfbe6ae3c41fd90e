package sotto.rooms.envelope;

import java.util.Objects;

/** An envelope is refused. The message holds nothing of its content. */
public final class EnvelopeException extends Exception {
    private static final long serialVersionUID = 1L;

    /** Why it is refused. */
    public enum Reason {
        /** Shorter than the shortest envelope. */
        TRUNCATED,
        /** Of another version. */
        VERSION,
        /** Sealed with another link, for another place, or changed on the way. */
        NOT_AUTHENTIC,
        /** Its counter did not rise: replayed, or out of order. */
        REPLAYED,
        /** Two clients use one connection id: the server mixed them up. */
        SECOND_SENDER,
        /** More connections have spoken in this log than a client remembers. */
        TOO_MANY_SENDERS,
        /** Authentic, but its content is not a message of the protocol, or one that may not go this way. */
        CONTENT
    }

    private final Reason reason;

    EnvelopeException(Reason reason, String message) {
        super(message);
        this.reason = Objects.requireNonNull(reason);
    }

    public Reason reason() {
        return reason;
    }
}
