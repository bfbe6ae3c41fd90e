package sotto.rooms.rules;

import java.util.Objects;
import sotto.rooms.RoomPath;
import sotto.rooms.wire.WireLimits;

/**
 * What the members of a room agree on beside its keys. Members tell it to each other whenever one may not know; of two
 * that differ the newer part of each counts, in whatever order they were heard, so that all end with the same.
 *
 * @param path how media travels
 * @param number how often that was switched, from 0 for the link's path. Of two with one number the more private counts
 * @param rules in force, which name a path themselves: it is that one until a member switches it, if they let members
 */
public record Agreed(RoomPath path, long number, RoomRules rules) {
    /** Numbers further ahead than this are not believed: nobody shall use them up. */
    private static final long LEAP = 1L << 32;

    public Agreed {
        Objects.requireNonNull(path, "path");
        Objects.requireNonNull(rules, "rules");
        if (number < 0 || number > WireLimits.NUMBER)
            throw new IllegalArgumentException("path number is out of range: " + number);
    }

    /** At the start of a stay, when nothing but the link is known. */
    public static Agreed start(RoomPath link) {
        return new Agreed(link, 0, RoomRules.NONE);
    }

    /** The number of the next switch. It stays at the last there is: a host may have used them up, and rules count anyway. */
    public long next() {
        return Math.min(number + 1, WireLimits.NUMBER);
    }

    /** After hearing of these rules. They name the path: what was set under older ones is over. */
    public Agreed with(RoomRules heard) {
        if (heard.compareTo(rules) <= 0) return this;
        return new Agreed(heard.settings().path(), heard.settings().pathNumber(), heard);
    }

    /** After a member said that this is the path, under these rules. */
    public Agreed withPath(Agreed heard) {
        boolean may = heard.rules.equals(rules) && rules.settings().membersSwitchPath();
        if (!may || heard.number > number + LEAP) return this;
        boolean newer = heard.number > number || heard.number == number && heard.path.compareTo(path) > 0;
        return newer ? new Agreed(heard.path, heard.number, rules) : this;
    }

    /** After a member told this. */
    public Agreed with(Agreed heard) {
        return with(heard.rules()).withPath(heard);
    }

    /** Whether somebody who knows but the other has something to hear from somebody who knows this. */
    public boolean tells(Agreed other) {
        return !other.with(this).equals(other);
    }
}
