package sotto.bridge.seal;

import java.util.Objects;

/** One order to the frame worker. */
public sealed interface WorkerCommand {

    /**
     * Encrypt this track with this key from now on. Its counter starts at 0: the same key must never be sent twice.
     *
     * @param switchAfterMillis how long the worker goes on with the track's previous key, 0 to 65535
     */
    record InstallSend(FrameKey key, int switchAfterMillis) implements WorkerCommand {
        public InstallSend {
            Objects.requireNonNull(key);
            if (switchAfterMillis < 0 || switchAfterMillis > 0xFFFF)
                throw new IllegalArgumentException("switch after " + switchAfterMillis + " ms does not fit 16 bits");
        }
    }

    /** Decrypt frames under this key's KID that come as this participant's track. */
    record InstallReceive(FrameKey key) implements WorkerCommand {
        public InstallReceive {
            Objects.requireNonNull(key);
        }
    }

    /** Forget one key, of whichever direction. */
    record Forget(long keyId) implements WorkerCommand {
        public Forget {
            requireKeyId(keyId);
        }
    }

    /** Forget every key: the call is over. */
    record ForgetAll() implements WorkerCommand {}

    /** Key ids are unsigned 32 bit. */
    static void requireKeyId(long keyId) {
        if (keyId < 0 || keyId > 0xFFFF_FFFFL) throw new IllegalArgumentException("key id out of range: " + keyId);
    }
}
