package sotto.bridge.messages;

import static sotto.bridge.messages.Limits.count;
import static sotto.bridge.messages.Limits.id;

import java.util.Objects;

/** What the backend says to the frame worker. */
public sealed interface BackendToWorker {

    /**
     * Opens the sealed channel (RFC 9180, base mode, DHKEM(X25519, HKDF-SHA256), HKDF-SHA256, AES-256-GCM).
     *
     * @param session 16 random bytes; part of the HPKE {@code info}
     * @param enc encapsulated key, 32 bytes in base64url
     */
    record Open(String session, String enc) implements BackendToWorker {
        public Open {
            id("session", session);
            Limits.key32("enc", enc);
        }
    }

    /**
     * Worker commands, sealed; layout in {@code sotto.bridge.seal.WorkerCommands}.
     *
     * @param sequence 0, 1, 2 … : the HPKE context's sequence number, no gaps
     * @param ciphertext base64url
     */
    record Sealed(long sequence, String ciphertext) implements BackendToWorker {
        public Sealed {
            count("sequence", sequence);
            Objects.requireNonNull(ciphertext);
        }
    }
}
