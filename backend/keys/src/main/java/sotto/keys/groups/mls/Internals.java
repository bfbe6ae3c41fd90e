package sotto.keys.groups.mls;

import java.lang.reflect.Field;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.Collections;
import java.util.Deque;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.bouncycastle.crypto.AsymmetricCipherKeyPair;
import org.bouncycastle.mls.TreeKEM.LeafNode;
import org.bouncycastle.mls.TreeKEM.Node;
import org.bouncycastle.mls.TreeKEM.NodeIndex;
import org.bouncycastle.mls.TreeKEM.OptionalNode;
import org.bouncycastle.mls.TreeKEM.TreeKEMPrivateKey;
import org.bouncycastle.mls.TreeKEM.TreeKEMPublicKey;
import org.bouncycastle.mls.codec.GroupContext;
import org.bouncycastle.mls.codec.KeyPackage;
import org.bouncycastle.mls.codec.Welcome;
import org.bouncycastle.mls.crypto.MlsCipherSuite;
import org.bouncycastle.mls.crypto.Secret;
import org.bouncycastle.mls.protocol.Group;

/**
 * What the library keeps to itself, reached by reflection, for reasons that have no other way. It never compares the
 * private keys that it derives with the tree's public keys (RFC 9420 §7.5), and its path secrets have no accessor. It
 * never wipes the secrets of an epoch that is over: private fields hold the signature key, path secrets, private keys,
 * and a list of all resumption secrets that grows by one each epoch. And what it decodes works with its own static suite.
 */
final class Internals {
    private static final Field GROUP_PRIVATE_TREE = field(Group.class, "treePriv");
    private static final Field GROUP_RESUMPTION = field(Group.class, "resumptionPSKs");
    private static final Field PATH_SECRETS = field(TreeKEMPrivateKey.class, "pathSecrets");
    private static final Field PRIVATE_KEYS = field(TreeKEMPrivateKey.class, "privateKeyCache");
    private static final Field KEY_PACKAGE_SUITE = field(KeyPackage.class, "suite");
    private static final Field WELCOME_SUITE = field(Welcome.class, "suite");
    private static final Field TREE_NODES = field(TreeKEMPublicKey.class, "nodes");
    private static final Field OPTIONAL_NODE = field(OptionalNode.class, "node");
    private static final Field NODE_LEAF = field(Node.class, "leafNode");
    private static final Field LEAF_SIGNATURE = field(LeafNode.class, "signature");
    private static final Method GROUP_CONTEXT = method(Group.class, "getGroupContext");
    private static final ClassValue<List<Field>> REFERENCES = new ClassValue<>() {
        @Override
        protected List<Field> computeValue(Class<?> type) {
            return references(type);
        }
    };

    private Internals() {}

    /** Makes a decoded KeyPackage work with a suite of ours. */
    static void use(MlsCipherSuite suite, KeyPackage keyPackage) throws IllegalAccessException {
        KEY_PACKAGE_SUITE.set(keyPackage, suite);
    }

    /** Makes a decoded Welcome, and the group that is joined with it, work with a suite of ours. */
    static void use(MlsCipherSuite suite, Welcome welcome) throws IllegalAccessException {
        WELCOME_SUITE.set(welcome, suite);
    }

    /** The group context of the epoch that the group is in. Call with the library's lock held. */
    static GroupContext groupContext(Group group) throws ReflectiveOperationException {
        return (GroupContext) GROUP_CONTEXT.invoke(group);
    }

    /** The private half of the tree that a member holds: what is changed in it changes the group. */
    record PrivateTree(Map<NodeIndex, Secret> pathSecrets, Map<NodeIndex, AsymmetricCipherKeyPair> keys) {}

    /** Call with the library's lock held. */
    @SuppressWarnings("unchecked")
    static PrivateTree privateTree(Group group) throws IllegalAccessException {
        Object tree = GROUP_PRIVATE_TREE.get(group);
        return new PrivateTree(
                (Map<NodeIndex, Secret>) PATH_SECRETS.get(tree),
                (Map<NodeIndex, AsymmetricCipherKeyPair>) PRIVATE_KEYS.get(tree));
    }

    /**
     * The nodes of a group's public tree, by node index; null for those that are blank. Call with the library's lock held.
     */
    static Node[] nodes(Group group) throws IllegalAccessException {
        List<?> nodes = (List<?>) TREE_NODES.get(group.getTree());
        Node[] found = new Node[nodes.size()];
        for (int i = 0; i < found.length; i++) {
            found[i] = (Node) OPTIONAL_NODE.get(nodes.get(i));
        }
        return found;
    }

    /** The leaf of a node, or null if it is a parent. */
    static LeafNode leaf(Node node) throws IllegalAccessException {
        return (LeafNode) NODE_LEAF.get(node);
    }

    /** The signature that a leaf carries. */
    static byte[] signature(LeafNode leaf) throws IllegalAccessException {
        return (byte[]) LEAF_SIGNATURE.get(leaf);
    }

    /** Wipes the resumption secrets of earlier epochs: this profile never resumes. */
    static void forgetResumption(Group group) throws IllegalAccessException {
        Map<?, ?> secrets = (Map<?, ?>) GROUP_RESUMPTION.get(group);
        secrets.values().forEach(secret -> Arrays.fill((byte[]) secret, (byte) 0));
        secrets.clear();
    }

    /**
     * Zeroes every byte array that {@code retired} reaches and no survivor does. The library shares secrets between
     * consecutive epochs, so what the next one still needs has to be found first. Public trees are left out.
     */
    static void wipe(Object retired, Collection<?> survivors) throws IllegalAccessException {
        Set<byte[]> kept = Collections.newSetFromMap(new IdentityHashMap<>());
        for (Object survivor : survivors) {
            kept.addAll(byteArrays(survivor));
        }
        for (byte[] bytes : byteArrays(retired)) {
            if (!kept.contains(bytes)) {
                Arrays.fill(bytes, (byte) 0);
            }
        }
    }

    private static Set<byte[]> byteArrays(Object root) throws IllegalAccessException {
        Set<byte[]> found = Collections.newSetFromMap(new IdentityHashMap<>());
        Set<Object> seen = Collections.newSetFromMap(new IdentityHashMap<>());
        Deque<Object> open = new ArrayDeque<>();
        open.add(root);
        while (!open.isEmpty()) {
            Object object = open.remove();
            if (object instanceof TreeKEMPublicKey || !seen.add(object)) {
                continue;
            }
            switch (object) {
                case byte[] bytes -> found.add(bytes);
                case Map<?, ?> map -> {
                    addAll(open, map.keySet());
                    addAll(open, map.values());
                }
                case Collection<?> collection -> addAll(open, collection);
                case Object[] array -> addAll(open, Arrays.asList(array));
                default -> {
                    for (Field field : REFERENCES.get(object.getClass())) {
                        Object value = field.get(object);
                        if (value != null) {
                            open.add(value);
                        }
                    }
                }
            }
        }
        return found;
    }

    private static void addAll(Deque<Object> open, Collection<?> values) {
        for (Object value : values) {
            if (value != null) {
                open.add(value);
            }
        }
    }

    /** Fields of the library's own classes; those of the platform hold nothing that is not reached otherwise. */
    private static List<Field> references(Class<?> type) {
        List<Field> fields = new ArrayList<>();
        for (Class<?> c = type; c != null && c.getName().startsWith("org.bouncycastle."); c = c.getSuperclass()) {
            for (Field field : c.getDeclaredFields()) {
                if (!Modifier.isStatic(field.getModifiers()) && !field.getType().isPrimitive()) {
                    field.setAccessible(true);
                    fields.add(field);
                }
            }
        }
        return fields;
    }

    private static Method method(Class<?> type, String name) {
        try {
            Method method = type.getDeclaredMethod(name);
            method.setAccessible(true);
            return method;
        } catch (NoSuchMethodException e) {
            throw new IllegalStateException("the MLS library is not the version that this module was written for", e);
        }
    }

    private static Field field(Class<?> type, String name) {
        try {
            Field field = type.getDeclaredField(name);
            field.setAccessible(true);
            return field;
        } catch (NoSuchFieldException e) {
            throw new IllegalStateException("the MLS library is not the version that this module was written for", e);
        }
    }
}
