package sotto.keys.store;

import java.io.IOException;
import java.nio.file.Path;

/** A profile cannot be opened, read or written. The message is written for the person at the screen. */
public class ProfileException extends IOException {
    private static final long serialVersionUID = 1L;

    public ProfileException(String message, Throwable cause) {
        super(message, cause);
    }

    /** Another running Sotto holds the profile. */
    public static final class InUse extends ProfileException {
        private static final long serialVersionUID = 1L;

        public InUse(Path folder) {
            super(
                    "The profile " + folder + " is in use by another running Sotto. Use that one, close it first, or "
                            + "start with another profile.",
                    null);
        }
    }

    /** A record is not what was written: truncated, changed, or of another kind. */
    public static final class DamagedRecord extends ProfileException {
        private static final long serialVersionUID = 1L;
        private final String record;

        public DamagedRecord(String record, String reasonAndRemedy, Throwable cause) {
            super("The profile's record \"" + record + "\" is damaged: " + reasonAndRemedy + ".", cause);
            this.record = record;
        }

        /** The record's name. */
        public String record() {
            return record;
        }
    }
}
