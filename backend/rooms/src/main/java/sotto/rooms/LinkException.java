package sotto.rooms;

import java.util.Objects;

/** A text is not a room link. The message says why and repeats nothing of the text: it may hold a secret. */
public final class LinkException extends Exception {
    private static final long serialVersionUID = 1L;

    /** What is wrong with the link. */
    public enum Reason {
        /** Nothing there. */
        EMPTY,
        /** Longer than any link. */
        TOO_LONG,
        /** Not a URL at all, or characters that a link never holds. */
        NOT_A_URL,
        /** Neither https, nor http to this machine. */
        SCHEME,
        /** No host, or one that is not allowed. */
        HOST,
        /** User name, query, or another part that links don't have. */
        EXTRA_PART,
        /** The path is not {@code /j/} and a room id. */
        ROOM,
        /** There is no fragment: the secret got lost when the link was copied. */
        SECRET_MISSING,
        /** The fragment is not 32 bytes in base64url, a dot, and what follows. */
        SECRET,
        /** What follows the dot is not a path's letter and a host tag. */
        HOST_TAG
    }

    private final Reason reason;

    LinkException(Reason reason, String message) {
        super(message);
        this.reason = Objects.requireNonNull(reason);
    }

    /** What is wrong. */
    public Reason reason() {
        return reason;
    }
}
