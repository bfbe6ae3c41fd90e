package sotto.bridge.local;

import java.time.InstantSource;
import java.util.Objects;
import sotto.bridge.gate.GateTimes;

/**
 * @param port 0 for a free one
 * @param resources class path folder of the page's files, with a slash at both ends
 */
public record BridgeSettings(int port, String resources, GateTimes times, InstantSource clock) {
    public static final BridgeSettings DEFAULT =
            new BridgeSettings(0, "/sotto/web/", GateTimes.DEFAULT, new SteadySource());

    public BridgeSettings {
        if (port < 0 || port > 65_535) throw new IllegalArgumentException("no port: " + port);
        if (!resources.startsWith("/") || !resources.endsWith("/"))
            throw new IllegalArgumentException("no slash at both ends: " + resources);
        Objects.requireNonNull(times);
        Objects.requireNonNull(clock);
    }

    public BridgeSettings withPort(int other) {
        return new BridgeSettings(other, resources, times, clock);
    }

    public BridgeSettings withResources(String other) {
        return new BridgeSettings(port, other, times, clock);
    }

    public BridgeSettings withTimes(GateTimes other) {
        return new BridgeSettings(port, resources, other, clock);
    }

    public BridgeSettings withClock(InstantSource other) {
        return new BridgeSettings(port, resources, times, other);
    }
}
