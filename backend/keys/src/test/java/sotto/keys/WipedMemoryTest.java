package sotto.keys;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.HotSpotDiagnosticMXBean;
import java.lang.management.ManagementFactory;
import java.lang.reflect.Field;
import java.nio.MappedByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import org.bouncycastle.crypto.params.X25519PrivateKeyParameters;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import sotto.keys.frames.EpochFrameKeys;
import sotto.keys.frames.FrameKey;
import sotto.keys.frames.LinkPart;
import sotto.keys.groups.Group;
import sotto.keys.groups.LeafDraft;
import sotto.keys.groups.PendingCommit;
import sotto.keys.groups.Room;
import sotto.keys.groups.mls.Attacker;

/**
 * Looks for key bytes in a dump of the whole heap, as somebody would who takes the machine after the call. Each key is
 * first found while it is in use, so that the search is known to work. The test itself holds keys only masked.
 */
@Tag("slow")
class WipedMemoryTest {
    private static final byte MASK = 0x5a;
    private static final int NEEDLE = 32;

    @TempDir
    Path temporary;

    private final Room room = new Room();
    private final Map<String, byte[]> masked = new LinkedHashMap<>();
    private int dumps;

    private void lookFor(String name, byte[] key) {
        byte[] needle = new byte[NEEDLE];
        for (int i = 0; i < NEEDLE; i++) {
            needle[i] = (byte) (key[i] ^ MASK);
        }
        masked.put(name, needle);
    }

    @Test
    void keysOutOfUseAreNowhereInTheHeap() throws Exception {
        List<Group> all = new ArrayList<>(List.of(room.found("alice")));
        LeafDraft draft = room.draft("bob");
        lookFor("init key of the draft", initKey(draft));
        lookFor("encryption key of the draft", encryptionKey(draft));
        assertThat(found()).isEqualTo(masked.keySet());

        Group bob = room.add(all, all.getFirst(), draft);
        all.add(bob);
        assertThat(found()).containsExactly("encryption key of the draft");

        lookForEpoch("alice's old epoch", all.getFirst());
        lookForEpoch("bob's old epoch", bob);
        LinkPart link = LinkPart.derive(room.linkSecret, room.id);
        EpochFrameKeys frameKeys = bob.frameKeys(link);
        FrameKey frameKey = frameKeys.receiveKey(0, 1);
        lookFor("root of the frame keys", (byte[]) field(frameKeys, "root"));
        lookFor("frame key", (byte[]) field(field(frameKey, "keys"), "key"));
        lookFor("link part", (byte[]) field(link, "bytes"));
        PendingCommit lost = all.getFirst().commit(List.of(), List.of());
        assertThat(lost.welcome()).isEmpty();
        lookForEpoch("lost commit", pendingLibrary(all.getFirst()));
        TreeSet<String> live = new TreeSet<>(masked.keySet());
        live.remove("init key of the draft");
        assertThat(found()).isEqualTo(live);

        Room.deliver(all, bob.commit(List.of(), List.of()));
        frameKey.close();
        frameKeys.close();
        link.close();
        assertThat(found()).isEmpty();

        lookForEpoch("last epoch", bob);
        lookFor("leaf signature key", Attacker.signatureSeed(bob));
        assertThat(found()).contains("leaf signature key", "last epoch exporter");
        all.forEach(Group::close);
        assertThat(found()).isEmpty();
    }

    private void lookForEpoch(String name, Group group) throws Exception {
        lookForEpoch(name, Attacker.library(group));
    }

    private void lookForEpoch(String name, org.bouncycastle.mls.protocol.Group library) {
        lookFor(name + " exporter", library.getKeySchedule().exporterSecret.value());
        lookFor(name + " init secret", library.getKeySchedule().initSecret.value());
        lookFor(name + " membership key", library.getKeySchedule().membershipKey.value());
        lookFor(
                name + " authenticator",
                library.getKeySchedule().epochAuthenticator.value());
        lookFor(
                name + " resumption secret",
                library.getKeySchedule().resumptionPSK.value());
    }

    private static org.bouncycastle.mls.protocol.Group pendingLibrary(Group group) throws Exception {
        Object result = field(field(group, "pending"), "result");
        Object next = ((java.util.Optional<?>) field(result, "next")).orElseThrow();
        return (org.bouncycastle.mls.protocol.Group) field(next, "library");
    }

    private static byte[] initKey(LeafDraft draft) throws Exception {
        return privateKey(field(field(draft, "keys"), "init"));
    }

    private static byte[] encryptionKey(LeafDraft draft) throws Exception {
        return privateKey(field(field(draft, "keys"), "encryption"));
    }

    private static byte[] privateKey(Object pair) throws Exception {
        return (byte[]) field((X25519PrivateKeyParameters) field(pair, "privateParam"), "data");
    }

    private static Object field(Object target, String name) throws Exception {
        Field field = target.getClass().getDeclaredField(name);
        field.setAccessible(true);
        return field.get(target);
    }

    /** Which keys are in reachable memory, as they are or as the pads of an HMAC (RFC 2104). */
    private TreeSet<String> found() throws Exception {
        Path dump = temporary.resolve("heap" + dumps++ + ".hprof");
        ManagementFactory.getPlatformMXBean(HotSpotDiagnosticMXBean.class).dumpHeap(dump.toString(), true);
        TreeSet<String> found = new TreeSet<>();
        try (FileChannel channel = FileChannel.open(dump)) {
            MappedByteBuffer heap = channel.map(FileChannel.MapMode.READ_ONLY, 0, channel.size());
            byte[] bytes = new byte[(int) channel.size()];
            heap.get(bytes);
            for (Map.Entry<String, byte[]> key : masked.entrySet()) {
                for (int pad : new int[] {0, 0x36, 0x5c}) {
                    if (contains(bytes, key.getValue(), (byte) (MASK ^ pad))) {
                        found.add(key.getKey());
                    }
                }
            }
        }
        Files.delete(dump);
        return found;
    }

    private static boolean contains(byte[] heap, byte[] needle, byte mask) {
        byte first = (byte) (needle[0] ^ mask);
        byte second = (byte) (needle[1] ^ mask);
        for (int at = 0; at <= heap.length - NEEDLE; at++) {
            if (heap[at] == first && heap[at + 1] == second) {
                int i = 2;
                while (i < NEEDLE && heap[at + i] == (byte) (needle[i] ^ mask)) {
                    i++;
                }
                if (i == NEEDLE) {
                    return true;
                }
            }
        }
        return false;
    }
}
