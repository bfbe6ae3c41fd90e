package sotto.keys;

import java.nio.charset.StandardCharsets;

/**
 * Every label that separates one derivation or signature of this module from another, as in docs/protocol.md. A label
 * used twice could make a signature or key of one purpose pass for that of another, so they all stand here, side by
 * side.
 */
public final class Labels {
    /** Identity signature over a leaf signature key (protocol §4). */
    public static final String LEAF_BINDING = "Sotto 1.0 leaf binding";

    /** HKDF-SHA256 info: link secret to the link's part of the frame keys (protocol §6). */
    public static final String FRAME_LINK_PART = "Sotto 1.0 frame link part";

    /** MLS exporter label: the epoch's part of the frame keys (protocol §6). */
    public static final String FRAME_EPOCH_PART = "Sotto 1.0 frame epoch part";

    /** HKDF-Expand-SHA512 info prefix: root to one sender's and track's base key (protocol §6). */
    public static final String BASE_KEY = "Sotto 1.0 base key";

    /** Hash prefix of the group safety number (protocol §8). */
    public static final String GROUP_SAFETY_NUMBER = "Sotto 1.0 group safety number";

    /** SFrame key label (RFC 9605 §4.4.2). */
    public static final String SFRAME_KEY = "SFrame 1.0 Secret key ";

    /** SFrame salt label (RFC 9605 §4.4.2). */
    public static final String SFRAME_SALT = "SFrame 1.0 Secret salt ";

    private Labels() {}

    /** A label's bytes; all labels are ASCII. */
    public static byte[] bytes(String label) {
        return label.getBytes(StandardCharsets.US_ASCII);
    }
}
