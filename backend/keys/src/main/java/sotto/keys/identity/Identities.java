package sotto.keys.identity;

import java.util.Arrays;
import java.util.Optional;
import sotto.keys.journal.KeyJournal;
import sotto.keys.store.ProfileException;
import sotto.keys.store.ProfileStore;

/** Where the identity of a profile comes from. */
public final class Identities {
    private static final String RECORD = "identity";

    private Identities() {}

    /**
     * The profile's identity; made and durably stored first if the profile is new.
     *
     * @throws ProfileException if the store fails. A damaged identity is never replaced in silence: contacts would see a
     *     changed key.
     */
    public static Identity loadOrCreate(ProfileStore store, KeyJournal journal) throws ProfileException {
        Optional<byte[]> stored = store.read(RECORD);
        if (stored.isPresent()) {
            byte[] bytes = stored.get();
            try {
                return Identity.deserialize(bytes, journal);
            } catch (IllegalArgumentException e) {
                throw new ProfileException.DamagedRecord(
                        RECORD, "it holds no identity key pair; restore the profile from a backup, or remove it", e);
            } finally {
                Arrays.fill(bytes, (byte) 0);
            }
        }
        Identity identity = Identity.generate(journal);
        byte[] bytes = identity.serialize();
        try {
            store.write(RECORD, bytes);
        } catch (ProfileException | RuntimeException e) {
            identity.close();
            throw e;
        } finally {
            Arrays.fill(bytes, (byte) 0);
        }
        return identity;
    }
}
