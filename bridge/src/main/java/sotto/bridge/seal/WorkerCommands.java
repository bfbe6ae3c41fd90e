package sotto.bridge.seal;

import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import sotto.bridge.messages.Track;
import sotto.bridge.seal.WorkerCommand.Forget;
import sotto.bridge.seal.WorkerCommand.ForgetAll;
import sotto.bridge.seal.WorkerCommand.InstallReceive;
import sotto.bridge.seal.WorkerCommand.InstallSend;

/**
 * Commands that the worker carries out together, in order. Binary layout: {@code docs/protocol.md}, section 9, big-endian:
 *
 * <pre>
 * u16 count, then each command:
 *   u8 1  install send key      u32 key id ‖ u64 KID ‖ u8 track ‖ u64 epoch ‖ participant(16) ‖ key(32) ‖ salt(12)
 *                               ‖ u16 switch after, ms
 *   u8 2  install receive key   u32 key id ‖ u64 KID ‖ u8 track ‖ u64 epoch ‖ participant(16) ‖ key(32) ‖ salt(12)
 *   u8 3  forget                u32 key id
 *   u8 4  forget all
 * </pre>
 *
 * Owns its commands' keys: {@link #close} wipes them.
 */
public final class WorkerCommands implements AutoCloseable {
    /** Plaintext bytes of one sealed message. */
    public static final int MOST_BYTES = 64 * 1024;

    private static final int INSTALL_SEND = 1;
    private static final int INSTALL_RECEIVE = 2;
    private static final int FORGET = 3;
    private static final int FORGET_ALL = 4;
    private static final int KEY_BYTES = 4 + 8 + 1 + 8 + 16 + FrameKey.KEY_BYTES + FrameKey.SALT_BYTES;

    private final List<WorkerCommand> commands;

    /** @throws IllegalArgumentException if there are none, or more than fit into {@link #MOST_BYTES} */
    public WorkerCommands(List<WorkerCommand> commands) {
        this.commands = List.copyOf(commands);
        if (commands.isEmpty()) throw new IllegalArgumentException("no command");
        if (size() > MOST_BYTES)
            throw new IllegalArgumentException(commands.size() + " commands need more than " + MOST_BYTES + " bytes");
    }

    public static WorkerCommands of(WorkerCommand... commands) {
        return new WorkerCommands(List.of(commands));
    }

    public List<WorkerCommand> commands() {
        return commands;
    }

    /** The layout above, in a new array of exactly its size, which the caller wipes. */
    public byte[] encode() {
        ByteBuffer out = ByteBuffer.allocate(size());
        out.putShort((short) commands.size());
        for (WorkerCommand command : commands) {
            switch (command) {
                case InstallSend send -> {
                    putKey(out.put((byte) INSTALL_SEND), send.key());
                    out.putShort((short) send.switchAfterMillis());
                }
                case InstallReceive receive -> putKey(out.put((byte) INSTALL_RECEIVE), receive.key());
                case Forget forget -> out.put((byte) FORGET).putInt((int) forget.keyId());
                case ForgetAll all -> out.put((byte) FORGET_ALL);
            }
        }
        return out.array();
    }

    /**
     * Reads the layout back. The app itself has no use for it: the worker's own reader is in TypeScript.
     *
     * @throws IllegalArgumentException if the bytes are not exactly the layout
     */
    public static WorkerCommands decode(byte[] bytes) {
        if (bytes.length > MOST_BYTES) throw new IllegalArgumentException("more than " + MOST_BYTES + " bytes");
        ByteBuffer in = ByteBuffer.wrap(bytes);
        try {
            int count = Short.toUnsignedInt(in.getShort());
            List<WorkerCommand> commands = new ArrayList<>();
            for (int i = 0; i < count; i++) commands.add(readCommand(in));
            if (in.hasRemaining()) throw new IllegalArgumentException(in.remaining() + " bytes after the last command");
            return new WorkerCommands(commands);
        } catch (BufferUnderflowException e) {
            throw new IllegalArgumentException("ends within a command", e);
        }
    }

    private static WorkerCommand readCommand(ByteBuffer in) {
        int kind = in.get();
        return switch (kind) {
            case INSTALL_SEND -> {
                FrameKey key = readKey(in);
                yield new InstallSend(key, Short.toUnsignedInt(in.getShort()));
            }
            case INSTALL_RECEIVE -> new InstallReceive(readKey(in));
            case FORGET -> new Forget(Integer.toUnsignedLong(in.getInt()));
            case FORGET_ALL -> new ForgetAll();
            default -> throw new IllegalArgumentException("unknown command " + kind);
        };
    }

    private static FrameKey readKey(ByteBuffer in) {
        long keyId = Integer.toUnsignedLong(in.getInt());
        long kid = in.getLong();
        int track = in.get();
        if (track < 0 || track >= Track.values().length) throw new IllegalArgumentException("unknown track " + track);
        long epoch = in.getLong();
        byte[] participant = read(in, 16);
        byte[] key = read(in, FrameKey.KEY_BYTES);
        byte[] salt = read(in, FrameKey.SALT_BYTES);
        String id = Base64.getUrlEncoder().withoutPadding().encodeToString(participant);
        FrameKey read = new FrameKey(keyId, kid, Track.values()[track], epoch, id, key, salt);
        Arrays.fill(key, (byte) 0);
        Arrays.fill(salt, (byte) 0);
        return read;
    }

    private static byte[] read(ByteBuffer in, int count) {
        byte[] bytes = new byte[count];
        in.get(bytes);
        return bytes;
    }

    private static void putKey(ByteBuffer out, FrameKey key) {
        out.putInt((int) key.keyId())
                .putLong(key.kid())
                .put((byte) key.track().ordinal())
                .putLong(key.epoch())
                .put(key.participantBytes())
                .put(key.keyBytes())
                .put(key.saltBytes());
    }

    private int size() {
        int size = 2;
        for (WorkerCommand command : commands) {
            size += switch (command) {
                case InstallSend send -> 1 + KEY_BYTES + 2;
                case InstallReceive receive -> 1 + KEY_BYTES;
                case Forget forget -> 1 + 4;
                case ForgetAll all -> 1;
            };
        }
        return size;
    }

    /** Wipes the keys of all commands. */
    @Override
    public void close() {
        for (WorkerCommand command : commands) {
            switch (command) {
                case InstallSend send -> send.key().close();
                case InstallReceive receive -> receive.key().close();
                case Forget forget -> {}
                case ForgetAll all -> {}
            }
        }
    }

    @Override
    public String toString() {
        return commands.toString();
    }
}
