package sotto.rooms.storm;

import sotto.rooms.session.FakeMls;
import sotto.rooms.session.GroupPort;
import sotto.rooms.wire.RoomId;

/** MLS in symbols, one table of meanings for a run. */
final class SymbolicEngine implements Engine {
    private final FakeMls.Meaning meaning = new FakeMls.Meaning();

    @Override
    public GroupPort member(String name, RoomId room) {
        return new FakeMls(meaning, name);
    }

    @Override
    public Object secret(GroupPort port) {
        return ((FakeMls) port).secret();
    }
}
