package sotto.keys.store;

import java.util.List;
import java.util.Optional;

/**
 * Named binary records of one profile. An open store holds the profile exclusively. Thread-safe.
 *
 * <p>Names are 1 to 64 characters of {@code a-z 0-9 . -}, beginning with a letter. Records are at most {@link
 * #MAX_RECORD} bytes.
 */
public interface ProfileStore extends AutoCloseable {
    /** Largest record in bytes. */
    int MAX_RECORD = 16 << 20;

    /** The record's content in a fresh array that the caller wipes if it is secret; empty if there is none. */
    Optional<byte[]> read(String name) throws ProfileException;

    /** Replaces or creates a record. When this returns, a crash at any moment finds the new content, before that the old. */
    void write(String name, byte[] content) throws ProfileException;

    /** Removes a record durably. Returns whether there was one. */
    boolean delete(String name) throws ProfileException;

    /** The names of all records, sorted. */
    List<String> list() throws ProfileException;

    /** Lets go of the profile. Later calls of other methods fail with {@link IllegalStateException}. */
    @Override
    void close();
}
