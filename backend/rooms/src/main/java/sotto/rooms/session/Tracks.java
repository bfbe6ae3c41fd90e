package sotto.rooms.session;

/** Which tracks a person sends now. */
public record Tracks(boolean microphone, boolean camera, boolean screen, boolean screenAudio) {
    /** Nothing is sent. */
    public static final Tracks NONE = new Tracks(false, false, false, false);
}
