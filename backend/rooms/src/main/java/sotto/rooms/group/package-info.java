/**
 * The values of MLS (RFC 9420) that the room protocol talks about, free of any MLS library: immutable, equal by content,
 * no secrets. The MLS engine behind {@link sotto.rooms.session.GroupPort} fills them from what it has verified.
 */
package sotto.rooms.group;
