package sotto.server;

import java.time.Clock;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import sotto.rooms.wire.IceServer;
import sotto.server.relay.Relay;

/**
 * What the server offers beside the order of messages: ICE servers, with credentials made for each client that asks, and
 * relays.
 */
record Offers(ServerSettings settings, Optional<Relay> relay, Clock clock) {

    List<IceServer> iceServers() {
        if (settings.turn().isEmpty()) return settings.iceServers();
        IceServer turn = settings.turn().get().credentials(clock.instant());
        return Stream.concat(settings.iceServers().stream(), Stream.of(turn)).toList();
    }

    boolean relayOffered() {
        return relay.isPresent() && relay.get().offered();
    }
}
