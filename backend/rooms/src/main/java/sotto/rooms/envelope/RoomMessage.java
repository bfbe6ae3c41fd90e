package sotto.rooms.envelope;

import java.nio.ByteBuffer;
import java.util.Collections;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Pattern;
import sotto.rooms.Labels;
import sotto.rooms.RoomPath;
import sotto.rooms.group.Bytes;
import sotto.rooms.rules.Agreed;
import sotto.rooms.rules.Pass;
import sotto.rooms.rules.RoomRules;
import sotto.rooms.rules.Statement;
import sotto.rooms.wire.ConnectionId;
import sotto.rooms.wire.GroupId;
import sotto.rooms.wire.RoomId;

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

    /**
     * A new group with the sender, whose KeyPackage this is, as its only member. Its id and epoch 0 stand outside.
     *
     * @param rules as in {@link Told}
     */
    record Found(Bytes keyPackage, List<Bytes> rules) implements RoomMessage {
        public Found {
            rules = statements(rules);
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
     * @param handed for those added: what the room has agreed on
     */
    record Commit(
            Bytes commit,
            Optional<Bytes> welcome,
            long since,
            List<Joined> joins,
            SortedMap<Integer, ConnectionId> seats,
            SortedSet<Bytes> banned,
            Optional<Handed> handed)
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
            if (welcome.isPresent() == joins.isEmpty() || handed.isPresent() == joins.isEmpty())
                throw new IllegalArgumentException("there must be a welcome if and only if there are joins");
            banned.forEach(RoomMessage::identity);
        }
    }

    /**
     * What a commit hands on to those whom it adds.
     *
     * @param passes who may come into the locked room and is not in the group
     * @param complete whether those are all, as far as the sender knows
     */
    record Handed(Told told, SortedSet<Pass> passes, boolean complete) {
        public Handed {
            Objects.requireNonNull(told, "told");
            passes = Collections.unmodifiableSortedSet(new TreeSet<>(passes));
            atMost("passes", passes.size(), LIST);
        }
    }

    /**
     * What the sender knows of the room's path and rules.
     *
     * @param number how often the path was switched
     * @param rules none, the maker's statement, or that and a named host's, each as {@link
     *     sotto.rooms.rules.Statement#encode} gives it; signatures not verified
     */
    record Told(RoomPath path, long number, List<Bytes> rules) {
        public Told {
            Objects.requireNonNull(path, "path");
            count("number", number);
            rules = statements(rules);
        }

        public static Told of(Agreed agreed) {
            return new Told(agreed.path(), agreed.number(), encoded(agreed.rules()));
        }
    }

    /** Rules as they travel. */
    static List<Bytes> encoded(RoomRules rules) {
        return rules.statements().stream().map(Statement::encode).toList();
    }

    /**
     * The path or the rules are new, or others may not know them.
     *
     * @param again nothing is new; told for those who may not know
     */
    record Tell(Told told, boolean again) implements RoomMessage {
        public Tell {
            Objects.requireNonNull(told, "told");
        }
    }

    /**
     * A host lets somebody into the locked room, or refuses.
     *
     * @param author the host's identity key
     * @param pass who waits
     * @param signature of {@link #signed}, by the author's identity key
     */
    record Admit(Bytes author, Pass pass, boolean allow, Bytes signature) implements RoomMessage {
        public Admit {
            identity(author);
            identity(pass.identity());
            if (signature.size() != Statement.SIGNATURE_BYTES)
                throw new IllegalArgumentException("a signature has not " + Statement.SIGNATURE_BYTES + " bytes");
        }

        /** What the signature covers: label, room id(16), author(33), identity(33), participant(16), u8 1 to let in. */
        public static byte[] signed(RoomId room, Bytes author, Pass pass, boolean allow) {
            byte[] label = Labels.bytes(Labels.ROOM_ADMIT);
            return ByteBuffer.allocate(label.length + 16 + 2 * IDENTITY_BYTES + 16 + 1)
                    .put(label)
                    .put(room.bytes())
                    .put(author.toArray())
                    .put(pass.identity().toArray())
                    .put(pass.participant().bytes())
                    .put((byte) (allow ? 1 : 0))
                    .array();
        }
    }

    /**
     * Whoever asked to come in has to wait for a host.
     *
     * @param host whether one is there
     * @param rules as in {@link Told}
     */
    record Wait(boolean host, List<Bytes> rules) implements RoomMessage {
        public Wait {
            rules = statements(rules);
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
    record Attach(GroupId group, long epoch, int leaf, long since, Told told) implements RoomMessage {
        public Attach {
            Objects.requireNonNull(group, "group");
            count("epoch", epoch);
            count("leaf", leaf);
            count("since", since);
            Objects.requireNonNull(told, "told");
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

    private static void identity(Bytes key) {
        if (key.size() != IDENTITY_BYTES)
            throw new IllegalArgumentException("an identity key has not " + IDENTITY_BYTES + " bytes");
    }

    private static List<Bytes> statements(List<Bytes> rules) {
        atMost("rules", rules.size(), 2);
        for (Bytes statement : rules) atMost("a statement", statement.size(), Statement.MAX_BYTES);
        return List.copyOf(rules);
    }

    private static void atMost(String what, int size, int most) {
        if (size > most) throw new IllegalArgumentException(what + " has size " + size + ", more than " + most);
    }

    private static void count(String what, long value) {
        if (value < 0 || value >= 1L << 53) throw new IllegalArgumentException(what + " is out of range: " + value);
    }
}
