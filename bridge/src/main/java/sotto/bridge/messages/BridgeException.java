package sotto.bridge.messages;

import java.util.Objects;

/**
 * A bridge message that is not what the contract says. The text names types and fields, never a value: messages hold
 * links, and links hold secrets.
 */
public final class BridgeException extends RuntimeException {

    /** What was wrong; stable, for tests and for the listener that decides whether to go on. */
    public enum Fault {
        /** More than {@link Limits#MESSAGE_BYTES}. */
        TOO_LARGE,
        /** No JSON, a key twice, something after the end, or nested too deeply. */
        NOT_JSON,
        /** JSON, but no object with a text field {@code type}. */
        NOT_A_MESSAGE,
        /** No message of this direction has this {@code type}. */
        UNKNOWN_TYPE,
        UNKNOWN_FIELD,
        MISSING_FIELD,
        /** The field's JSON type is another one, or it is null where it may not be. */
        WRONG_TYPE,
        /** Right type, but out of range, of the wrong shape or too long. */
        REFUSED_VALUE
    }

    private final Fault fault;

    BridgeException(Fault fault, String message) {
        super(message);
        this.fault = Objects.requireNonNull(fault);
    }

    public Fault fault() {
        return fault;
    }
}
