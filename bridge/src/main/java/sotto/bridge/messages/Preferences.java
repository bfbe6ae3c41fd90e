package sotto.bridge.messages;

import static sotto.bridge.messages.Limits.text;

/**
 * What the lobby remembers. Empty strings stand for "no choice".
 *
 * @param cameraLabel label of the chosen camera
 * @param mediaAllowed the user's own yes to camera and microphone in the app's window, which has no browser prompt
 */
public record Preferences(
        String name,
        String cameraLabel,
        String microphoneLabel,
        boolean microphoneOn,
        boolean cameraOn,
        boolean mediaAllowed) {
    /** A new profile's preferences. */
    public static final Preferences NONE = new Preferences("", "", "", true, true, false);

    public Preferences {
        text("name", name, Limits.NAME_CHARS);
        text("cameraLabel", cameraLabel, 256);
        text("microphoneLabel", microphoneLabel, 256);
    }
}
