package sotto.keys.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Clock;
import java.util.Arrays;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import sotto.keys.identity.Identities;
import sotto.keys.identity.Identity;
import sotto.keys.identity.IdentityKey;
import sotto.keys.journal.KeyJournal;

class FileProfileStoreTest {
    private final KeyJournal journal = new KeyJournal(Clock.systemUTC(), 100);

    @TempDir
    Path temporary;

    private Path folder() {
        return temporary.resolve("profile");
    }

    @Test
    void recordsOutliveTheStore() throws Exception {
        try (ProfileStore store = FileProfileStore.open(folder())) {
            assertThat(store.read("a")).isEmpty();
            store.write("a", new byte[] {1});
            store.write("a", new byte[] {2, 3});
            store.write("b.c-1", new byte[0]);
            store.write("d", new byte[100]);
            assertThat(store.delete("d")).isTrue();
            assertThat(store.delete("d")).isFalse();
        }
        try (ProfileStore store = FileProfileStore.open(folder())) {
            assertThat(store.list()).containsExactly("a", "b.c-1");
            assertThat(store.read("a")).contains(new byte[] {2, 3});
            assertThat(store.read("b.c-1")).contains(new byte[0]);
        }
    }

    @Test
    void onlyTheOwnerCanReadIt() throws Exception {
        Files.createDirectories(folder());
        Files.setPosixFilePermissions(folder(), PosixFilePermissions.fromString("rwxrwxrwx"));
        try (ProfileStore store = FileProfileStore.open(folder())) {
            store.write("a", new byte[] {1});
        }
        assertThat(mode(folder())).isEqualTo("rwx------");
        assertThat(mode(folder().resolve("a.record"))).isEqualTo("rw-------");
        assertThat(mode(folder().resolve("lock"))).isEqualTo("rw-------");
    }

    private static String mode(Path path) throws IOException {
        return PosixFilePermissions.toString(Files.getPosixFilePermissions(path));
    }

    @Test
    void secondStartInThisProcessIsRefused() throws Exception {
        try (ProfileStore store = FileProfileStore.open(folder())) {
            assertThatThrownBy(() -> FileProfileStore.open(folder()))
                    .isInstanceOf(ProfileException.InUse.class)
                    .hasMessageContaining("in use by another running Sotto");
            store.write("a", new byte[] {1});
        }
        FileProfileStore.open(folder()).close();
    }

    @Test
    void secondStartInAnotherProcessIsRefused() throws Exception {
        ProcessBuilder other = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-cp",
                        System.getProperty("java.class.path"),
                        Holder.class.getName(),
                        folder().toString())
                .redirectError(ProcessBuilder.Redirect.INHERIT);
        Process holder = other.start();
        try {
            assertThat(holder.getInputStream().read()).isEqualTo('!');
            assertThatThrownBy(() -> FileProfileStore.open(folder())).isInstanceOf(ProfileException.InUse.class);
        } finally {
            holder.destroyForcibly();
        }
        assertThat(holder.waitFor(30, TimeUnit.SECONDS)).isTrue();
        // A killed process leaves nothing behind that would have to be cleaned up by hand.
        FileProfileStore.open(folder()).close();
    }

    /** Opens a profile and holds it until it is killed. */
    static final class Holder {
        private Holder() {}

        public static void main(String[] arguments) throws Exception {
            try (ProfileStore store = FileProfileStore.open(Path.of(arguments[0]))) {
                store.list();
                System.out.print('!');
                System.out.flush();
                System.in.read();
            }
        }
    }

    @Test
    void everyFlipAndTruncationOfARecordIsNoticed() throws Exception {
        try (ProfileStore store = FileProfileStore.open(folder())) {
            store.write("a", new byte[] {1, 2, 3});
            Path file = folder().resolve("a.record");
            byte[] good = Files.readAllBytes(file);
            for (int bit = 0; bit < good.length * 8; bit++) {
                byte[] flipped = good.clone();
                flipped[bit / 8] ^= (byte) (1 << bit % 8);
                assertDamaged(store, file, flipped);
            }
            for (int length = 0; length < good.length; length++) {
                assertDamaged(store, file, Arrays.copyOf(good, length));
            }
            assertDamaged(store, file, Arrays.copyOf(good, good.length + 1));
            // Another record's file under this name.
            store.write("b", new byte[] {1, 2, 3});
            assertDamaged(store, file, Files.readAllBytes(folder().resolve("b.record")));
        }
    }

    private static void assertDamaged(ProfileStore store, Path file, byte[] content) throws IOException {
        Files.write(file, content);
        assertThatThrownBy(() -> store.read("a"))
                .isInstanceOf(ProfileException.DamagedRecord.class)
                .hasMessageContaining("\"a\"")
                .hasMessageContaining("backup");
    }

    @Test
    void crashBeforeTheRenameLeavesTheOldContent() throws Exception {
        try (ProfileStore store = FileProfileStore.open(folder())) {
            store.write("a", new byte[] {1});
        }
        Files.write(folder().resolve("a.new"), new byte[] {9});
        try (ProfileStore store = FileProfileStore.open(folder())) {
            assertThat(store.read("a")).contains(new byte[] {1});
            assertThat(store.list()).containsExactly("a");
            assertThat(folder().resolve("a.new")).doesNotExist();
        }
    }

    @Test
    void namesCannotLeaveTheFolder() throws Exception {
        try (ProfileStore store = FileProfileStore.open(folder())) {
            for (String name : new String[] {"", "../a", "a/b", ".a", "A", "a".repeat(65)}) {
                assertThatThrownBy(() -> store.write(name, new byte[1])).isInstanceOf(IllegalArgumentException.class);
            }
        }
    }

    @Test
    void folderThatIsNoneIsSaidToBeSo() throws Exception {
        Files.write(folder(), new byte[] {1});
        assertThatThrownBy(() -> FileProfileStore.open(folder()))
                .isInstanceOf(ProfileException.class)
                .hasMessageContaining("cannot be used");
    }

    @Test
    void identityIsTheSameAtEachStartAndNeverReplacedInSilence() throws Exception {
        IdentityKey first;
        try (ProfileStore store = FileProfileStore.open(folder());
                Identity identity = Identities.loadOrCreate(store, journal)) {
            first = identity.publicKey();
        }
        try (ProfileStore store = FileProfileStore.open(folder())) {
            try (Identity identity = Identities.loadOrCreate(store, journal)) {
                assertThat(identity.publicKey()).isEqualTo(first);
                assertThat(first.verify(new byte[] {1}, identity.sign(new byte[] {1})))
                        .isTrue();
            }
            store.write("identity", new byte[] {1, 2, 3});
            assertThatThrownBy(() -> Identities.loadOrCreate(store, journal))
                    .isInstanceOf(ProfileException.DamagedRecord.class);
            assertThat(store.read("identity")).contains(new byte[] {1, 2, 3});
        }
        assertThat(journal.counts().keysLive()).isZero();
    }
}
