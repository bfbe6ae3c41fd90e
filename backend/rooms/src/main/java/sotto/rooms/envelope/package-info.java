/**
 * The room envelope (docs/protocol.md §3): how everything that clients say through the server is sealed under the link
 * secret and signed by a member's leaf key, and the messages inside.
 *
 * <ul>
 *   <li>{@link sotto.rooms.envelope.Sealer} and {@link sotto.rooms.envelope.Opener}: the two directions.
 *   <li>{@link sotto.rooms.envelope.EnvelopeContext}: where an envelope belongs; it opens nowhere else.
 *   <li>{@link sotto.rooms.envelope.LogChain}: compares what a sender has seen of the log with what this client saw.
 *   <li>{@link sotto.rooms.envelope.RoomMessage}: what is inside, and {@link sotto.rooms.envelope.RoomMessageCodec}.
 * </ul>
 *
 * <p>No I/O, no clock; randomness comes in. Not safe for use from several threads at once.
 */
package sotto.rooms.envelope;
