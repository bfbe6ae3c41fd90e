package sotto.server.relay;

import java.util.concurrent.atomic.LongAdder;

/** Counters since the start. Numbers only: nothing in here names a room, a node or a person. */
final class RelayMetrics {
    private final LongAdder tickets = new LongAdder();
    private final LongAdder without = new LongAdder();
    private final LongAdder passes = new LongAdder();
    private final LongAdder often = new LongAdder();
    private final LongAdder moved = new LongAdder();
    private final LongAdder started = new LongAdder();
    private final LongAdder beats = new LongAdder();
    private final LongAdder beatsRefused = new LongAdder();

    void ticket() {
        tickets.increment();
    }

    /** No relay for who asked. */
    void without() {
        without.increment();
    }

    void passRefused() {
        passes.increment();
    }

    void askedTooOften() {
        often.increment();
    }

    /** A room went from one node to another. */
    void moved() {
        moved.increment();
    }

    /** The node on this machine came up, for the first time or again. */
    void started() {
        started.increment();
    }

    void beat(boolean taken) {
        (taken ? beats : beatsRefused).increment();
    }

    /** Prometheus text format 0.0.4. */
    String prometheus(RelayNodes nodes) {
        StringBuilder out = new StringBuilder(1_000);
        family(out, "sotto_relay_nodes", "gauge", "Relay nodes by state");
        for (RelayNode.State state :
                new RelayNode.State[] {RelayNode.State.UP, RelayNode.State.DRAINING, RelayNode.State.DOWN})
            value(
                    out,
                    "sotto_relay_nodes{state=\"" + state.name().toLowerCase(java.util.Locale.ROOT) + "\"}",
                    nodes.count(state));
        family(out, "sotto_relay_rooms", "gauge", "Rooms that are on a relay node");
        value(out, "sotto_relay_rooms", nodes.rooms());
        family(out, "sotto_relay_tickets_total", "counter", "Questions for a relay by outcome");
        value(out, "sotto_relay_tickets_total{outcome=\"given\"}", tickets.sum());
        value(out, "sotto_relay_tickets_total{outcome=\"none\"}", without.sum());
        value(out, "sotto_relay_tickets_total{outcome=\"pass\"}", passes.sum());
        value(out, "sotto_relay_tickets_total{outcome=\"rate\"}", often.sum());
        family(out, "sotto_relay_moved_total", "counter", "Rooms that went from one node to another");
        value(out, "sotto_relay_moved_total", moved.sum());
        family(out, "sotto_relay_started_total", "counter", "Starts of the relay process on this machine");
        value(out, "sotto_relay_started_total", started.sum());
        family(out, "sotto_relay_beats_total", "counter", "Signs of life of relay nodes by outcome");
        value(out, "sotto_relay_beats_total{outcome=\"taken\"}", beats.sum());
        value(out, "sotto_relay_beats_total{outcome=\"refused\"}", beatsRefused.sum());
        return out.toString();
    }

    private static void family(StringBuilder out, String name, String type, String help) {
        out.append("# HELP ").append(name).append(' ').append(help).append('\n');
        out.append("# TYPE ").append(name).append(' ').append(type).append('\n');
    }

    private static void value(StringBuilder out, String name, long value) {
        out.append(name).append(' ').append(value).append('\n');
    }
}
