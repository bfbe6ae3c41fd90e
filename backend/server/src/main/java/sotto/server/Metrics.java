package sotto.server;

import java.util.EnumMap;
import java.util.Map;
import java.util.concurrent.atomic.LongAdder;
import sotto.rooms.wire.LogEntry;
import sotto.rooms.wire.RefusalCode;

/** Counters since the start. Numbers only: nothing in here names a room, a person or an address. */
final class Metrics {
    private final LongAdder arrived = new LongAdder();
    private final LongAdder gone = new LongAdder();
    private final LongAdder messages = new LongAdder();
    private final LongAdder commitsAccepted = new LongAdder();
    private final LongAdder commitsLost = new LongAdder();
    private final LongAdder sent = new LongAdder();
    private final LongAdder bytesIn = new LongAdder();
    private final LongAdder bytesOut = new LongAdder();
    private final LongAdder silent = new LongAdder();
    private final LongAdder slow = new LongAdder();
    private final LongAdder pages = new LongAdder();
    private final Map<RefusalCode, LongAdder> refusals = new EnumMap<>(RefusalCode.class);

    Metrics() {
        for (RefusalCode code : RefusalCode.values()) refusals.put(code, new LongAdder());
    }

    void entry(LogEntry entry) {
        switch (entry) {
            case LogEntry.Arrived one -> arrived.increment();
            case LogEntry.Gone one -> gone.increment();
            case LogEntry.Message one -> messages.increment();
            case LogEntry.Commit one -> commitsAccepted.increment();
        }
    }

    void commitLost() {
        commitsLost.increment();
    }

    void sent() {
        sent.increment();
    }

    void bytesIn(int bytes) {
        bytesIn.add(bytes);
    }

    void bytesOut(int bytes) {
        bytesOut.add(bytes);
    }

    /** A connection was ended because nothing was heard from it. */
    void silent() {
        silent.increment();
    }

    /** A connection was ended because it did not read what waited for it. */
    void slow() {
        slow.increment();
    }

    /** A web page tried to connect. */
    void pageRefused() {
        pages.increment();
    }

    void refused(RefusalCode code) {
        refusals.get(code).increment();
    }

    /** Prometheus text format 0.0.4. */
    String prometheus(int rooms, int connections) {
        StringBuilder out = new StringBuilder(2_000);
        family(out, "sotto_rooms", "gauge", "Rooms with somebody in them");
        value(out, "sotto_rooms", rooms);
        family(out, "sotto_connections", "gauge", "Open connections");
        value(out, "sotto_connections", connections);
        family(out, "sotto_entries_total", "counter", "Log entries by kind");
        value(out, "sotto_entries_total{kind=\"arrived\"}", arrived.sum());
        value(out, "sotto_entries_total{kind=\"gone\"}", gone.sum());
        value(out, "sotto_entries_total{kind=\"message\"}", messages.sum());
        value(out, "sotto_entries_total{kind=\"commit\"}", commitsAccepted.sum());
        family(out, "sotto_commits_total", "counter", "Commits by outcome");
        value(out, "sotto_commits_total{outcome=\"accepted\"}", commitsAccepted.sum());
        value(out, "sotto_commits_total{outcome=\"lost\"}", commitsLost.sum());
        family(out, "sotto_sent_total", "counter", "Payloads passed to one connection outside of the log");
        value(out, "sotto_sent_total", sent.sum());
        family(out, "sotto_bytes_total", "counter", "Characters of frames by direction");
        value(out, "sotto_bytes_total{direction=\"in\"}", bytesIn.sum());
        value(out, "sotto_bytes_total{direction=\"out\"}", bytesOut.sum());
        family(out, "sotto_ended_total", "counter", "Connections ended by the server without a refusal");
        value(out, "sotto_ended_total{reason=\"silent\"}", silent.sum());
        value(out, "sotto_ended_total{reason=\"slow\"}", slow.sum());
        family(out, "sotto_refused_total", "counter", "Refusals by code");
        refusals.forEach((code, count) -> value(out, "sotto_refused_total{code=\"" + code.text() + "\"}", count.sum()));
        family(out, "sotto_refused_pages_total", "counter", "WebSockets of web pages, refused at the handshake");
        value(out, "sotto_refused_pages_total", pages.sum());
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
