package sotto.bridge.local;

/** WebSocket close codes (RFC 6455 section 7.4.1) that the bridge uses. */
final class Close {
    /** The bridge has said why, or has no more use for the socket. */
    static final int DONE = 1000;
    /** Too many messages that are none. */
    static final int POLICY = 1008;

    private Close() {}
}
