package sotto.bridge.messages;

/** The four tracks a person can send. The ordinal is the two track bits of the KID. */
public enum Track {
    MICROPHONE,
    CAMERA,
    SCREEN,
    SCREEN_AUDIO
}
