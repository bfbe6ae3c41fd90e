package sotto.rooms.envelope;

import java.util.Collections;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Pattern;
import sotto.rooms.group.Bytes;
import sotto.rooms.wire.ConnectionId;
import sotto.rooms.wire.GroupId;

/** What an envelope holds (docs/protocol.md §3): the messages that clients exchange. */
public sealed interface RoomMessage {
    /** Bytes of the largest KeyPackage. */
    int KEY_PACKAGE_BYTES = 4 * 1024;
    /** Entries of the largest list. */
    int LIST = 4096;
    /** UTF-16 characters of the longest signal. */
    int SIGNAL_CHARS = 64 * 1024;
    /** A media session. */
    Pattern SESSION = Pattern.compile("[A-Za-z0-9_-]{22}");
    /** Bytes of an identity key. */
    int IDENTITY_BYTES = 33;

    /** Asks to be added. */
    record Join(Bytes keyPackage) implements RoomMessage {
        public Join {
            atMost("keyPackage", keyPackage.size(), KEY_PACKAGE_BYTES);
        }
    }

    /** A new group with the sender, whose KeyPackage this is, as its only member. Its id and epoch 0 stand outside. */
    record Found(Bytes keyPackage) implements RoomMessage {
        public Found {
            atMost("keyPackage", keyPackage.size(), KEY_PACKAGE_BYTES);
        }
    }

    /**
     * An MLS commit.
     *
     * @param since sequence of the group's {@code found} entry in this log
     * @param welcome for those added
     * @param joins who is added, in the order of the KeyPackages
     * @param seats for those added: the connections of the members who are attached, by leaf
     * @param banned for those added: identities that are not to be admitted
     */
    record Commit(
            Bytes commit,
            Optional<Bytes> welcome,
            long since,
            List<Joined> joins,
            SortedMap<Integer, ConnectionId> seats,
            SortedSet<Bytes> banned)
            implements RoomMessage {
        public Commit {
            Objects.requireNonNull(commit, "commit");
            Objects.requireNonNull(welcome, "welcome");
            count("since", since);
            joins = List.copyOf(joins);
            seats = Collections.unmodifiableSortedMap(new TreeMap<>(seats));
            banned = Collections.unmodifiableSortedSet(new TreeSet<>(banned));
            atMost("joins", joins.size(), LIST);
            atMost("seats", seats.size(), LIST);
            atMost("banned", banned.size(), LIST);
            if (welcome.isPresent() == joins.isEmpty())
                throw new IllegalArgumentException("there must be a welcome if and only if there are joins");
            for (Bytes identity : banned)
                if (identity.size() != IDENTITY_BYTES)
                    throw new IllegalArgumentException("a banned identity has not " + IDENTITY_BYTES + " bytes");
        }
    }

    /**
     * Somebody whom a commit adds.
     *
     * @param connection that asked
     * @param sequence of the request
     * @param leaf the leaf index given
     */
    record Joined(ConnectionId connection, long sequence, int leaf) {
        public Joined {
            Objects.requireNonNull(connection, "connection");
            count("sequence", sequence);
            count("leaf", leaf);
        }
    }

    /**
     * A member is on this connection now.
     *
     * @param since sequence of the group's {@code found} entry in this log; 0 if it is from an earlier log
     */
    record Attach(GroupId group, long epoch, int leaf, long since) implements RoomMessage {
        public Attach {
            Objects.requireNonNull(group, "group");
            count("epoch", epoch);
            count("leaf", leaf);
            count("since", since);
        }
    }

    /** Going; remove me. */
    record Leave() implements RoomMessage {}

    /** A new epoch, please. */
    record Rekey() implements RoomMessage {}

    /** What the sender sends now. */
    record State(boolean microphone, boolean camera, boolean screen, boolean screenAudio) implements RoomMessage {}

    /**
     * SDP or ICE candidate for one participant.
     *
     * @param session the sender's media session, 16 bytes in base64url
     */
    record Signal(String session, String data) implements RoomMessage {
        public Signal {
            if (!SESSION.matcher(session).matches())
                throw new IllegalArgumentException("session is not 16 bytes in base64url");
            atMost("data", data.length(), SIGNAL_CHARS);
        }
    }

    private static void atMost(String what, int size, int most) {
        if (size > most) throw new IllegalArgumentException(what + " has size " + size + ", more than " + most);
    }

    private static void count(String what, long value) {
        if (value < 0 || value >= 1L << 53) throw new IllegalArgumentException(what + " is out of range: " + value);
    }
}
