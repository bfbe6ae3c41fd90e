package sotto.server.relay;

import java.security.MessageDigest;
import java.time.Clock;
import java.time.Duration;
import java.util.Base64;
import java.util.HashMap;
import java.util.Iterator;
import java.util.Map;
import java.util.Optional;

/** Takes the beats of nodes on other machines, and lets go of nodes whose beats stay away. */
final class NodeRegistry {
    /** Between two beats of a node. */
    static final Duration BEAT = Duration.ofSeconds(1);
    /** Three beats missed, and a little for the way. */
    private static final Duration SILENCE = Duration.ofMillis(3_500);
    /** How far the clocks of node and server may be apart; also how long a recorded beat could be of use. */
    private static final Duration SKEW = Duration.ofSeconds(30);
    /** Nodes at once, and nodes remembered. */
    private static final int MOST_NODES = 1_000;

    /** What the registry says to a beat: an HTTP status, and a text for the operator of the node. */
    record Answer(int status, String text) {}

    private static final class Entry {
        RelayNode node;
        long time;
        long heardAt;

        Entry(RelayNode node) {
            this.node = node;
        }
    }

    private final NodeSecret secret;
    private final RelayNodes nodes;
    private final Clock clock;
    private final Map<String, Entry> known = new HashMap<>();

    NodeRegistry(NodeSecret secret, RelayNodes nodes, Clock clock) {
        this.secret = secret;
        this.nodes = nodes;
        this.clock = clock;
        nodes.every(BEAT.dividedBy(2), this::sweep);
    }

    /**
     * @param authorization the header, or null
     * @param body at most {@link NodeBeat#MOST_BYTES}
     */
    Answer beat(String authorization, byte[] body) {
        if (!authentic(authorization, body)) return new Answer(401, "the node secret is another one");
        NodeBeat beat;
        try {
            beat = NodeBeat.decode(body);
        } catch (IllegalArgumentException malformed) {
            return new Answer(400, malformed.getMessage());
        }
        if (Math.abs(clock.millis() - beat.time()) > SKEW.toMillis())
            return new Answer(409, "the clocks of node and server are more than " + SKEW.toSeconds() + " s apart");
        return taken(beat);
    }

    private synchronized Answer taken(NodeBeat beat) {
        Entry entry = known.get(beat.node());
        if (entry != null && beat.time() <= entry.time) return new Answer(409, "a later beat came before");
        if (entry != null && !entry.node.url.equals(beat.url()))
            return new Answer(409, "the node has another URL than before");
        if (entry == null) {
            if (known.size() >= MOST_NODES) return new Answer(503, "there are too many relay nodes");
            entry = new Entry(node(beat));
            known.put(beat.node(), entry);
        }
        if (beat.state() != NodeBeat.State.GONE && nodes.node(beat.node()).isEmpty()) {
            entry.node = node(beat);
            nodes.add(entry.node);
        }
        entry.time = beat.time();
        entry.heardAt = System.nanoTime();
        switch (beat.state()) {
            // Whether it can be reached from here as well is told by the health check.
            case UP -> {}
            case DOWN -> nodes.down(entry.node);
            case DRAINING -> nodes.drain(entry.node);
            case GONE -> nodes.remove(entry.node);
        }
        return new Answer(200, "{\"rooms\":" + nodes.rooms(entry.node) + "}");
    }

    private RelayNode node(NodeBeat beat) {
        return new RelayNode(beat.node(), beat.url(), beat.url(), secret.relayKey(beat.node()));
    }

    private boolean authentic(String authorization, byte[] body) {
        if (authorization == null || !authorization.startsWith(NodeBeat.SCHEME)) return false;
        Optional<byte[]> shown = decoded(authorization.substring(NodeBeat.SCHEME.length()));
        return shown.isPresent() && MessageDigest.isEqual(secret.beatMac(body), shown.get());
    }

    private static Optional<byte[]> decoded(String text) {
        try {
            return Optional.of(Base64.getUrlDecoder().decode(text));
        } catch (IllegalArgumentException notBase64) {
            return Optional.empty();
        }
    }

    /** A node that is gone is remembered for as long as a recorded beat of it would be taken. */
    private synchronized void sweep() {
        long now = System.nanoTime();
        for (Iterator<Entry> all = known.values().iterator(); all.hasNext(); ) {
            Entry entry = all.next();
            long silence = now - entry.heardAt;
            if (silence > SILENCE.toNanos()) nodes.remove(entry.node);
            if (silence > SKEW.multipliedBy(2).toNanos()) all.remove();
        }
    }
}
