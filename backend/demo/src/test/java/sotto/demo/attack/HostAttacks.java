package sotto.demo.attack;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.TreeSet;
import sotto.demo.attack.Insider.Asked;
import sotto.demo.attack.Insider.Evil;
import sotto.demo.crowd.HeadlessMember;
import sotto.keys.groups.LeafDraft;
import sotto.keys.groups.mls.Attacker;
import sotto.keys.identity.Identity;
import sotto.rooms.RoomPath;
import sotto.rooms.envelope.RoomMessage;
import sotto.rooms.group.Bytes;
import sotto.rooms.group.KeyPackageInfo;
import sotto.rooms.machine.Alarm;
import sotto.rooms.machine.End;
import sotto.rooms.rules.Pass;
import sotto.rooms.rules.RoomRules;
import sotto.rooms.rules.Settings;
import sotto.rooms.rules.Statement;
import sotto.rooms.wire.RoomId;
import sotto.rooms.wire.WireLimits;

/**
 * What a member without a say (mallory), or a host who goes too far, tries against the rules of a room that ada made, over
 * an honest server.
 */
final class HostAttacks {
    private static final Settings LOCKED = Settings.NONE.withLocked(true);

    private HostAttacks() {}

    static final List<Attack> ALL = List.of(
            new Attack("lockByNoHost", HostAttacks::lockByNoHost),
            new Attack("lockInTheHostsName", HostAttacks::lockInTheHostsName),
            new Attack("lockFromAnotherRoom", HostAttacks::lockFromAnotherRoom),
            new Attack("lockOfEarlier", HostAttacks::lockOfEarlier),
            new Attack("unlockByNoHost", HostAttacks::unlockByNoHost),
            new Attack("rulesOfNoise", HostAttacks::rulesOfNoise),
            new Attack("admitByNoHost", scene -> admit(scene, true)),
            new Attack("admitInTheHostsName", scene -> admit(scene, false)),
            new Attack("admitOfAnEarlierStay", HostAttacks::admitOfAnEarlierStay),
            new Attack("addedPastTheLock", HostAttacks::addedPastTheLock),
            new Attack("foundedPastTheLock", HostAttacks::foundedPastTheLock),
            new Attack("removedAndAsksAgain", HostAttacks::removedAndAsksAgain),
            new Attack("removedAndCommits", HostAttacks::removedAndCommits),
            new Attack("hostRemovesTheMaker", HostAttacks::hostRemovesTheMaker),
            new Attack("hostNoLonger", HostAttacks::hostNoLonger),
            new Attack("hostUsesUpTheNumbers", HostAttacks::hostUsesUpTheNumbers));

    private record Room(Scene scene, HeadlessMember ada, HeadlessMember bruno, Insider mallory) {
        Settings settingsOf(HeadlessMember one) {
            return one.agreed().rules().settings();
        }

        void says(Settings settings) throws InterruptedException {
            ada.host(session -> session.setRules(now -> settings));
            scene.await(
                    "the rules at all",
                    () -> List.of(ada, bruno).stream()
                            .allMatch(one -> settingsOf(one).locked() == settings.locked()
                                    && settingsOf(one).removed().equals(settings.removed())));
            mallory.await("the rules", () -> mallory.heard(RoomMessage.Tell.class));
        }

        /** Ada makes mallory a host. */
        void namesMallory(boolean host) throws InterruptedException {
            ada.host(session -> session.nameHost(mallory.identityKey(), host));
            scene.await(
                    "who is a host",
                    () -> List.of(ada, bruno).stream()
                            .allMatch(one -> one.agreed().rules().host(mallory.identityKey()) == host));
            mallory.await("the rules", () -> mallory.heard(RoomMessage.Tell.class));
        }

        /** Mallory tells these rules as a member tells what it knows. */
        void tells(Settings settings, Statement... statements) {
            List<Bytes> encoded =
                    List.of(statements).stream().map(Statement::encode).toList();
            mallory.post(
                    new RoomMessage.Tell(new RoomMessage.Told(settings.path(), settings.pathNumber(), encoded), false));
        }

        Bytes adasKey() {
            return ada.identity();
        }

        /** What somebody has said as a host in this room. */
        Statement says(Identity by, long term, long number, Settings settings, Collection<Bytes> hosts) {
            return statement(scene.id, by, term, number, settings, hosts);
        }

        void bothAlarmed(Alarm alarm) throws InterruptedException {
            scene.alarm(ada, alarm);
            scene.alarm(bruno, alarm);
        }

        /** Somebody comes, and waits at everybody's. */
        Pass waits(String name) throws InterruptedException {
            scene.comes(name);
            return waiting(name);
        }

        Pass waiting(String name) throws InterruptedException {
            scene.await(
                    name + " waiting",
                    () -> inList(ada, name).isPresent() && inList(bruno, name).isPresent());
            return Pass.of(inList(ada, name).orElseThrow());
        }

        private static Optional<KeyPackageInfo> inList(HeadlessMember at, String name) {
            return at.waiting().stream().filter(one -> one.name().equals(name)).findFirst();
        }

        /** Whoever waits is not let in by anything but a host's word, whatever was said before. */
        void stillOutsideUntilAdmitted(String name, Pass pass) throws InterruptedException {
            long epoch = ada.seen().epoch();
            String group = ada.seen().group();
            bruno.rekey(); // what stood in the log before it has been read
            scene.await(
                    "a new epoch",
                    () -> !ada.seen().group().equals(group) || ada.seen().epoch() > epoch);
            assertThat(ada.seen().names()).doesNotContain(name);
            ada.host(session -> session.admit(pass, true));
            scene.everybody();
        }
    }

    private static Room room(Scene scene) throws Exception {
        HeadlessMember ada = scene.enters("ada");
        HeadlessMember bruno = scene.enters("bruno");
        return new Room(scene, ada, bruno, scene.insiderInside("mallory"));
    }

    private static Room locked(Scene scene) throws Exception {
        Room room = room(scene);
        room.says(LOCKED);
        return room;
    }

    private static Statement statement(
            RoomId room, Identity by, long term, long number, Settings settings, Collection<Bytes> hosts) {
        Bytes author = Bytes.of(by.publicKey().bytes());
        byte[] signed = Statement.signed(room, author, term, number, settings, new TreeSet<>(hosts));
        return new Statement(author, term, number, settings, new TreeSet<>(hosts), Bytes.of(by.sign(signed)));
    }

    private static void lockByNoHost(Scene scene) throws Exception {
        Room room = room(scene);
        room.tells(LOCKED, room.says(room.mallory.identity, 1, 0, LOCKED, List.of()));
        room.bothAlarmed(Alarm.RULES_INVALID);
        scene.worksOn();
    }

    private static void lockInTheHostsName(Scene scene) throws Exception {
        Room room = room(scene);
        byte[] signed = Statement.signed(scene.id, room.adasKey(), 1, 0, LOCKED, new TreeSet<>());
        Bytes signature = Bytes.of(room.mallory.identity.sign(signed));
        room.tells(LOCKED, new Statement(room.adasKey(), 1, 0, LOCKED, new TreeSet<>(), signature));
        room.bothAlarmed(Alarm.RULES_INVALID);
        scene.worksOn();
    }

    private static void lockFromAnotherRoom(Scene scene) throws Exception {
        Room room = room(scene);
        RoomId other = RoomId.random(new SplittableRandom());
        room.tells(LOCKED, statement(other, scene.makersKey, 1, 0, LOCKED, List.of()));
        room.bothAlarmed(Alarm.RULES_INVALID);
        scene.worksOn();
    }

    private static void lockOfEarlier(Scene scene) throws Exception {
        Room room = locked(scene);
        RoomRules then = room.ada.agreed().rules();
        room.says(Settings.NONE);
        room.tells(then.settings(), then.maker().orElseThrow());
        scene.worksOn();
        scene.noAlarm();
    }

    private static void unlockByNoHost(Scene scene) throws Exception {
        Room room = locked(scene);
        room.tells(Settings.NONE, room.says(room.mallory.identity, 2, 0, Settings.NONE, List.of()));
        room.bothAlarmed(Alarm.RULES_INVALID);
        room.stillOutsideUntilAdmitted("zoe", room.waits("zoe"));
    }

    private static void rulesOfNoise(Scene scene) throws Exception {
        Room room = room(scene);
        Bytes good = room.says(scene.makersKey, 1, 0, LOCKED, List.of()).encode();
        byte[] cut = java.util.Arrays.copyOf(good.toArray(), good.size() - 1);
        byte[] flipped = good.toArray();
        flipped[flipped.length / 2] ^= 1;
        for (byte[] odd : List.of(new byte[1], cut, flipped, Attacker.random(good.size())))
            room.mallory.post(
                    new RoomMessage.Tell(new RoomMessage.Told(RoomPath.DIRECT, 1, List.of(Bytes.of(odd))), false));
        room.ada.await("an alarm for each", Scene.PATIENCE, seen -> seen.alarmCount() >= 4);
        assertThat(room.ada.seen().alarms()).containsOnly(Alarm.RULES_INVALID.code());
        String many =
                "{\"type\":\"agreed\",\"path\":\"direct\",\"number\":0,\"rules\":[\"AA\",\"AA\",\"AA\"],\"again\":false}";
        room.mallory.postJson(many.getBytes(StandardCharsets.UTF_8), room.mallory::sign);
        scene.alarm(room.ada, Alarm.ENVELOPE_INVALID, Alarm.RULES_INVALID);
        scene.worksOn();
    }

    /** @param own whether mallory signs with its own identity, or claims to be ada */
    private static void admit(Scene scene, boolean own) throws Exception {
        Room room = locked(scene);
        Pass zoe = room.waits("zoe");
        Bytes author = own ? room.mallory.identityKey() : room.adasKey();
        byte[] signature = room.mallory.identity.sign(RoomMessage.Admit.signed(scene.id, author, zoe, true));
        room.mallory.post(new RoomMessage.Admit(author, zoe, true, Bytes.of(signature)));
        room.bothAlarmed(Alarm.RULES_INVALID);
        room.stillOutsideUntilAdmitted("zoe", zoe);
    }

    private static void admitOfAnEarlierStay(Scene scene) throws Exception {
        Room room = locked(scene);
        Pass first = room.waits("zoe");
        room.ada.host(session -> session.admit(first, true));
        scene.everybody();
        room.mallory.await("the admission", () -> room.mallory.heard(RoomMessage.Admit.class));
        RoomMessage.Admit once = room.mallory.lastSaid(RoomMessage.Admit.class);
        HeadlessMember zoe = scene.known("zoe");
        zoe.leave();
        scene.ended(zoe, End.LEFT);
        scene.together("ada", "bruno", "mallory");
        zoe.enter(scene.link);
        Pass second = room.waiting("zoe");
        assertThat(second).isNotEqualTo(first);
        room.mallory.post(once);
        room.stillOutsideUntilAdmitted("zoe", second);
    }

    private static void addedPastTheLock(Scene scene) throws Exception {
        Room room = locked(scene);
        Pass pass = room.waits("zoe");
        Asked zoe = room.mallory.asked("zoe");
        room.mallory.evil().honest(List.of(zoe), List.of()).send();
        room.bothAlarmed(Alarm.UNADMITTED);
        room.mallory.exposed();
        scene.together("ada", "bruno");
        // Zoe may have taken mallory's word; with ada's she is among the others.
        room.ada.host(session -> session.admit(pass, true));
        scene.together("ada", "bruno", "zoe");
    }

    private static void foundedPastTheLock(Scene scene) throws Exception {
        HeadlessMember ada = scene.enters("ada");
        HeadlessMember bruno = scene.enters("bruno");
        ada.host(session -> session.setRules(now -> LOCKED));
        scene.await("the lock", () -> bruno.agreed().rules().locked());
        Insider mallory = scene.insider("mallory");
        mallory.enter();
        for (int i = 0; i < 3; i++) mallory.found();
        mallory.exposed();
        bruno.rekey();
        scene.together("ada", "bruno");
        scene.noAlarm();
    }

    private static void removedAndAsksAgain(Scene scene) throws Exception {
        Room room = room(scene);
        room.says(Settings.NONE.withRemoved(room.mallory.identityKey(), true));
        room.mallory.exposed();
        scene.together("ada", "bruno");
        LeafDraft draft = room.mallory.newDraft();
        room.mallory.post(new RoomMessage.Join(Bytes.of(draft.keyPackage())), draft::sign);
        scene.worksOn();
        assertThat(room.ada.seen().names()).doesNotContain("mallory");
        scene.noAlarm();
    }

    private static void removedAndCommits(Scene scene) throws Exception {
        Room room = room(scene);
        Settings without = Settings.NONE.withRemoved(room.mallory.identityKey(), true);
        room.bruno.freeze();
        room.ada.host(session -> {
            session.setRules(now -> without);
            room.ada.freeze(); // before she hears her own word, and removes mallory
        });
        room.mallory.await("the rules", () -> room.mallory.heard(RoomMessage.Tell.class));
        Evil evil = room.mallory.evil().honest(List.of(), List.of());
        evil.send();
        room.mallory.awaitCommit(evil);
        room.ada.thaw();
        room.bruno.thaw();
        room.bothAlarmed(Alarm.COMMIT_INVALID);
        room.mallory.exposed();
        scene.together("ada", "bruno");
        scene.worksOn();
    }

    private static void hostRemovesTheMaker(Scene scene) throws Exception {
        Room room = room(scene);
        room.namesMallory(true);
        RoomRules rules = room.ada.agreed().rules();
        Settings without = rules.settings().withRemoved(room.adasKey(), true).withRemoved(room.bruno.identity(), true);
        long term = rules.maker().orElseThrow().term();
        room.tells(without, rules.maker().orElseThrow(), room.says(room.mallory.identity, term, 1, without, List.of()));
        scene.ended(room.bruno, End.REMOVED); // which is a host's right
        scene.together("ada", "mallory");
        room.ada.host(session -> session.nameHost(room.mallory.identityKey(), false));
        room.ada.host(session -> session.setRules(now -> Settings.NONE.withRemoved(room.mallory.identityKey(), true)));
        room.mallory.exposed();
        scene.together("ada");
        scene.worksOn();
        scene.noAlarm();
    }

    private static void hostNoLonger(Scene scene) throws Exception {
        Room room = room(scene);
        room.namesMallory(true);
        RoomRules then = room.ada.agreed().rules();
        room.namesMallory(false);
        long term = then.maker().orElseThrow().term();
        room.tells(
                LOCKED,
                then.maker().orElseThrow(),
                room.says(room.mallory.identity, term, WireLimits.NUMBER, LOCKED, List.of()));
        scene.worksOn();
        scene.noAlarm();
    }

    private static void hostUsesUpTheNumbers(Scene scene) throws Exception {
        Room room = room(scene);
        room.namesMallory(true);
        RoomRules rules = room.ada.agreed().rules();
        Settings last = LOCKED.withPath(RoomPath.DIRECT, WireLimits.NUMBER);
        long term = rules.maker().orElseThrow().term();
        room.tells(
                last,
                rules.maker().orElseThrow(),
                room.says(room.mallory.identity, term, WireLimits.NUMBER, last, List.of()));
        scene.await("mallory's lock", () -> room.bruno.agreed().rules().locked());
        room.says(Settings.NONE); // the maker's word counts all the same
        room.bruno.host(session -> session.setPath(RoomPath.HIDDEN));
        scene.worksOn();
        scene.noAlarm();
    }
}
