package sotto.keys.groups;

/**
 * Something from outside was refused. The group is unchanged. Messages say what was wrong, never a key byte; they may
 * be shown and logged.
 */
public abstract sealed class GroupException extends Exception {
    private static final long serialVersionUID = 1L;

    private GroupException(String message, Throwable cause) {
        super(message, cause);
    }

    /** The bytes are not what they should be in form: too long, truncated, trailing bytes, not canonical. */
    public static final class Malformed extends GroupException {
        private static final long serialVersionUID = 1L;

        public Malformed(String message) {
            super(message, null);
        }
    }

    /** A commit of another epoch: late, lost the race, or from a future that we have not reached. */
    public static final class WrongEpoch extends GroupException {
        private static final long serialVersionUID = 1L;
        private final long expected;
        private final long found;

        public WrongEpoch(long expected, long found) {
            super("a commit of epoch " + Long.toUnsignedString(found) + " in epoch " + expected, null);
            this.expected = expected;
            this.found = found;
        }

        public long expected() {
            return expected;
        }

        /** Unsigned. */
        public long found() {
            return found;
        }
    }

    /** For another group, or a Welcome without secrets for our KeyPackage. */
    public static final class NotForUs extends GroupException {
        private static final long serialVersionUID = 1L;

        public NotForUs(String message) {
            super(message, null);
        }
    }

    /** A signature, tag, hash or binding does not verify, or keys do not fit each other: somebody made this up. */
    public static final class Forged extends GroupException {
        private static final long serialVersionUID = 1L;

        public Forged(String message) {
            super(message, null);
        }

        public Forged(String message, Throwable cause) {
            super(message, cause);
        }
    }

    /** Well-formed MLS, but outside of the profile: external commits, extensions, reused keys, expired leaves... */
    public static final class PolicyViolation extends GroupException {
        private static final long serialVersionUID = 1L;

        public PolicyViolation(String message) {
            super(message, null);
        }
    }
}
