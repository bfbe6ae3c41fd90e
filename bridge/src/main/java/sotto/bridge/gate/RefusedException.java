package sotto.bridge.gate;

import java.util.Objects;

/** Somebody is not let in. */
public final class RefusedException extends Exception {
    private final Reason reason;

    RefusedException(Reason reason) {
        super(Objects.requireNonNull(reason).text());
        this.reason = reason;
    }

    public Reason reason() {
        return reason;
    }
}
