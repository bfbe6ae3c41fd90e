package sotto.keys.groups.mls;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import sotto.keys.groups.Group;
import sotto.keys.groups.GroupException;

/**
 * A ratchet tree (RFC 9420 §7.8): well-formed, but not yet verified.
 *
 * @param leaves by leaf index, without blanks
 * @param parentKeys public keys of the parent nodes that are not blank
 */
record WireTree(SortedMap<Integer, WireLeaf> leaves, List<byte[]> parentKeys) {
    private static final int NODE_LEAF = 1;
    private static final int NODE_PARENT = 2;

    private sealed interface Node {}

    private record Leaf(WireLeaf leaf) implements Node {}

    private record Parent(byte[] key, List<Integer> unmerged) implements Node {}

    static WireTree decode(byte[] extension) throws GroupException {
        TlsReader in = new TlsReader(extension, Mls.MAX_WELCOME, "ratchet tree");
        List<Optional<Node>> nodes = in.vector(2 * Group.MAX_MEMBERS - 1, "nodes", WireTree::readNode);
        in.end();
        if (nodes.size() % 2 == 0 || nodes.getLast().isEmpty()) {
            throw in.malformed("a tree that does not end with a leaf");
        }
        SortedMap<Integer, WireLeaf> leaves = new TreeMap<>();
        for (int i = 0; i < nodes.size(); i += 2) {
            switch (nodes.get(i).orElse(null)) {
                case null -> {}
                case Leaf leaf -> leaves.put(i / 2, leaf.leaf());
                case Parent parent -> throw in.malformed("a parent in the place of leaf " + i / 2);
            }
        }
        List<byte[]> parentKeys = new ArrayList<>();
        for (int i = 1; i < nodes.size(); i += 2) {
            switch (nodes.get(i).orElse(null)) {
                case null -> {}
                case Leaf leaf -> throw in.malformed("a leaf in the place of parent " + i);
                case Parent parent -> {
                    checkUnmerged(in, i, parent.unmerged(), leaves);
                    parentKeys.add(parent.key());
                }
            }
        }
        return new WireTree(leaves, parentKeys);
    }

    private static Optional<Node> readNode(TlsReader in) throws GroupException {
        if (!in.present()) {
            return Optional.empty();
        }
        return switch (in.u8()) {
            case NODE_LEAF -> Optional.of(new Leaf(WireLeaf.read(in)));
            case NODE_PARENT -> {
                byte[] key = in.opaque(Mls.KEY_SIZE, "parent key");
                in.opaque(0, Mls.HASH_SIZE, "parent hash");
                List<Integer> unmerged = in.vector(Group.MAX_MEMBERS, "unmerged leaves", WireTree::readLeafIndex);
                yield Optional.of(new Parent(key, unmerged));
            }
            default -> throw in.malformed("node type");
        };
    }

    private static int readLeafIndex(TlsReader in) throws GroupException {
        long leaf = in.u32();
        if (leaf >= Group.MAX_MEMBERS) {
            throw in.malformed("leaf " + leaf);
        }
        return (int) leaf;
    }

    /** Unmerged leaves rise, are occupied, and stand below their parent (§7.9.2). */
    private static void checkUnmerged(
            TlsReader in, int node, List<Integer> unmerged, SortedMap<Integer, WireLeaf> leaves) throws GroupException {
        int level = Integer.numberOfTrailingZeros(~node);
        int reach = (1 << level) - 1;
        int last = -1;
        for (int leaf : unmerged) {
            boolean below = 2 * leaf >= node - reach && 2 * leaf <= node + reach;
            if (leaf <= last || !below || !leaves.containsKey(leaf)) {
                throw in.malformed("unmerged leaf " + leaf + " of node " + node);
            }
            last = leaf;
        }
    }

    /** The public keys of all nodes that are not blank. */
    Collection<byte[]> keys() {
        List<byte[]> keys = new ArrayList<>(parentKeys);
        leaves.values().forEach(leaf -> keys.add(leaf.encryptionKey()));
        return keys;
    }

    /** No HPKE key may stand at two nodes (§7.3, §7.9.2: a repeated key lets a removed member read on). */
    static void requireDistinct(Collection<byte[]> keys) throws GroupException {
        Set<ByteBuffer> distinct = HashSet.newHashSet(keys.size());
        for (byte[] key : keys) {
            if (!distinct.add(ByteBuffer.wrap(key))) {
                throw new GroupException.PolicyViolation("two nodes of the tree share an encryption key");
            }
        }
    }
}
