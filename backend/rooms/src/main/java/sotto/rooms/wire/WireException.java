package sotto.rooms.wire;

import java.util.Objects;

/** A frame that is not one of this protocol. The message names the field, never its content. */
public final class WireException extends Exception {
    /** What is wrong with the frame. */
    public enum Reason {
        /** More than {@link WireLimits#FRAME_BYTES}, or a payload above {@link WireLimits#PAYLOAD_BYTES}. */
        OVERSIZE,
        /** Not JSON, not an object, nested too deeply, or cut off. */
        NOT_JSON,
        /** Something follows the JSON object. */
        TRAILING,
        /** A field stands there twice. */
        DUPLICATE_FIELD,
        /** No {@code type}, or one that goes the other way or does not exist. */
        UNKNOWN_TYPE,
        /** A field that this type doesn't have. */
        UNKNOWN_FIELD,
        /** A field is not there. */
        MISSING_FIELD,
        /** A field's value has the wrong JSON type, shape or range. */
        BAD_VALUE,
        /** {@code enter} or {@code entered} of another version; its other fields were not looked at. */
        VERSION
    }

    private final Reason reason;

    WireException(Reason reason, String message) {
        super(message);
        this.reason = Objects.requireNonNull(reason);
    }

    /** What is wrong. */
    public Reason reason() {
        return reason;
    }
}
