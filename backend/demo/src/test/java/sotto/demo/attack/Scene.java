package sotto.demo.attack;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URI;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.BooleanSupplier;
import java.util.stream.Stream;
import sotto.app.net.ServerConnector;
import sotto.demo.crowd.Crowd;
import sotto.demo.crowd.CrowdMember;
import sotto.demo.crowd.HeadlessMember;
import sotto.demo.crowd.Seen;
import sotto.keys.identity.Identity;
import sotto.keys.journal.KeyJournal;
import sotto.rooms.RoomLink;
import sotto.rooms.RoomPath;
import sotto.rooms.group.Bytes;
import sotto.rooms.group.Member;
import sotto.rooms.machine.Alarm;
import sotto.rooms.machine.End;
import sotto.rooms.session.Tracks;
import sotto.rooms.wire.RoomId;
import sotto.server.ServerSettings;
import sotto.server.SottoServer;

/**
 * One attack's room and the people in it. Whatever the attack, nobody honest may ever have somebody in the roster who is
 * not one of these people, or fail, or go through epochs without end: {@link #close} checks that.
 */
final class Scene implements AutoCloseable {
    static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final Tracks SENDS = new Tracks(false, false, false, true);
    private static final Tracks LAST = new Tracks(true, true, true, true);
    /** Epochs that nobody honest gets through in one attack, unless it loops. */
    private static final int MOST_EPOCHS = 80;

    /** The servers of all scenes. */
    static final class Servers implements AutoCloseable {
        final SottoServer honest;
        final LyingServer lying;
        final ServerConnector connector = new ServerConnector();

        Servers() throws Exception {
            // All these people live at one address.
            var many = new ServerSettings.Capacity(1_000, 500, 5_000, 5_000, 1_000, 4 << 20);
            honest = SottoServer.start(ServerSettings.defaults()
                    .withListen(new ServerSettings.Listen("127.0.0.1", 0, Optional.empty(), false))
                    .withCapacity(many));
            lying = new LyingServer(URI.create(honest.url()));
        }

        @Override
        public void close() throws IOException {
            lying.close();
            connector.close();
            honest.close();
        }
    }

    private final Servers servers;
    private final Crowd crowd = Crowd.here();
    private final List<HeadlessMember> honest = new ArrayList<>();
    private final List<Insider> insiders = new ArrayList<>();
    /** Identities that may stand in a roster. */
    private final Set<Bytes> allowed = ConcurrentHashMap.newKeySet();

    private final Set<String> ghosts = ConcurrentHashMap.newKeySet();
    /** The link that everybody has; its server is the lying one if the attack is the server's. */
    final String link;

    final RoomId id;
    /** The identity key of ada, who made the room. */
    final Identity makersKey;
    /** The room at the lying server. */
    final LyingServer.Room room;

    Scene(Servers servers, boolean serverLies) throws Exception {
        this.servers = servers;
        // Ada makes the room. Her key is at hand for what she may have signed elsewhere.
        makersKey = Identity.generate(new KeyJournal(Clock.systemUTC(), 16));
        URI url = serverLies ? servers.lying.url() : URI.create(servers.honest.url());
        try (RoomLink made = RoomLink.create(
                url,
                new SecureRandom(),
                RoomPath.DIRECT,
                Bytes.of(makersKey.publicKey().bytes()))) {
            link = made.text();
            id = made.room();
            room = servers.lying.room(made.room());
        }
    }

    /** Somebody honest who has not entered yet. */
    HeadlessMember person(String name) {
        boolean maker = name.equals("ada")
                && honest.stream().noneMatch(one -> one.name().equals(name));
        HeadlessMember member = maker ? crowd.member(name, makersKey) : (HeadlessMember) crowd.member(name);
        allowed.add(member.identity());
        honest.add(member);
        member.listen(seen -> {
            for (Member one : member.roster())
                if (!allowed.contains(one.identity())) ghosts.add(one.name() + " in the roster of " + name);
        });
        return member;
    }

    /** Somebody honest by name. */
    HeadlessMember known(String name) {
        return honest.stream()
                .filter(one -> one.name().equals(name))
                .findFirst()
                .orElseThrow();
    }

    /** Somebody honest enters and is admitted by everybody there. */
    HeadlessMember enters(String name) throws InterruptedException {
        HeadlessMember member = comes(name);
        everybody();
        return member;
    }

    /** As {@link #enters}, without waiting. Who sends something tells everybody: so all have something to hear of all. */
    HeadlessMember comes(String name) {
        HeadlessMember member = person(name);
        member.enter(link);
        member.setState(SENDS);
        return member;
    }

    /** Somebody with the link who is not honest; not in the room yet. */
    Insider insider(String name) {
        Insider insider = new Insider(name, link, servers.connector);
        insiders.add(insider);
        return insider;
    }

    /** As {@link #insider}, in the room and in the group like everybody else. */
    Insider insiderInside(String name) throws Exception {
        Insider insider = insider(name);
        allowed.add(insider.identityKey());
        insider.enter();
        insider.join();
        everybody();
        return insider;
    }

    /** Whoever this is may stand in rosters: it asked. */
    void allow(Insider insider) {
        allowed.add(insider.identityKey());
    }

    /**
     * Waits until all honest people share an epoch and its keys. Insiders may be among them as long as they have not been
     * found out; nobody else is.
     */
    void everybody() throws InterruptedException {
        List<HeadlessMember> all =
                honest.stream().filter(one -> !one.seen().ended()).toList();
        Set<String> needed = new HashSet<>();
        for (HeadlessMember one : all) needed.add(one.name());
        Set<String> possible = new HashSet<>(needed);
        for (Insider one : insiders) if (one.member()) possible.add(one.name());
        await(
                "that " + needed + " are together",
                () -> all.stream().allMatch(one -> {
                    Set<String> names = Set.copyOf(one.seen().names());
                    return names.containsAll(needed)
                            && possible.containsAll(names)
                            && one.seen().agrees(all.getFirst().seen());
                }));
    }

    /** Waits until the honest ones among these share an epoch and its keys, with exactly these in the roster. */
    void together(String... names) throws InterruptedException {
        Set<String> expected = Set.of(names);
        List<HeadlessMember> those =
                honest.stream().filter(one -> expected.contains(one.name())).toList();
        await(
                "that " + expected + " are together",
                () -> those.stream().allMatch(one -> {
                    Seen seen = one.seen();
                    return !seen.ended()
                            && seen.names().size() == names.length
                            && expected.equals(new HashSet<>(seen.names()))
                            && seen.agrees(those.getFirst().seen());
                }));
    }

    /**
     * Waits until everybody honest has heard all that everybody else honest has said so far, and was given back what they
     * said themselves.
     */
    void calm() throws InterruptedException {
        // Each one's messages come in order: who heard the last one heard all. Twice, since a state is told once only.
        for (Tracks last : List.of(LAST, SENDS)) {
            for (HeadlessMember one : honest) one.setState(last);
            await(
                    "everybody's last word",
                    () -> honest.stream()
                            .allMatch(one -> one.told().values().stream()
                                            .filter(last::equals)
                                            .count()
                                    >= honest.size() - 1));
        }
        room.awaitTheSameLog(PATIENCE);
    }

    /** Waits until this person's app raised one of these alarms. */
    void alarm(CrowdMember at, Alarm... any) throws InterruptedException {
        at.await(
                "the alarm " + List.of(any),
                PATIENCE,
                seen -> Stream.of(any).anyMatch(one -> seen.alarms().contains(one.code())));
    }

    /** Waits until this person's session is over, and the person is told why. */
    void ended(CrowdMember member, End end) throws InterruptedException {
        Seen seen = member.await("the end", PATIENCE, Seen::ended);
        assertThat(seen.end()).isEqualTo(end.code());
    }

    /** Nobody was alarmed. */
    void noAlarm() {
        for (HeadlessMember one : honest)
            assertThat(one.seen().alarms()).as("alarms at " + one).isEmpty();
    }

    /** The room works: somebody new gets in, and everybody has the new keys. */
    void worksOn() throws InterruptedException {
        enters("zoe");
    }

    /** Waits for something that the members' state tells. */
    void await(String what, BooleanSupplier so) throws InterruptedException {
        try {
            crowd.await(what, PATIENCE, so);
        } catch (AssertionError inVain) {
            StringBuilder text = new StringBuilder(inVain.getMessage());
            for (HeadlessMember one : honest)
                text.append("\n  ").append(one).append(": ").append(one.seen());
            throw new AssertionError(text.toString());
        }
    }

    /** What holds after every attack. */
    void check() {
        assertThat(room.failures).as("failures of the server that lies").isEmpty();
        assertThat(ghosts).as("unknown listeners").isEmpty();
        for (HeadlessMember one : honest) {
            assertThat(one.seen().failure()).as("failure of " + one).isEmpty();
            assertThat(one.seen().epochs()).as("epochs of " + one).isLessThan(MOST_EPOCHS);
        }
        for (Insider one : insiders)
            assertThat(one.failure()).as("failure of " + one.name()).isEmpty();
    }

    @Override
    public void close() {
        insiders.forEach(Insider::close);
        crowd.close();
    }
}
