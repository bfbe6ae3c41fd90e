package sotto.bridge.gate;

/** One WebSocket connection, numbered by whoever accepts them; never used again. */
public record SocketId(long number) {}
