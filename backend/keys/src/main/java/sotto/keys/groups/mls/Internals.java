package sotto.keys.groups.mls;

import java.lang.reflect.Field;
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
import org.bouncycastle.mls.TreeKEM.NodeIndex;
import org.bouncycastle.mls.TreeKEM.TreeKEMPrivateKey;
import org.bouncycastle.mls.TreeKEM.TreeKEMPublicKey;
import org.bouncycastle.mls.crypto.Secret;
import org.bouncycastle.mls.protocol.Group;

/**
 * What the library keeps to itself, reached by reflection, for two reasons that have no other way. It never compares the
 * private keys that it derives with the tree's public keys (RFC 9420 §7.5), and its path secrets have no accessor. And
 * it never wipes the secrets of an epoch that is over: private fields hold the signature key, path secrets, private
 * keys, and a list of all resumption secrets that grows by one each epoch.
 */
final class Internals {
    private static final Field GROUP_PRIVATE_TREE = field(Group.class, "treePriv");
    private static final Field GROUP_RESUMPTION = field(Group.class, "resumptionPSKs");
    private static final Field PATH_SECRETS = field(TreeKEMPrivateKey.class, "pathSecrets");
    private static final ClassValue<List<Field>> REFERENCES = new ClassValue<>() {
        @Override
        protected List<Field> computeValue(Class<?> type) {
            return references(type);
        }
    };

    private Internals() {}

    /** The path secrets that a member holds, by node index. Call with the library's lock held. */
    static Map<Long, Secret> pathSecrets(Group group) throws IllegalAccessException {
        Map<Long, Secret> secrets = new java.util.TreeMap<>();
        Map<?, ?> held = (Map<?, ?>) PATH_SECRETS.get(GROUP_PRIVATE_TREE.get(group));
        held.forEach((node, secret) -> secrets.put(((NodeIndex) node).value(), (Secret) secret));
        return secrets;
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
