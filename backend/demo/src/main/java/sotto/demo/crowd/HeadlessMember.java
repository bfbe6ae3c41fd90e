package sotto.demo.crowd;

import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.time.Clock;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Consumer;
import sotto.app.call.RoomGroup;
import sotto.app.net.ServerConnector;
import sotto.keys.frames.EpochFrameKeys;
import sotto.keys.frames.FrameKey;
import sotto.keys.frames.LinkPart;
import sotto.keys.groups.Group;
import sotto.keys.groups.mls.MlsGroupEngine;
import sotto.keys.identity.Identity;
import sotto.keys.identity.ParticipantId;
import sotto.keys.journal.KeyJournal;
import sotto.rooms.LinkException;
import sotto.rooms.RoomLink;
import sotto.rooms.RoomPath;
import sotto.rooms.group.Bytes;
import sotto.rooms.group.KeyPackageInfo;
import sotto.rooms.group.Member;
import sotto.rooms.machine.Alarm;
import sotto.rooms.machine.End;
import sotto.rooms.machine.Stage;
import sotto.rooms.rules.Agreed;
import sotto.rooms.session.RelayRefusal;
import sotto.rooms.session.RoomListener;
import sotto.rooms.session.RoomPorts;
import sotto.rooms.session.RoomSession;
import sotto.rooms.session.ServerPort;
import sotto.rooms.session.Tracks;
import sotto.rooms.wire.IceServer;
import sotto.rooms.wire.RelayTicket;

/**
 * A person of whom there is the backend alone, in this process: room session, MLS group, frame keys of each
 * epoch, and a WebSocket. All of it is what a call of the app is made of.
 */
public final class HeadlessMember extends CrowdMember {
    /** A leaf that no crowd is large enough for: its keys are equal at everyone and encrypt nothing. */
    private static final int NOBODYS_LEAF = Group.MAX_MEMBERS - 1;

    private static final int JOURNAL_ENTRIES = 64;
    private static final int PEOPLE_TOLD_OF_IN_A_MILLISECOND = 4;

    private final ServerConnector connector;
    private final KeyJournal journal = new KeyJournal(Clock.systemUTC(), JOURNAL_ENTRIES);
    private final Identity identity;
    private final MemberThread thread = new MemberThread();
    private final SecureRandom random = new SecureRandom();

    private volatile Optional<Stay> stay = Optional.empty();
    private volatile Agreed agreed = Agreed.start(RoomPath.DIRECT);
    private volatile List<KeyPackageInfo> waiting = List.of();

    /** @param connector shared by all members of a process; closed by its owner */
    public HeadlessMember(String name, ServerConnector connector) {
        this(name, connector, Identity.generate(new KeyJournal(Clock.systemUTC(), JOURNAL_ENTRIES)));
    }

    /** @param identity closed with this member */
    public HeadlessMember(String name, ServerConnector connector, Identity identity) {
        super(name);
        this.connector = connector;
        this.identity = identity;
    }

    @Override
    public void enter(String link) {
        thread.execute(() -> {
            stay.ifPresent(Stay::drop);
            try {
                Stay now = new Stay(RoomLink.parse(link));
                stay = Optional.of(now);
                now.session.enter();
            } catch (LinkException bad) {
                throw new IllegalArgumentException(bad.getMessage(), bad);
            }
        });
    }

    @Override
    public void leave() {
        thread.execute(() -> stay.ifPresent(now -> now.session.leave()));
    }

    @Override
    public void crash() {
        thaw();
        thread.execute(() -> stay.ifPresent(Stay::drop));
    }

    @Override
    public void cut() {
        thread.execute(() -> stay.ifPresent(Stay::cut));
    }

    @Override
    public void freeze() {
        thread.hold();
    }

    @Override
    public void thaw() {
        thread.release();
    }

    @Override
    public void rekey() {
        thread.execute(() -> stay.ifPresent(now -> now.session.rekey()));
    }

    /** Sends a signal to a participant. */
    public void signal(sotto.rooms.group.ParticipantId to, String mediaSession, String data) {
        thread.execute(() -> stay.ifPresent(now -> now.session.signal(to, mediaSession, data)));
    }

    /** Tells what this member sends. */
    public void setState(Tracks tracks) {
        thread.execute(() -> stay.ifPresent(now -> now.session.setState(tracks)));
    }

    /** Does something as a host, or tries to, on the member's thread: sets rules, names hosts, admits. */
    public void host(Consumer<RoomSession> act) {
        thread.execute(() -> stay.ifPresent(now -> act.accept(now.session)));
    }

    /** Path and rules as this member knows them. */
    public Agreed agreed() {
        return agreed;
    }

    /** Who waits to be let in, as this member knows. */
    public List<KeyPackageInfo> waiting() {
        return waiting;
    }

    /** What others last told that they send, by participant; whoever has gone since is still there. */
    public Map<sotto.rooms.group.ParticipantId, Tracks> told() {
        return stay.map(now -> now.told).orElse(Map.of());
    }

    /** The own identity key, as rosters name it. */
    public Bytes identity() {
        return Bytes.of(identity.publicKey().bytes());
    }

    /** The journal of this member's keys. */
    public KeyJournal journal() {
        return journal;
    }

    /** The current roster, with identities; empty before the first group. */
    public List<Member> roster() {
        Stay now = stay.orElse(null);
        return now == null ? List.of() : now.members;
    }

    @Override
    public void close() {
        crash();
        thread.execute(identity::close);
        thread.close();
    }

    /** One stay in one room. On the member's thread. */
    private final class Stay implements RoomListener, ServerPort {
        private final RoomLink link;
        private final LinkPart linkPart;
        private final RoomGroup group;
        private final RoomSession session;
        private Optional<ServerPort.Connection> connection = Optional.empty();
        private Optional<EpochFrameKeys> keys = Optional.empty();
        private boolean dropped;

        private Optional<Roster> roster = Optional.empty();
        private volatile List<Member> members = List.of();
        private volatile Map<sotto.rooms.group.ParticipantId, Tracks> told = Map.of();
        private String rosterHash = "";
        private String exporter = "";
        private boolean telling;
        private int epochs;
        private boolean server;
        private final Deque<String> alarms = new ArrayDeque<>();
        private int alarmCount;
        private int signals;
        private String end = "";
        private volatile String failure = "";

        Stay(RoomLink link) {
            this.link = link;
            linkPart = link.secret()
                    .with(secret -> LinkPart.derive(secret, link.room().bytes()));
            group = new RoomGroup(
                    new MlsGroupEngine(Clock.systemUTC(), journal),
                    identity,
                    link.room(),
                    ParticipantId.random(random),
                    name());
            session = new RoomSession(
                    link, new RoomPorts(group, this, thread, random::nextBytes, this::unlessDropped), this);
        }

        private void unlessDropped(Runnable task) {
            thread.execute(() -> {
                if (dropped) return;
                try {
                    task.run();
                } catch (RuntimeException | Error failed) {
                    failure = failed.toString();
                    tellAll();
                    throw failed;
                }
            });
        }

        @Override
        public Connection connect(URI address, Events events) {
            Connection made = connector.connect(address, events);
            connection = Optional.of(made);
            return made;
        }

        void cut() {
            connection.ifPresent(connector::cut);
        }

        /** As if the process had died. */
        void drop() {
            if (dropped) return;
            dropped = true;
            cut();
            wipe();
        }

        private void wipe() {
            keys.ifPresent(EpochFrameKeys::close);
            keys = Optional.empty();
            group.close();
            linkPart.close();
            link.close();
        }

        @Override
        public void stage(Stage stage) {}

        @Override
        public void iceServers(List<IceServer> servers) {}

        @Override
        public void relayOffered(boolean offered) {}

        @Override
        public void relayTicket(RelayTicket ticket) {}

        @Override
        public void relayRefused(RelayRefusal refusal, String text) {}

        @Override
        public void agreed(Agreed now) {
            agreed = now;
            tellAll();
        }

        @Override
        public void waiting(List<KeyPackageInfo> people) {
            waiting = List.copyOf(people);
            tellAll();
        }

        @Override
        public void rosterChanged(Roster now) {
            boolean newEpoch = roster.map(Roster::view)
                    .filter(before -> before.group().equals(now.view().group())
                            && before.epoch() == now.view().epoch())
                    .isEmpty();
            roster = Optional.of(now);
            if (newEpoch) {
                keys.ifPresent(EpochFrameKeys::close);
                EpochFrameKeys fresh = group.frameKeys(linkPart);
                keys = Optional.of(fresh);
                exporter = exporter(fresh);
                members = now.view().members();
                rosterHash = rosterHash(members);
                epochs++;
            }
            tellAll();
        }

        @Override
        public void signal(sotto.rooms.group.ParticipantId from, String mediaSession, String data) {
            signals++;
            tellAll();
        }

        @Override
        public void state(sotto.rooms.group.ParticipantId from, Tracks tracks) {
            Map<sotto.rooms.group.ParticipantId, Tracks> now = new HashMap<>(told);
            now.put(from, tracks);
            told = Map.copyOf(now);
            signals++;
            tellAll();
        }

        @Override
        public void alarm(Alarm alarm, String detail) {
            alarmCount++;
            alarms.add(alarm.code());
            if (alarms.size() > Seen.ALARMS) alarms.removeFirst();
            tellAll();
        }

        @Override
        public void serverState(boolean connected) {
            server = connected;
            tellAll();
        }

        @Override
        public void ended(End reason, String detail) {
            end = reason.code();
            tellAll();
            // After the goodbye, which is signed with a key of the group.
            thread.execute(() -> {
                if (!dropped) wipe();
                dropped = true;
                tellAll();
            });
        }

        /** Soon, once for all that happens until then: to tell of hundreds each time would be most of a crowd's work. */
        private void tellAll() {
            int delayMillis = members.size() / PEOPLE_TOLD_OF_IN_A_MILLISECOND;
            if (delayMillis == 0) {
                tellNow();
            } else if (!telling) {
                telling = true;
                thread.schedule(delayMillis, () -> {
                    telling = false;
                    tellNow();
                });
            }
        }

        private void tellNow() {
            Set<String> connected = new TreeSet<>();
            roster.ifPresent(now -> now.view().members().stream()
                    .filter(now::connected)
                    .map(Member::name)
                    .forEach(connected::add));
            tell(new Seen(
                    roster.map(now -> now.view().group().toString()).orElse(""),
                    roster.map(now -> now.view().epoch()).orElse(-1L),
                    roster.map(now -> now.view().ownLeaf()).orElse(-1),
                    members.stream().map(Member::name).toList(),
                    connected,
                    rosterHash,
                    exporter,
                    epochs,
                    server,
                    List.copyOf(alarms),
                    alarmCount,
                    signals,
                    end,
                    failure,
                    journal.counts().keysLive()));
        }
    }

    private static String exporter(EpochFrameKeys keys) {
        try (FrameKey key = keys.receiveKey(NOBODYS_LEAF, 0)) {
            byte[] bytes = key.key();
            byte[] digest = sha256().digest(bytes);
            Arrays.fill(bytes, (byte) 0);
            return HexFormat.of().formatHex(digest, 0, 16);
        }
    }

    private static String rosterHash(List<Member> members) {
        MessageDigest digest = sha256();
        for (Member member : members) {
            digest.update((member.leaf() + " " + member.participant() + " ").getBytes(StandardCharsets.UTF_8));
            digest.update(member.identity().toArray());
            digest.update(member.signatureKey().toArray());
        }
        return HexFormat.of().formatHex(digest.digest(), 0, 16);
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException missing) {
            throw new IllegalStateException("every Java platform has SHA-256", missing);
        }
    }
}
