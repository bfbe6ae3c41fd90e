/**
 * What the members of a room agree on beside its keys: the path of its media, and the rules that its hosts set
 * (docs/protocol.md §5). Values only, equal by content, free of any cryptography: signatures stand in them as bytes, and
 * whoever takes them from outside has them verified first ({@code sotto.rooms.session}).
 *
 * <ul>
 *   <li>{@link sotto.rooms.rules.Statement}: what one host signed.
 *   <li>{@link sotto.rooms.rules.RoomRules}: the rules in force, with the signatures that prove them to a newcomer.
 *   <li>{@link sotto.rooms.rules.Agreed}: rules and path together, as members tell them to each other.
 *   <li>{@link sotto.rooms.rules.Pass}: who may come into a locked room.
 * </ul>
 */
package sotto.rooms.rules;
