/**
 * LiveKit as the relay: all that this server knows of it. Tokens ({@link sotto.server.relay.livekit.LiveKitToken}), its
 * settings ({@link sotto.server.relay.livekit.LiveKitConfig}), and finding or getting its program ({@link
 * sotto.server.relay.livekit.LiveKitProgram}). LiveKit is used as it is published, unmodified.
 */
package sotto.server.relay.livekit;
