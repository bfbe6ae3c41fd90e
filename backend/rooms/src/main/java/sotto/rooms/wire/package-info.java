/**
 * What client and coordination server say to each other (docs/protocol.md §2), used by both.
 *
 * <ul>
 *   <li>{@link sotto.rooms.wire.ClientFrame} and {@link sotto.rooms.wire.ServerFrame}: the frames, one record each.
 *   <li>{@link sotto.rooms.wire.WireCodec}: frames to JSON and back, strict in what it takes.
 *   <li>{@link sotto.rooms.wire.LogEntry}, {@link sotto.rooms.wire.LogHead}, {@link sotto.rooms.wire.LogHash}: a room's
 *       log and the hash chain over it.
 *   <li>{@link sotto.rooms.wire.RoomId}, {@link sotto.rooms.wire.ConnectionId}, {@link sotto.rooms.wire.LogId},
 *       {@link sotto.rooms.wire.GroupId}, {@link sotto.rooms.wire.Payload}: the values in them.
 * </ul>
 *
 * <p>All of it is immutable and equal by content, safe to share between threads and to use in hashed states. No clock,
 * no I/O, no randomness of its own. A payload is a sealed envelope: nothing in here can read it, and no key or plaintext
 * ever enters.
 */
package sotto.rooms.wire;
