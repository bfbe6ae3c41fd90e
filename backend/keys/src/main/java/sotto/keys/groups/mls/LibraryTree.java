package sotto.keys.groups.mls;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import org.bouncycastle.mls.TreeKEM.LeafNode;
import org.bouncycastle.mls.TreeKEM.Node;
import org.bouncycastle.mls.protocol.Group;

/**
 * The public tree of the library's group as it lies there, without a copy: to encode the tree and decode it again at each
 * commit would cost a third of all that a commit costs in a large group. Used with the library's lock held.
 */
final class LibraryTree {
    /** By node index; null for a blank one. */
    private final Node[] nodes;

    private LibraryTree(Node[] nodes) {
        this.nodes = nodes;
    }

    static LibraryTree of(Group library) throws IllegalAccessException {
        return new LibraryTree(Internals.nodes(library));
    }

    /** The number of leaves that are not blank. */
    int leaves() {
        int count = 0;
        for (int node = 0; node < nodes.length; node += 2) {
            count += nodes[node] == null ? 0 : 1;
        }
        return count;
    }

    /**
     * Whether this very leaf stands at {@code index}. The library encrypts to one of its keys and verifies with the other;
     * the signature was verified over these and all the rest of the leaf.
     */
    boolean hasAt(int index, WireLeaf leaf) throws IllegalAccessException {
        Node node = 2 * index < nodes.length ? nodes[2 * index] : null;
        LeafNode there = node == null ? null : Internals.leaf(node);
        return there != null
                && Arrays.equals(there.getEncryptionKey(), leaf.encryptionKey())
                && Arrays.equals(there.getSignatureKey(), leaf.signatureKey())
                && Arrays.equals(Internals.signature(there), leaf.signature());
    }

    /** The public key of a node, or null if it is blank or beyond the tree. */
    byte[] key(long node) {
        return node < nodes.length && nodes[(int) node] != null ? nodes[(int) node].getPublicKey() : null;
    }

    /** The public keys of all nodes that are not blank. */
    Collection<byte[]> keys() {
        List<byte[]> keys = new ArrayList<>(nodes.length);
        for (Node node : nodes) {
            if (node != null) {
                keys.add(node.getPublicKey());
            }
        }
        return keys;
    }
}
