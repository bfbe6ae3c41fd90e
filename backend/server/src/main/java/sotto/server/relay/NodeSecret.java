package sotto.server.relay;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.util.Arrays;
import java.util.Base64;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * What a coordination server and the relay nodes of its operator share. It never crosses the wire: nodes prove that they
 * know it, and both sides make each node's relay key from it.
 */
public final class NodeSecret {
    private static final int LEAST_CHARS = 32;
    private static final String BEAT = "Sotto 1.0 relay node beat";
    private static final String KEY = "Sotto 1.0 relay node key";

    private final SecretKeySpec secret;

    private NodeSecret(String text) {
        byte[] bytes = text.getBytes(StandardCharsets.US_ASCII);
        secret = new SecretKeySpec(bytes, "HmacSHA256");
        Arrays.fill(bytes, (byte) 0);
    }

    /** @throws IOException unless the file holds one line of at least 32 characters */
    public static NodeSecret read(Path file) throws IOException {
        return new NodeSecret(SecretFile.readLine(file, LEAST_CHARS));
    }

    /** Proves that who knows the secret has made this body. */
    byte[] beatMac(byte[] body) {
        return mac(BEAT, body);
    }

    /** The key of the relay on a node: named by the node's id. */
    RelayKey relayKey(String node) {
        byte[] key = mac(KEY, node.getBytes(StandardCharsets.US_ASCII));
        return new RelayKey(node, Base64.getUrlEncoder().withoutPadding().encodeToString(key));
    }

    private byte[] mac(String label, byte[] data) {
        try {
            Mac mac = Mac.getInstance("HmacSHA256");
            mac.init(secret);
            byte[] prefix = label.getBytes(StandardCharsets.US_ASCII);
            mac.update(ByteBuffer.allocate(1).put((byte) prefix.length).flip());
            mac.update(prefix);
            return mac.doFinal(data);
        } catch (GeneralSecurityException missing) {
            throw new AssertionError("every Java platform has HmacSHA256", missing);
        }
    }

    /** Tells nothing. */
    @Override
    public String toString() {
        return "NodeSecret";
    }
}
