package sotto.demo.bench;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import sotto.demo.crowd.Crowd;
import sotto.demo.crowd.CrowdMember;
import sotto.rooms.LinkException;
import sotto.rooms.RoomLink;
import sotto.rooms.RoomPath;
import sotto.rooms.envelope.RoomMessage;
import sotto.rooms.group.Bytes;
import sotto.server.ServerSettings;
import sotto.server.SottoServer;

/** A coordination server and headless members in processes of their own. */
final class RoomStage implements AutoCloseable {
    /** How long a benchmark waits for something that should take seconds, before it gives up. */
    static final Duration PATIENCE = Duration.ofSeconds(120);

    /** Everybody comes from one address here. */
    private static final int FROM_ONE_ADDRESS = 2_000;

    /** Frames that may wait for one member: hundreds who share two cores read late what the server sent long ago. */
    private static final int OUTGOING_BYTES = 64 << 20;

    private final SecureRandom random = new SecureRandom();
    private final SottoServer server;
    private final Path log;
    final Crowd crowd;

    RoomStage(int processes) throws IOException {
        this(processes, Optional.empty());
    }

    /** @param dead silence after which server and members take each other for gone */
    RoomStage(int processes, Duration dead) throws IOException {
        this(processes, Optional.of(dead));
    }

    private RoomStage(int processes, Optional<Duration> dead) throws IOException {
        ServerSettings defaults = ServerSettings.defaults();
        ServerSettings.Timing timing = defaults.timing();
        ServerSettings.Capacity capacity = defaults.capacity();
        server = SottoServer.start(
                defaults.withListen(new ServerSettings.Listen("127.0.0.1", 0, Optional.empty(), false))
                        .withTiming(new ServerSettings.Timing(
                                timing.enter(), timing.ping(), dead.orElse(timing.dead()), timing.closing()))
                        .withCapacity(new ServerSettings.Capacity(
                                capacity.rooms(),
                                capacity.people(),
                                capacity.connections(),
                                FROM_ONE_ADDRESS,
                                capacity.groups(),
                                Math.max(capacity.outgoingBytes(), OUTGOING_BYTES))));
        log = Files.createTempFile("sotto-bench-", ".log");
        try {
            crowd = dead.isPresent()
                    ? Crowd.inProcesses(processes, log, dead.get())
                    : Crowd.inProcesses(processes, log);
        } catch (IOException failed) {
            server.close();
            throw failed;
        }
    }

    /** The link of a new room. */
    String room() throws IOException {
        try (RoomLink made = RoomLink.create(
                URI.create(server.url()), random, RoomPath.DIRECT, Bytes.of(new byte[RoomMessage.IDENTITY_BYTES]))) {
            return made.text();
        } catch (LinkException impossible) {
            throw new IOException(impossible);
        }
    }

    /** The designated committer among these: the lowest leaf. */
    static CrowdMember committer(List<CrowdMember> members) {
        return members.stream()
                .min(Comparator.comparingInt(one -> one.seen().leaf()))
                .orElseThrow();
    }

    /** What the members said that nobody asked for; empty if nothing. */
    String complaints() throws IOException {
        return Files.readString(log);
    }

    @Override
    public void close() {
        crowd.close();
        server.close();
        try {
            Files.deleteIfExists(log);
        } catch (IOException left) {
            // In the temporary folder: harmless.
        }
    }
}
