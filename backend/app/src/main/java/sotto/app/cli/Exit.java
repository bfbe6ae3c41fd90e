package sotto.app.cli;

/** Exit codes; they stay what they are, scripts rely on them. */
final class Exit {
    static final int OK = 0;
    static final int FAILED = 1;
    /** Unknown option, malformed link or address. picocli's own code for this, too. */
    static final int USAGE = 2;

    static final int PROFILE_IN_USE = 3;
    static final int PROFILE_BROKEN = 4;
    static final int PORT_IN_USE = 5;
    static final int NO_WINDOW = 6;

    private Exit() {}
}
