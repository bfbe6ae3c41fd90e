package sotto.rooms;

import java.nio.charset.StandardCharsets;

/** Every label that this module hashes, derives or signs with, in one place (docs/protocol.md). */
public final class Labels {
    /** {@code info} of the envelope key's derivation; room envelope, §3. */
    public static final String ENVELOPE = "Sotto 1.0 envelope";
    /** Start of what an envelope's signature covers; §3. */
    public static final String ENVELOPE_SIGNATURE = "Sotto 1.0 envelope signature";

    /** What the host tag in a link hashes first; §1. */
    public static final String ROOM_HOST = "Sotto 1.0 room host";
    /** Start of what a host signs to set a room's rules; §5. */
    public static final String ROOM_RULES = "Sotto 1.0 room rules";
    /** Start of what a host signs to let somebody in, or to refuse; §5. */
    public static final String ROOM_ADMIT = "Sotto 1.0 room admit";

    private Labels() {}

    /** The label's bytes (US-ASCII). */
    public static byte[] bytes(String label) {
        return label.getBytes(StandardCharsets.US_ASCII);
    }
}
