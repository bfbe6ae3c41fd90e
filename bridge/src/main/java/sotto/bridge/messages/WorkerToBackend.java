package sotto.bridge.messages;

import static sotto.bridge.messages.Limits.count;

/** What the frame worker may say on its socket. */
public sealed interface WorkerToBackend {

    /**
     * First message: the worker's fresh X25519 public key, 32 bytes in base64url. Everything sealed to this worker is
     * sealed to this key.
     */
    record Hello(int version, String publicKey) implements WorkerToBackend {
        public Hello {
            Limits.key32("publicKey", publicKey);
        }
    }

    /** The worker has installed or forgotten what the {@code sequence}-th sealed message said. */
    record Done(long sequence) implements WorkerToBackend {
        public Done {
            count("sequence", sequence);
        }
    }

    /** The worker now encrypts with this send key; the previous one of the track is gone. For the key journal. */
    record Switched(long keyId) implements WorkerToBackend {
        public Switched {
            count("keyId", keyId);
        }
    }

    /** The worker has dropped this key by itself (counter used up, time limit). For the key journal. */
    record Forgot(long keyId) implements WorkerToBackend {
        public Forgot {
            count("keyId", keyId);
        }
    }
}
