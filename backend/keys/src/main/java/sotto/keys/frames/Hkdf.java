package sotto.keys.frames;

import java.security.GeneralSecurityException;
import java.util.Arrays;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/** HKDF (RFC 5869). Outputs are fresh arrays that the caller wipes. */
public enum Hkdf {
    SHA256("HmacSHA256", 32),
    SHA512("HmacSHA512", 64);

    private final String hmac;
    private final int hashSize;

    Hkdf(String hmac, int hashSize) {
        this.hmac = hmac;
        this.hashSize = hashSize;
    }

    public byte[] extract(byte[] salt, byte[] ikm) {
        return mac(salt.length == 0 ? new byte[hashSize] : salt).doFinal(ikm);
    }

    public byte[] expand(byte[] prk, byte[] info, int length) {
        if (length < 1 || length > 255 * hashSize) {
            throw new IllegalArgumentException("HKDF output of " + length + " bytes");
        }
        Mac mac = mac(prk);
        byte[] out = new byte[length];
        byte[] block = new byte[0];
        int done = 0;
        for (int i = 1; done < length; i++) {
            mac.update(block);
            mac.update(info);
            mac.update((byte) i);
            Arrays.fill(block, (byte) 0);
            block = mac.doFinal();
            int take = Math.min(block.length, length - done);
            System.arraycopy(block, 0, out, done, take);
            done += take;
        }
        Arrays.fill(block, (byte) 0);
        return out;
    }

    private Mac mac(byte[] key) {
        try {
            Mac mac = Mac.getInstance(hmac);
            mac.init(new SecretKeySpec(key, hmac));
            return mac;
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every Java platform has " + hmac, e);
        }
    }
}
