/**
 * Relays for calls: nodes that pass on encrypted media, and who gets into them (docs/operate.md, docs/protocol.md §2).
 *
 * <p>{@link sotto.server.relay.Relay} is what the coordination server talks to. It asks the operator's {@link
 * sotto.server.relay.RelayPolicy}, lets {@link sotto.server.relay.RelayNodes} choose a node for the room, and has the
 * {@link sotto.server.relay.RelayEngine} make a token for one connection. Nodes come from three sources: a process that
 * {@link sotto.server.relay.RelayProcess} keeps running on this machine, addresses that the operator names, and other
 * machines that register themselves ({@link sotto.server.relay.NodeBeat}, {@link sotto.server.relay.NodeReporter}).
 *
 * <p>What a relay is told is random: the name of a call lives as long as the room stays on that node, an identity as
 * long as one ticket; neither follows from room, connection or person. All that is particular to LiveKit is in
 * {@code livekit}. Nothing here is loaded by a server that has no relay. Secrets and tokens are never logged, and no
 * frame key or plaintext ever enters.
 */
package sotto.server.relay;
