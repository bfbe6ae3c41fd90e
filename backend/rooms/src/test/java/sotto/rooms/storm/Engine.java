package sotto.rooms.storm;

import sotto.rooms.session.GroupPort;
import sotto.rooms.wire.RoomId;

/** The MLS of a run. */
public interface Engine {
    /** A member's own, with an identity of its own. */
    GroupPort member(String name, RoomId room);

    /** Something that is equal for two members exactly if they have the secret of one epoch. */
    Object secret(GroupPort port);
}
