package sotto.bridge.messages;

/**
 * Which tracks a person sends now.
 *
 * @param microphone false when muted
 */
public record MediaState(boolean microphone, boolean camera, boolean screen, boolean screenAudio) {}
