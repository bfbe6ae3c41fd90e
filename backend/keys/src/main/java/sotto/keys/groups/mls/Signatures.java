package sotto.keys.groups.mls;

import java.util.LinkedHashMap;
import java.util.Map;
import sotto.keys.identity.IdentityKey;

/**
 * Verifies the signatures in leaves and KeyPackages, and remembers the latest that were good: the same leaf comes with
 * its owner's request to join, with the commit that adds it, and in the tree of each later Welcome. What is remembered
 * is a digest of all that went in, so nothing passes that was not verified bit for bit. One to an engine. Thread-safe.
 */
final class Signatures {
    /** Remembered at most: three for each member of the largest group, and space for those who ask. */
    private static final int MOST = 4 * sotto.keys.groups.Group.MAX_MEMBERS;

    private static final int LEAF = 1;
    private static final int IDENTITY = 2;

    private final Map<Digest, Boolean> good = new LinkedHashMap<>(64, 0.75f, true) {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<Digest, Boolean> eldest) {
            return size() > MOST;
        }
    };

    /** A SHA-256 hash that can be a key in a map. */
    private record Digest(long a, long b, long c, long d) {
        static Digest of(byte[] hash) {
            var in = java.nio.ByteBuffer.wrap(hash);
            return new Digest(in.getLong(), in.getLong(), in.getLong(), in.getLong());
        }
    }

    private interface Verification {
        boolean good();
    }

    /** VerifyWithLabel (RFC 9420 §5.1.2) with a leaf's signature key. */
    boolean verifyWithLabel(byte[] key, String label, byte[] content, byte[] signature) {
        return verify(
                LEAF,
                new TlsWriter()
                        .opaque(key)
                        .opaque(Mls.ascii(label))
                        .opaque(content)
                        .opaque(signature)
                        .bytes(),
                () -> Mls.verifyWithLabel(key, label, content, signature));
    }

    /** Whether an identity signed this. */
    boolean verify(IdentityKey key, byte[] content, byte[] signature) {
        return verify(
                IDENTITY,
                new TlsWriter()
                        .opaque(key.bytes())
                        .opaque(content)
                        .opaque(signature)
                        .bytes(),
                () -> key.verify(content, signature));
    }

    private boolean verify(int kind, byte[] all, Verification verification) {
        Digest digest = Digest.of(Mls.sha256(new TlsWriter().u16(kind).raw(all).bytes()));
        synchronized (good) {
            if (good.get(digest) != null) {
                return true;
            }
        }
        if (!verification.good()) {
            return false;
        }
        synchronized (good) {
            good.put(digest, Boolean.TRUE);
        }
        return true;
    }
}
