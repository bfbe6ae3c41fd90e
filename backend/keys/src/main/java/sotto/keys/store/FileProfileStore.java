package sotto.keys.store;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * A profile as a folder of files that only its owner can read (0600 in 0700 where the file system knows such modes). The
 * records are not encrypted.
 *
 * <p>A record is the file {@code <name>.record}: {@code "SOTTO\0\0" ‖ u8 1 ‖ u32 length ‖ content ‖ SHA-256("name" ‖ 0 ‖
 * content)}. It is written to a temporary file, flushed to the disk and renamed over the old one, and the folder is
 * flushed. The file {@code lock} is locked while the store is open.
 */
public final class FileProfileStore implements ProfileStore {
    private static final byte[] MAGIC = {'S', 'O', 'T', 'T', 'O', 0, 0, 1};
    private static final int HEADER = MAGIC.length + Integer.BYTES;
    private static final int CHECKSUM = 32;
    private static final String SUFFIX = ".record";
    private static final String TEMPORARY = ".new";
    private static final Pattern NAME = Pattern.compile("[a-z][a-z0-9.-]{0,63}");
    private static final Set<PosixFilePermission> OWNER_ONLY = PosixFilePermissions.fromString("rw-------");
    private static final Set<PosixFilePermission> OWNER_FOLDER = PosixFilePermissions.fromString("rwx------");
    private static final boolean POSIX =
            FileSystems.getDefault().supportedFileAttributeViews().contains("posix");

    private final Path folder;
    private final FileChannel lockFile;
    private boolean closed;

    private FileProfileStore(Path folder, FileChannel lockFile) {
        this.folder = folder;
        this.lockFile = lockFile;
    }

    /**
     * Opens a profile, which is created if it is not there.
     *
     * @throws ProfileException.InUse if this or another process has it open
     * @throws ProfileException if the folder cannot be used
     */
    public static FileProfileStore open(Path folder) throws ProfileException {
        Path absolute = folder.toAbsolutePath().normalize();
        try {
            createFolder(absolute);
            FileProfileStore store = new FileProfileStore(absolute, lock(absolute));
            store.removeLeftovers();
            return store;
        } catch (ProfileException e) {
            throw e;
        } catch (IOException e) {
            throw new ProfileException(
                    "The profile folder " + absolute + " cannot be used (" + reason(e)
                            + "). Check that it is a folder of yours that can be written to, or choose another.",
                    e);
        }
    }

    private static void createFolder(Path folder) throws IOException {
        Path parent = folder.getParent();
        if (parent != null) {
            Files.createDirectories(parent);
        }
        if (!Files.isDirectory(folder)) {
            Files.createDirectory(folder, attributes(OWNER_FOLDER));
        }
        if (POSIX) {
            Files.setPosixFilePermissions(folder, OWNER_FOLDER);
        }
    }

    private static FileAttribute<?>[] attributes(Set<PosixFilePermission> permissions) {
        return POSIX
                ? new FileAttribute<?>[] {PosixFilePermissions.asFileAttribute(permissions)}
                : new FileAttribute<?>[0];
    }

    private static FileChannel lock(Path folder) throws IOException {
        FileChannel channel = FileChannel.open(
                folder.resolve("lock"),
                Set.of(StandardOpenOption.CREATE, StandardOpenOption.WRITE),
                attributes(OWNER_ONLY));
        FileLock lock = null;
        try {
            lock = channel.tryLock();
        } catch (OverlappingFileLockException heldByThisProcess) {
            // Told below, as if another process held it.
        } finally {
            if (lock == null) {
                channel.close();
            }
        }
        if (lock == null) {
            throw new ProfileException.InUse(folder);
        }
        return channel;
    }

    /** Temporary files that a crash left behind: their content was never acknowledged. */
    private void removeLeftovers() throws IOException {
        try (DirectoryStream<Path> files = Files.newDirectoryStream(folder, "*" + TEMPORARY)) {
            for (Path file : files) {
                Files.delete(file);
            }
        }
    }

    @Override
    public synchronized Optional<byte[]> read(String name) throws ProfileException {
        Path file = file(name);
        byte[] bytes;
        try {
            long size = Files.size(file);
            if (size > HEADER + (long) MAX_RECORD + CHECKSUM) {
                throw damaged(name, "it is too long");
            }
            bytes = Files.readAllBytes(file);
        } catch (NoSuchFileException none) {
            return Optional.empty();
        } catch (ProfileException e) {
            throw e;
        } catch (IOException e) {
            throw failed("read", name, e);
        }
        try {
            return Optional.of(content(name, bytes));
        } finally {
            Arrays.fill(bytes, (byte) 0);
        }
    }

    private static byte[] content(String name, byte[] bytes) throws ProfileException {
        if (bytes.length < HEADER + CHECKSUM
                || !Arrays.equals(bytes, 0, MAGIC.length, MAGIC, 0, MAGIC.length)
                || ByteBuffer.wrap(bytes).getInt(MAGIC.length) != bytes.length - HEADER - CHECKSUM) {
            throw damaged(name, "it is cut off, or not a record of Sotto");
        }
        byte[] content = Arrays.copyOfRange(bytes, HEADER, bytes.length - CHECKSUM);
        byte[] checksum = Arrays.copyOfRange(bytes, bytes.length - CHECKSUM, bytes.length);
        if (!Arrays.equals(checksum, checksum(name, content))) {
            Arrays.fill(content, (byte) 0);
            throw damaged(name, "its checksum does not match");
        }
        return content;
    }

    @Override
    public synchronized void write(String name, byte[] content) throws ProfileException {
        if (content.length > MAX_RECORD) {
            throw new IllegalArgumentException("record " + name + " has " + content.length + " bytes");
        }
        Path file = file(name);
        Path temporary = folder.resolve(name + TEMPORARY);
        ByteBuffer bytes = ByteBuffer.allocate(HEADER + content.length + CHECKSUM);
        bytes.put(MAGIC)
                .putInt(content.length)
                .put(content)
                .put(checksum(name, content))
                .flip();
        try {
            Files.deleteIfExists(temporary);
            try (FileChannel channel = FileChannel.open(
                    temporary,
                    Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE),
                    attributes(OWNER_ONLY))) {
                while (bytes.hasRemaining()) {
                    channel.write(bytes);
                }
                channel.force(true);
            }
            Files.move(temporary, file, StandardCopyOption.ATOMIC_MOVE);
            flushFolder();
        } catch (IOException e) {
            throw failed("written", name, e);
        } finally {
            Arrays.fill(bytes.array(), (byte) 0);
        }
    }

    @Override
    public synchronized boolean delete(String name) throws ProfileException {
        Path file = file(name);
        try {
            boolean deleted = Files.deleteIfExists(file);
            flushFolder();
            return deleted;
        } catch (IOException e) {
            throw failed("deleted", name, e);
        }
    }

    @Override
    public synchronized List<String> list() throws ProfileException {
        requireOpen();
        List<String> names = new ArrayList<>();
        try (DirectoryStream<Path> files = Files.newDirectoryStream(folder, "*" + SUFFIX)) {
            for (Path file : files) {
                String fileName = file.getFileName().toString();
                names.add(fileName.substring(0, fileName.length() - SUFFIX.length()));
            }
        } catch (IOException e) {
            throw failed("listed", "*", e);
        }
        Collections.sort(names);
        return names;
    }

    @Override
    public synchronized void close() {
        closed = true;
        try {
            lockFile.close();
        } catch (IOException releasedAnyway) {
            // The operating system lets go of the lock with the channel, whatever closing it reports.
        }
    }

    /** Makes a rename durable. Windows has no such call for folders, and needs none. */
    private void flushFolder() throws IOException {
        if (POSIX) {
            try (FileChannel channel = FileChannel.open(folder, StandardOpenOption.READ)) {
                channel.force(true);
            }
        }
    }

    private Path file(String name) {
        requireOpen();
        if (!NAME.matcher(name).matches()) {
            throw new IllegalArgumentException("record name \"" + name + "\"");
        }
        return folder.resolve(name + SUFFIX);
    }

    private void requireOpen() {
        if (closed) {
            throw new IllegalStateException("the profile is closed");
        }
    }

    private static byte[] checksum(String name, byte[] content) {
        try {
            MessageDigest sha256 = MessageDigest.getInstance("SHA-256");
            sha256.update(name.getBytes(StandardCharsets.US_ASCII));
            sha256.update((byte) 0);
            return sha256.digest(content);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }

    private static ProfileException damaged(String name, String reason) {
        return new ProfileException.DamagedRecord(
                name, reason + "; restore the profile folder from a backup, or remove this file to begin anew", null);
    }

    private ProfileException failed(String what, String name, IOException e) {
        return new ProfileException(
                "The profile's record \"" + name + "\" in " + folder + " cannot be " + what + " (" + reason(e)
                        + "). Check the disk's free space and the folder's permissions.",
                e);
    }

    private static String reason(IOException e) {
        return e.getClass().getSimpleName() + ": " + e.getMessage();
    }
}
