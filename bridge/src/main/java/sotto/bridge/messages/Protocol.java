package sotto.bridge.messages;

/** Constants that both ends of the bridge share; also generated into TypeScript. */
public final class Protocol {
    /** Version of the bridge messages. */
    public static final int VERSION = 1;
    /** WebSocket subprotocol of both sockets. */
    public static final String SUBPROTOCOL = "sotto.v1";
    /** Prefix of the second offered subprotocol: page token or worker ticket follow. */
    public static final String TOKEN_PREFIX = "token.";
    /** Path of the page's socket. */
    public static final String PAGE_PATH = "/bridge/page";
    /** Path of the worker's socket. */
    public static final String WORKER_PATH = "/bridge/worker";

    private Protocol() {}
}
