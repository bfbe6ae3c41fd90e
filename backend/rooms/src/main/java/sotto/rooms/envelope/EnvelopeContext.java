package sotto.rooms.envelope;

import java.nio.ByteBuffer;
import java.util.Objects;
import sotto.rooms.wire.ConnectionId;
import sotto.rooms.wire.GroupId;
import sotto.rooms.wire.LogId;
import sotto.rooms.wire.RoomId;

/**
 * Where an envelope belongs. Authenticated with it: moved to another room, log, connection, way, epoch or receiver it
 * does not open.
 *
 * <pre>
 * context = room id(16) ‖ log id(16) ‖ sender connection(16) ‖ u8 way
 *           ‖ [commit: group(16) ‖ u64 epoch] ‖ [send: receiver connection(16)]
 * </pre>
 */
public sealed interface EnvelopeContext {
    RoomId room();

    LogId log();

    /** The connection that it comes from. */
    ConnectionId sender();

    /** In the log, as a message. Way 3. */
    record Message(RoomId room, LogId log, ConnectionId sender) implements EnvelopeContext {
        public Message {
            Objects.requireNonNull(room, "room");
            Objects.requireNonNull(log, "log");
            Objects.requireNonNull(sender, "sender");
        }
    }

    /** In the log, as the first commit that begins this epoch of this group. Way 4. */
    record Commit(RoomId room, LogId log, ConnectionId sender, GroupId group, long epoch) implements EnvelopeContext {
        public Commit {
            Objects.requireNonNull(room, "room");
            Objects.requireNonNull(log, "log");
            Objects.requireNonNull(sender, "sender");
            Objects.requireNonNull(group, "group");
        }
    }

    /** To one connection. Way 5. */
    record Send(RoomId room, LogId log, ConnectionId sender, ConnectionId receiver) implements EnvelopeContext {
        public Send {
            Objects.requireNonNull(room, "room");
            Objects.requireNonNull(log, "log");
            Objects.requireNonNull(sender, "sender");
            Objects.requireNonNull(receiver, "receiver");
        }
    }

    /** The bytes that are authenticated. */
    default byte[] bytes() {
        ByteBuffer bytes = ByteBuffer.allocate(16 * 4 + 1 + 8)
                .put(room().bytes())
                .put(log().bytes())
                .put(sender().bytes());
        switch (this) {
            case Message message -> bytes.put((byte) 3);
            case Commit commit ->
                bytes.put((byte) 4).put(commit.group().bytes()).putLong(commit.epoch());
            case Send send -> bytes.put((byte) 5).put(send.receiver().bytes());
        }
        byte[] result = new byte[bytes.position()];
        bytes.flip().get(result);
        return result;
    }
}
