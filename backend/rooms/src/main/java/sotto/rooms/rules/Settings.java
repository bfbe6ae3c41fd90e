package sotto.rooms.rules;

import java.util.Collections;
import java.util.Objects;
import java.util.SortedSet;
import java.util.TreeSet;
import sotto.rooms.RoomPath;
import sotto.rooms.group.Bytes;

/**
 * What hosts decide.
 *
 * @param locked nobody comes in whom no host admits
 * @param membersSwitchPath whether those who are no hosts may switch the path
 * @param path the path when this was signed; the room's path where only hosts may switch it
 * @param pathNumber how often it had been switched
 * @param removed identity keys of people who are to go, and not to come back
 */
public record Settings(
        boolean locked, boolean membersSwitchPath, RoomPath path, long pathNumber, SortedSet<Bytes> removed) {
    /** Most people removed at once. */
    public static final int REMOVED = 512;

    /** Before any host has said anything. */
    public static final Settings NONE = new Settings(false, true, RoomPath.DIRECT, 0, new TreeSet<>());

    public Settings {
        Objects.requireNonNull(path, "path");
        if (pathNumber < 0 || pathNumber >= 1L << 53)
            throw new IllegalArgumentException("path number is out of range: " + pathNumber);
        removed = Collections.unmodifiableSortedSet(new TreeSet<>(removed));
        if (removed.size() > REMOVED) throw new IllegalArgumentException("more than " + REMOVED + " are removed");
    }

    public Settings withLocked(boolean now) {
        return new Settings(now, membersSwitchPath, path, pathNumber, removed);
    }

    public Settings withMembersSwitchPath(boolean now) {
        return new Settings(locked, now, path, pathNumber, removed);
    }

    public Settings withPath(RoomPath now, long number) {
        return new Settings(locked, membersSwitchPath, now, number, removed);
    }

    /** With or without somebody among those removed. */
    public Settings withRemoved(Bytes identity, boolean out) {
        SortedSet<Bytes> changed = new TreeSet<>(removed);
        if (out) changed.add(identity);
        else changed.remove(identity);
        return new Settings(locked, membersSwitchPath, path, pathNumber, changed);
    }
}
