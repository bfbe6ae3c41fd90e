/**
 * The coordination server: lets people meet in a room, keeps one order of their sealed messages, and tells who is
 * connected. It can delay and drop; it can't read, and clients notice if it reorders or forks (docs/protocol.md §2).
 *
 * <p>The way of a frame: {@link sotto.server.RoomConnection} (socket, limits, strict decoding) → {@link
 * sotto.server.Room} (one lock: sequence, hash, everyone's queue) → {@link sotto.server.Outbox} (bounded, one writer per
 * socket). {@link sotto.server.Connections} watches over presence, {@link sotto.server.Pages} answers plain HTTP, and
 * every number that can be set stands in {@link sotto.server.ServerSettings}.
 *
 * <p>Embedded with {@link sotto.server.SottoServer#start}, or run by {@link sotto.server.Main}. No message is kept once
 * it is passed on; nothing is written to disk; no address and no room id is logged. No key and no plaintext ever enters.
 */
package sotto.server;
