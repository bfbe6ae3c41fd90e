/**
 * The room protocol: how people who share a link find each other through a server that can only deliver or refuse, and
 * agree on one MLS group (docs/protocol.md §1 to §5).
 *
 * <ul>
 *   <li>{@link sotto.rooms.RoomLink}: the link that names the room and holds its secret.
 *   <li>{@code wire}: frames between client and server; the log and its hash chain.
 *   <li>{@code envelope}: what the payloads hold: sealing, signatures, the messages inside.
 *   <li>{@code group}: the values of MLS that the protocol talks about: members, key packages, rosters.
 *   <li>{@code machine}: the protocol itself as a pure state machine; start reading there.
 *   <li>{@code session}: the shell that runs the machine against a real server and a real MLS group.
 * </ul>
 *
 * Depends on nothing else of ours: MLS, the WebSocket, timers and randomness come in through the interfaces of
 * {@code session}.
 */
package sotto.rooms;
