package sotto.bridge.seal;

import java.nio.ByteBuffer;
import java.security.SecureRandom;
import java.util.Base64;
import org.bouncycastle.crypto.AsymmetricCipherKeyPair;
import org.bouncycastle.crypto.InvalidCipherTextException;
import org.bouncycastle.crypto.hpke.HPKE;
import org.bouncycastle.crypto.hpke.HPKEContext;
import org.bouncycastle.math.ec.rfc7748.X25519;
import sotto.bridge.messages.BackendToWorker;

/** The worker's half of the sealed channel, on Bouncy Castle's own HPKE: shares no code with what it tests. */
public final class TestWorker {
    private static final HPKE SUITE =
            new HPKE(HPKE.mode_base, HPKE.kem_X25519_SHA256, HPKE.kdf_HKDF_SHA256, HPKE.aead_AES_GCM256);

    private final byte[] privateKey = new byte[X25519.SCALAR_SIZE];
    private final byte[] publicKey = new byte[X25519.POINT_SIZE];
    private HPKEContext context;

    public TestWorker() {
        X25519.generatePrivateKey(new SecureRandom(), privateKey);
        X25519.generatePublicKey(privateKey, 0, publicKey, 0);
    }

    public byte[] publicKey() {
        return publicKey.clone();
    }

    public String publicKeyText() {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(publicKey);
    }

    public void open(BackendToWorker.Open message) {
        byte[] session = Base64.getUrlDecoder().decode(message.session());
        byte[] info = ByteBuffer.allocate(24 + 16 + 32)
                .put("Sotto 1.0 worker channel".getBytes(java.nio.charset.StandardCharsets.US_ASCII))
                .put(session)
                .put(publicKey)
                .array();
        AsymmetricCipherKeyPair pair = SUITE.deserializePrivateKey(privateKey, publicKey);
        context = SUITE.setupBaseR(Base64.getUrlDecoder().decode(message.enc()), pair, info);
    }

    public WorkerCommands unseal(BackendToWorker.Sealed message) throws InvalidCipherTextException {
        byte[] aad = ByteBuffer.allocate(8).putLong(message.sequence()).array();
        return WorkerCommands.decode(context.open(aad, Base64.getUrlDecoder().decode(message.ciphertext())));
    }
}
