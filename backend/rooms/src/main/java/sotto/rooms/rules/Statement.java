package sotto.rooms.rules;

import java.nio.ByteBuffer;
import java.util.Collections;
import java.util.Objects;
import java.util.SortedSet;
import java.util.TreeSet;
import sotto.rooms.HostTag;
import sotto.rooms.Labels;
import sotto.rooms.RoomPath;
import sotto.rooms.group.Bytes;
import sotto.rooms.wire.RoomId;
import sotto.rooms.wire.WireLimits;

/**
 * What one host says the rules are, with the signature of its identity key (docs/protocol.md §5).
 *
 * <pre>
 * statement = u8 1 ‖ author(33) ‖ u64 term ‖ u64 number ‖ u8 flags ‖ u8 path ‖ u64 path number
 *             ‖ u16 hosts ‖ hosts(33 each) ‖ u16 removed ‖ removed(33 each)
 * signed    = "Sotto 1.0 room rules" ‖ room id(16) ‖ statement
 * </pre>
 *
 * flags: 1 locked, 2 members may switch the path. Lists rise strictly.
 *
 * @param author identity key, 33 bytes
 * @param term counts the maker's statements from 1; a named host's statement holds in the maker's term in which it was
 *     made
 * @param number 0 for the maker's own; counts those of named hosts in a term from 1
 * @param hosts whom the maker names, identity keys; empty in a named host's statement
 * @param signature XEdDSA, 64 bytes; not verified by this class
 */
public record Statement(
        Bytes author, long term, long number, Settings settings, SortedSet<Bytes> hosts, Bytes signature) {
    /** Most hosts named. */
    public static final int HOSTS = 64;
    /** Bytes of a signature. */
    public static final int SIGNATURE_BYTES = 64;
    /** Bytes of the longest statement with its signature. */
    public static final int MAX_BYTES = 1024 + HostTag.IDENTITY_BYTES * (HOSTS + Settings.REMOVED);

    private static final int LOCKED = 1;
    private static final int MEMBERS_SWITCH = 2;

    public Statement {
        Objects.requireNonNull(settings, "settings");
        hosts = Collections.unmodifiableSortedSet(new TreeSet<>(hosts));
        identity(author);
        hosts.forEach(Statement::identity);
        settings.removed().forEach(Statement::identity);
        if (term < 1 || term > WireLimits.NUMBER || number < 0 || number > WireLimits.NUMBER)
            throw new IllegalArgumentException("a statement's numbers are out of range");
        if (hosts.size() > HOSTS || number > 0 && !hosts.isEmpty())
            throw new IllegalArgumentException("a statement names hosts that it may not");
        if (signature.size() != SIGNATURE_BYTES) throw new IllegalArgumentException("a signature has not 64 bytes");
    }

    private static void identity(Bytes key) {
        if (key.size() != HostTag.IDENTITY_BYTES)
            throw new IllegalArgumentException("an identity key has " + key.size() + " bytes");
    }

    /** Whether it claims to be the maker's own. */
    public boolean makers() {
        return number == 0;
    }

    /** What the signature covers. */
    public byte[] signed(RoomId room) {
        return signed(room, author, term, number, settings, hosts);
    }

    /** What a signature has to cover. */
    public static byte[] signed(
            RoomId room, Bytes author, long term, long number, Settings settings, SortedSet<Bytes> hosts) {
        byte[] label = Labels.bytes(Labels.ROOM_RULES);
        byte[] content = content(author, term, number, settings, hosts);
        return ByteBuffer.allocate(label.length + 16 + content.length)
                .put(label)
                .put(room.bytes())
                .put(content)
                .array();
    }

    private static byte[] content(Bytes author, long term, long number, Settings settings, SortedSet<Bytes> hosts) {
        int size = 1
                + HostTag.IDENTITY_BYTES
                        * (1 + hosts.size() + settings.removed().size())
                + 8
                + 8
                + 1
                + 1
                + 8
                + 4;
        ByteBuffer out = ByteBuffer.allocate(size)
                .put((byte) 1)
                .put(author.toArray())
                .putLong(term)
                .putLong(number)
                .put((byte) ((settings.locked() ? LOCKED : 0) | (settings.membersSwitchPath() ? MEMBERS_SWITCH : 0)))
                .put((byte) settings.path().letter())
                .putLong(settings.pathNumber());
        put(out, hosts);
        put(out, settings.removed());
        return out.array();
    }

    private static void put(ByteBuffer out, SortedSet<Bytes> identities) {
        out.putShort((short) identities.size());
        for (Bytes identity : identities) out.put(identity.toArray());
    }

    /** The statement and its signature, as it travels. */
    public Bytes encode() {
        byte[] content = content(author, term, number, settings, hosts);
        return Bytes.of(ByteBuffer.allocate(content.length + SIGNATURE_BYTES)
                .put(content)
                .put(signature.toArray())
                .array());
    }

    /** @throws IllegalArgumentException unless the bytes are exactly one statement, in the only way to write it */
    public static Statement decode(Bytes encoded) {
        if (encoded.size() > MAX_BYTES) throw new IllegalArgumentException("a statement is too long");
        ByteBuffer in = ByteBuffer.wrap(encoded.toArray());
        try {
            if (in.get() != 1) throw new IllegalArgumentException("a statement is of another version");
            Bytes author = bytes(in, HostTag.IDENTITY_BYTES);
            long term = in.getLong();
            long number = in.getLong();
            int flags = in.get();
            char letter = (char) (in.get() & 0xFF);
            long pathNumber = in.getLong();
            SortedSet<Bytes> hosts = identities(in, HOSTS);
            SortedSet<Bytes> removed = identities(in, Settings.REMOVED);
            Bytes signature = bytes(in, SIGNATURE_BYTES);
            RoomPath path =
                    RoomPath.of(letter).orElseThrow(() -> new IllegalArgumentException("a statement names no path"));
            Settings settings =
                    new Settings((flags & LOCKED) != 0, (flags & MEMBERS_SWITCH) != 0, path, pathNumber, removed);
            Statement statement = new Statement(author, term, number, settings, hosts, signature);
            if (!statement.encode().equals(encoded))
                throw new IllegalArgumentException("a statement is not written as it should be");
            return statement;
        } catch (java.nio.BufferUnderflowException cutOff) {
            throw new IllegalArgumentException("a statement is cut off");
        }
    }

    private static Bytes bytes(ByteBuffer in, int length) {
        byte[] bytes = new byte[length];
        in.get(bytes);
        return Bytes.of(bytes);
    }

    private static SortedSet<Bytes> identities(ByteBuffer in, int most) {
        int count = in.getShort() & 0xFFFF;
        if (count > most) throw new IllegalArgumentException("a statement's list is too long");
        SortedSet<Bytes> identities = new TreeSet<>();
        for (int i = 0; i < count; i++) identities.add(bytes(in, HostTag.IDENTITY_BYTES));
        return identities;
    }
}
