package sotto.app.call;

import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import sotto.bridge.messages.Preferences;
import sotto.keys.store.ProfileException;
import sotto.keys.store.ProfileStore;

/** The lobby's choices in the profile. Nothing here is worth failing for: what cannot be read is forgotten. */
final class PreferencesFile {
    private static final Logger LOG = LoggerFactory.getLogger(PreferencesFile.class);
    private static final String RECORD = "preferences";
    private static final ObjectMapper JSON = JsonMapper.builder()
            .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
            .build();

    private final ProfileStore store;
    private Preferences now;

    PreferencesFile(ProfileStore store) {
        this.store = store;
        this.now = read();
    }

    private Preferences read() {
        try {
            Optional<byte[]> stored = store.read(RECORD);
            return stored.isPresent() ? JSON.readValue(stored.get(), Preferences.class) : Preferences.NONE;
        } catch (IOException e) {
            LOG.warn("the preferences cannot be read and start anew: {}", e.getMessage());
            return Preferences.NONE;
        }
    }

    synchronized Preferences get() {
        return now;
    }

    synchronized void save(Preferences preferences) {
        if (preferences.equals(now)) return;
        now = preferences;
        try {
            store.write(RECORD, JSON.writeValueAsBytes(preferences));
        } catch (ProfileException e) {
            LOG.warn("the preferences cannot be stored: {}", e.getMessage());
        } catch (IOException e) {
            throw new IllegalStateException("preferences do not become JSON", e);
        }
    }
}
