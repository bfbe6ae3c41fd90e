package sotto.demo.attack;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.UnaryOperator;
import sotto.demo.attack.Insider.Asked;
import sotto.demo.attack.Insider.Evil;
import sotto.demo.crowd.HeadlessMember;
import sotto.keys.groups.Group;
import sotto.keys.groups.LeafDraft;
import sotto.keys.groups.mls.Attacker;
import sotto.keys.identity.Identity;
import sotto.keys.journal.KeyJournal;
import sotto.rooms.envelope.RoomMessage;
import sotto.rooms.group.Bytes;
import sotto.rooms.machine.Alarm;
import sotto.rooms.session.Tracks;
import sotto.rooms.wire.ClientFrame;
import sotto.rooms.wire.ConnectionId;
import sotto.rooms.wire.GroupId;
import sotto.rooms.wire.LogEntry;
import sotto.rooms.wire.LogHead;
import sotto.rooms.wire.RoomId;
import sotto.rooms.wire.ServerFrame;
import sotto.rooms.wire.WireLimits;

/**
 * What somebody with the link tries, most often as a member of the group (mallory), over an honest server. Ada made the
 * room; bruno came after her.
 */
final class InsiderAttacks {
    private static final SplittableRandom RANDOM = new SplittableRandom();
    private static final String SESSION = "AAAAAAAAAAAAAAAAAAAAAA";

    private InsiderAttacks() {}

    static final List<Attack> ALL = List.of(
            // commits
            new Attack("ghostAdded", InsiderAttacks::ghostAdded),
            new Attack("ghostFromBeforeYourTime", InsiderAttacks::ghostFromBeforeYourTime),
            new Attack("ghostInAGroupOfItsOwn", scene -> ghostInAGroupOfItsOwn(scene, false)),
            new Attack("ghostNamedAsOneWhoAsked", scene -> ghostInAGroupOfItsOwn(scene, true)),
            new Attack("presentMemberRemoved", InsiderAttacks::presentMemberRemoved),
            new Attack("removedMemberAddedAgain", InsiderAttacks::removedMemberAddedAgain),
            new Attack(
                    "commitOfNoise",
                    scene -> evil(scene, Alarm.COMMIT_INVALID, (mallory, evil) -> {
                        evil.commit = Attacker.random(800);
                    })),
            new Attack(
                    "commitWithAChangedBit",
                    scene -> evil(scene, Alarm.COMMIT_INVALID, (mallory, evil) -> {
                        evil.honest(List.of(), List.of());
                        evil.commit[evil.commit.length / 2] ^= 1;
                    })),
            new Attack(
                    "commitWithoutPath",
                    scene -> evil(scene, Alarm.COMMIT_INVALID, (mallory, evil) -> {
                        byte[] added = mallory.newDraft().keyPackage();
                        evil.made(Attacker.alone(() -> Attacker.commit(
                                Attacker.library(mallory.group()), List.of(Attacker.add(added)), false)));
                    })),
            new Attack(
                    "commitWithWrongPathSecrets",
                    scene -> evil(scene, Alarm.COMMIT_INVALID, (mallory, evil) -> {
                        evil.commit = Attacker.alone(
                                () -> Attacker.commitWithForeignRootKey(Attacker.library(mallory.group())));
                    })),
            new Attack(
                    "commitOfAnotherAge",
                    scene -> banned(scene, Alarm.COMMIT_INVALID, (mallory, evil) -> {
                        evil.honest(List.of(), List.of());
                        evil.age++;
                    })),
            new Attack(
                    "commitNotSignedByItsMaker",
                    scene -> evil(scene, Alarm.SIGNATURE_INVALID, (mallory, evil) -> {
                        evil.honest(List.of(), List.of());
                        evil.signer = mallory.newDraft()::sign;
                    })),
            new Attack(
                    "commitThatSawTheFuture",
                    scene -> evil(scene, Alarm.LOG_WITHHELD, (mallory, evil) -> {
                        evil.honest(List.of(), List.of());
                        evil.seen = new LogHead(evil.seen.sequence() + 50, evil.seen.hash());
                    })),
            new Attack(
                    "commitThatSawAnotherLog",
                    scene -> evil(scene, Alarm.LOG_FORKED, (mallory, evil) -> {
                        evil.honest(List.of(), List.of());
                        evil.seen = new LogHead(
                                evil.seen.sequence(),
                                LogHead.start(RoomId.random(RANDOM), sotto.rooms.wire.LogId.of(new byte[16]))
                                        .hash());
                    })),
            new Attack(
                    "moreNamedThanAdded",
                    scene -> evilAdd(scene, Alarm.COMMIT_INVALID, (mallory, evil) -> {
                        evil.joins.add(new RoomMessage.Joined(mallory.me, 1, 9));
                    })),
            new Attack(
                    "wrongLeafNamed",
                    scene -> evilAdd(scene, Alarm.COMMIT_INVALID, (mallory, evil) -> {
                        RoomMessage.Joined real = evil.joins.removeFirst();
                        evil.joins.add(new RoomMessage.Joined(real.connection(), real.sequence(), real.leaf() + 1));
                    })),
            new Attack(
                    "wrongConnectionNamed",
                    scene -> evilAdd(scene, Alarm.GHOST_ADDED, (mallory, evil) -> {
                        RoomMessage.Joined real = evil.joins.removeFirst();
                        evil.joins.add(new RoomMessage.Joined(mallory.me, real.sequence(), real.leaf()));
                    })),
            new Attack("commitForALaterEpoch", scene -> jump(scene, 5)),
            new Attack("commitForTheLastEpoch", scene -> jump(scene, WireLimits.NUMBER)),
            new Attack("twoCommitsForOneEpoch", InsiderAttacks::twoCommitsForOneEpoch),
            new Attack("commitInAGroupOfNobody", InsiderAttacks::commitInAGroupOfNobody),
            new Attack("commitByAnOutsider", InsiderAttacks::commitByAnOutsider),
            new Attack("seatsOfNobody", InsiderAttacks::seatsOfNobody),
            // welcomes
            new Attack(
                    "welcomeOfNoise",
                    scene -> welcome(scene, (mallory, evil) -> {
                        evil.welcome = Optional.of(Attacker.random(900));
                    })),
            new Attack(
                    "welcomeToAnotherGroup",
                    scene -> welcome(scene, (mallory, evil) -> {
                        try (LeafDraft mine = mallory.newDraft()) {
                            Group other = mallory.engine()
                                    .found(mine, new sotto.keys.groups.GroupId(Attacker.random(GroupId.BYTES)));
                            evil.welcome = other.commit(
                                            List.of(mallory.asked("zoe").keyPackage()), List.of())
                                    .welcome();
                        }
                    })),
            new Attack("welcomeToAnotherBranch", InsiderAttacks::welcomeToAnotherBranch),
            new Attack("welcomeForOneAndNotTheOther", InsiderAttacks::welcomeForOneAndNotTheOther),
            new Attack("newcomerToldWrongSeats", InsiderAttacks::newcomerToldWrongSeats),
            new Attack("newcomerToldThatAllAreBanned", InsiderAttacks::newcomerToldThatAllAreBanned),
            // founding
            new Attack("groupsFoundedWithoutEnd", InsiderAttacks::groupsFoundedWithoutEnd),
            new Attack("groupFoundedInALaterEpoch", scene -> found(scene, 3, Alarm.COMMIT_INVALID)),
            new Attack("groupFoundedWithAnothersKeyPackage", InsiderAttacks::groupFoundedWithAnothersKeyPackage),
            // joining
            new Attack("joinOfAnotherRoom", scene -> join(scene, forge -> forge.boundRoom = Attacker.random(16))),
            new Attack(
                    "joinThatHasExpired",
                    scene -> join(scene, forge -> {
                        forge.notBefore = Instant.now().minus(Duration.ofDays(5));
                        forge.notAfter = Instant.now().minus(Duration.ofDays(3));
                    })),
            new Attack(
                    "joinUnderAnothersIdentity",
                    scene -> join(
                            scene,
                            forge -> forge.claimedIdentity = Identity.generate(
                                            new KeyJournal(java.time.Clock.systemUTC(), 1))
                                    .publicKey()
                                    .bytes())),
            new Attack(
                    "joinUnderANameThatDeceives",
                    scene -> join(scene, forge -> forge.name = "bru\u202eno".getBytes(StandardCharsets.UTF_8))),
            new Attack("joinUnderAnothersParticipantId", InsiderAttacks::joinUnderAnothersParticipantId),
            new Attack("joinNotSignedByItsKeyPackage", InsiderAttacks::joinNotSignedByItsKeyPackage),
            new Attack("joinsWithoutEnd", InsiderAttacks::joinsWithoutEnd),
            new Attack("silentLinkHolder", InsiderAttacks::silentLinkHolder),
            // messages
            new Attack("attachForAnother", InsiderAttacks::attachForAnother),
            new Attack("attachToAGroupOfNobody", InsiderAttacks::attachToAGroupOfNobody),
            new Attack("leaveThatTheMemberDidNotSign", InsiderAttacks::leaveThatTheMemberDidNotSign),
            new Attack("messageOnAnotherConnectionAgain", InsiderAttacks::messageOnAnotherConnectionAgain),
            new Attack("secondSaltOnOneConnection", InsiderAttacks::secondSaltOnOneConnection),
            new Attack("stateNotSignedByItsMember", InsiderAttacks::stateNotSignedByItsMember),
            new Attack("oddMessages", InsiderAttacks::oddMessages),
            new Attack("messagesThatGoAnotherWay", InsiderAttacks::messagesThatGoAnotherWay),
            new Attack("signalsWithoutEnd", InsiderAttacks::signalsWithoutEnd),
            new Attack("rekeysWithoutEnd", InsiderAttacks::rekeysWithoutEnd));

    /** Makes something wrong with a commit that is right so far. */
    private interface Wrong {
        void with(Insider mallory, Evil evil) throws Exception;
    }

    private record Room(HeadlessMember ada, HeadlessMember bruno, Insider mallory) {}

    private static Room room(Scene scene) throws Exception {
        HeadlessMember ada = scene.enters("ada");
        HeadlessMember bruno = scene.enters("bruno");
        return new Room(ada, bruno, scene.insiderInside("mallory"));
    }

    /** A commit that both refuse with this alarm; they go on in another group, and newcomers get in. */
    private static void evil(Scene scene, Alarm alarm, Wrong wrong) throws Exception {
        Room room = room(scene);
        Evil evil = room.mallory.evil();
        wrong.with(room.mallory, evil);
        String group = room.ada.seen().group();
        evil.send();
        scene.alarm(room.ada, alarm);
        scene.alarm(room.bruno, alarm);
        scene.await("another group", () -> !room.ada.seen().group().equals(group));
        scene.everybody();
        scene.worksOn();
    }

    /** As {@link #evil}; its maker is banned. */
    private static void banned(Scene scene, Alarm alarm, Wrong wrong) throws Exception {
        Room room = room(scene);
        Evil evil = room.mallory.evil();
        wrong.with(room.mallory, evil);
        evil.send();
        refusedBy(scene, room, alarm);
    }

    private static void refusedBy(Scene scene, Room room, Alarm alarm) throws Exception {
        scene.alarm(room.ada, alarm);
        scene.alarm(room.bruno, alarm);
        room.mallory.exposed();
        scene.everybody();
        scene.worksOn();
    }

    /** As {@link #banned}, with a commit that adds zoe, who asked. */
    private static void evilAdd(Scene scene, Alarm alarm, Wrong wrong) throws Exception {
        Room room = room(scene);
        Evil evil = addingZoe(scene, room);
        wrong.with(room.mallory, evil);
        send(room, evil);
        scene.alarm(room.ada, alarm);
        scene.alarm(room.bruno, alarm);
        room.mallory.exposed();
        scene.everybody();
    }

    /** Zoe asks while nobody but mallory can answer. */
    private static Evil addingZoe(Scene scene, Room room) throws Exception {
        room.ada.freeze();
        room.bruno.freeze();
        scene.comes("zoe");
        Asked zoe = room.mallory.asked("zoe");
        return room.mallory.evil().honest(List.of(zoe), List.of());
    }

    /** Sends it, and lets the others go on once it stands in the log. */
    private static void send(Room room, Evil evil) throws Exception {
        evil.sendAndFollow();
        room.mallory.awaitCommit(evil);
        room.ada.thaw();
        room.bruno.thaw();
    }

    private static Asked ghost(Scene scene) throws Exception {
        LeafDraft leaf = scene.insider("ghost").newDraft();
        return new Asked(ConnectionId.random(RANDOM), 1, leaf.keyPackage());
    }

    private static void ghostAdded(Scene scene) throws Exception {
        Room room = room(scene);
        Asked ghost = ghost(scene);
        Asked late = new Asked(ghost.from(), room.mallory.head().sequence(), ghost.keyPackage());
        room.mallory.evil().honest(List.of(late), List.of()).send();
        refusedBy(scene, room, Alarm.GHOST_ADDED);
    }

    private static void ghostFromBeforeYourTime(Scene scene) throws Exception {
        Room room = room(scene);
        Insider ghost = scene.insider("ghost");
        scene.allow(ghost); // for a moment, at bruno, who was not there when it claims to have asked
        Asked claimed =
                new Asked(ConnectionId.random(RANDOM), 1, ghost.newDraft().keyPackage());
        room.mallory.evil().honest(List.of(claimed), List.of()).send();
        scene.alarm(room.ada, Alarm.GHOST_ADDED);
        room.mallory.exposed();
        scene.together("ada", "bruno");
    }

    private static void ghostInAGroupOfItsOwn(Scene scene, boolean named) throws Exception {
        HeadlessMember ada = scene.enters("ada");
        HeadlessMember bruno = scene.enters("bruno");
        Insider mallory = scene.insider("mallory");
        scene.allow(mallory);
        mallory.enter();
        mallory.found();
        Asked askedAda = mallory.asked("ada");
        Asked askedBruno = mallory.asked("bruno");
        Asked ghost = ghost(scene);
        Evil evil = mallory.evil().honest(List.of(ghost, askedAda, askedBruno), List.of());
        RoomMessage.Joined hidden = evil.joins.removeFirst();
        if (named)
            evil.joins.add(new RoomMessage.Joined(mallory.me, mallory.head().sequence(), hidden.leaf()));
        evil.send();
        scene.alarm(ada, Alarm.GHOST_ADDED);
        scene.alarm(bruno, Alarm.GHOST_ADDED);
        mallory.exposed();
        scene.everybody();
    }

    private static void presentMemberRemoved(Scene scene) throws Exception {
        Room room = room(scene);
        room.mallory
                .evil()
                .honest(List.of(), List.of(room.mallory.leaf("bruno")))
                .send();
        refusedBy(scene, room, Alarm.WRONGLY_REMOVED);
    }

    private static void removedMemberAddedAgain(Scene scene) throws Exception {
        Room room = room(scene);
        HeadlessMember chiara = scene.enters("chiara");
        Asked once = room.mallory.asked("chiara");
        chiara.leave();
        scene.ended(chiara, sotto.rooms.machine.End.LEFT);
        scene.everybody();
        room.mallory.await("the removal", () -> room.mallory.group().roster().size() == 3);
        room.mallory.evil().honest(List.of(once), List.of()).sendAndFollow();
        // Refused if her going is long enough ago; else she is out again with the next commit.
        scene.worksOn();
        assertThat(room.ada.seen().names()).doesNotContain("chiara");
    }

    private static void jump(Scene scene, long by) throws Exception {
        Room room = room(scene);
        Evil evil = room.mallory.evil().honest(List.of(), List.of());
        evil.epoch = Math.min(evil.epoch + by, WireLimits.NUMBER);
        String group = room.ada.seen().group();
        evil.send();
        scene.await("another group", () -> !room.ada.seen().group().equals(group));
        scene.everybody();
        scene.worksOn();
    }

    private static void twoCommitsForOneEpoch(Scene scene) throws Exception {
        Room room = room(scene);
        Evil second = room.mallory.evil();
        room.mallory.evil().honest(List.of(), List.of()).sendAndFollow();
        second.commit = Attacker.random(500);
        long epoch = second.epoch;
        second.send();
        assertThat(room.mallory.answer(ServerFrame.Lost.class).epoch()).isEqualTo(epoch);
        scene.await("the first commit's epoch", () -> room.ada.seen().epoch() == epoch);
        scene.worksOn();
        scene.noAlarm();
    }

    private static void commitInAGroupOfNobody(Scene scene) throws Exception {
        Room room = room(scene);
        Evil evil = room.mallory.evil().honest(List.of(), List.of());
        evil.id = GroupId.of(Attacker.random(GroupId.BYTES));
        evil.epoch = 7;
        evil.age = room.mallory.head().sequence() + 1;
        evil.send();
        scene.worksOn();
        scene.noAlarm();
    }

    private static void commitByAnOutsider(Scene scene) throws Exception {
        HeadlessMember ada = scene.enters("ada");
        HeadlessMember bruno = scene.enters("bruno");
        Insider mallory = scene.insider("mallory");
        mallory.enter();
        var message = new RoomMessage.Commit(
                Bytes.of(Attacker.random(700)),
                Optional.empty(),
                1,
                List.of(),
                new TreeMap<>(),
                new TreeSet<>(),
                Optional.empty());
        mallory.commitFrame(
                GroupId.fromString(ada.seen().group()),
                ada.seen().epoch() + 1,
                mallory.head(),
                message,
                mallory.newDraft()::sign);
        scene.alarm(ada, Alarm.COMMIT_INVALID);
        scene.alarm(bruno, Alarm.COMMIT_INVALID);
        scene.worksOn();
    }

    private static void seatsOfNobody(Scene scene) throws Exception {
        Room room = room(scene);
        Evil evil = room.mallory.evil().honest(List.of(), List.of());
        for (int leaf = 0; leaf < 2_000; leaf++) evil.seating.put(leaf, ConnectionId.random(RANDOM));
        evil.sendAndFollow();
        scene.await("its epoch", () -> room.bruno.seen().epoch() == evil.epoch);
        room.bruno.signal(participant(room.bruno, "ada"), SESSION, "{}");
        int heard = room.ada.seen().signals();
        room.ada.await("bruno's signal", Scene.PATIENCE, seen -> seen.signals() > heard);
        scene.worksOn();
        scene.noAlarm();
    }

    private static sotto.rooms.group.ParticipantId participant(HeadlessMember at, String who) {
        return at.roster().stream()
                .filter(one -> one.name().equals(who))
                .findFirst()
                .orElseThrow()
                .participant();
    }

    /** Zoe is added by a commit that is good, with a Welcome that is not: she gets in all the same, later. */
    private static void welcome(Scene scene, Wrong wrong) throws Exception {
        Room room = room(scene);
        Evil evil = addingZoe(scene, room);
        wrong.with(room.mallory, evil);
        send(room, evil);
        scene.everybody();
    }

    private static void welcomeToAnotherBranch(Scene scene) throws Exception {
        Room room = room(scene);
        Evil evil = addingZoe(scene, room);
        Asked zoe = room.mallory.asked("zoe");
        // The same group, epoch and people, and other secrets: only the next commit can show it.
        evil.welcome = Optional.of(Attacker.alone(() -> Attacker.commit(
                        Attacker.library(room.mallory.group()), List.of(Attacker.add(zoe.keyPackage())), true)
                .welcome()));
        send(room, evil);
        scene.await("zoe somewhere", () -> scene.known("zoe").seen().epoch() == evil.epoch);
        scene.await("the others too", () -> room.bruno.seen().epoch() == evil.epoch);
        assertThat(scene.known("zoe").seen().exporter())
                .isNotEqualTo(room.bruno.seen().exporter());
        room.bruno.rekey();
        scene.alarm(scene.known("zoe"), Alarm.COMMIT_INVALID);
        scene.everybody();
    }

    private static void welcomeForOneAndNotTheOther(Scene scene) throws Exception {
        Room room = room(scene);
        room.ada.freeze();
        room.bruno.freeze();
        scene.comes("zoe");
        Asked zoe = room.mallory.asked("zoe");
        scene.comes("yann");
        Asked yann = room.mallory.asked("yann");
        Evil evil = room.mallory.evil().honest(List.of(zoe, yann), List.of());
        // A Welcome that has secrets for zoe alone.
        evil.welcome = Optional.of(Attacker.alone(() -> Attacker.commit(
                        Attacker.library(room.mallory.group()), List.of(Attacker.add(zoe.keyPackage())), true)
                .welcome()));
        send(room, evil);
        scene.everybody();
    }

    private static void newcomerToldWrongSeats(Scene scene) throws Exception {
        Room room = room(scene);
        Evil evil = addingZoe(scene, room);
        evil.seating.put(room.mallory.leaf("ada"), room.mallory.connection("bruno"));
        evil.seating.put(room.mallory.leaf("bruno"), room.mallory.connection("ada"));
        send(room, evil);
        scene.everybody();
        HeadlessMember zoe = scene.known("zoe");
        scene.calm();
        int heard = room.ada.seen().signals();
        zoe.signal(participant(zoe, "ada"), SESSION, "{}");
        room.ada.await("zoe's signal", Scene.PATIENCE, seen -> seen.signals() > heard);
    }

    private static void newcomerToldThatAllAreBanned(Scene scene) throws Exception {
        Room room = room(scene);
        Evil evil = addingZoe(scene, room);
        evil.banned.add(room.ada.identity());
        evil.banned.add(room.bruno.identity());
        send(room, evil);
        HeadlessMember zoe = scene.known("zoe");
        scene.await("zoe in", () -> zoe.seen().epoch() == evil.epoch);
        room.bruno.rekey();
        scene.alarm(zoe, Alarm.COMMIT_INVALID);
        assertThat(room.ada.seen().names()).contains("ada", "bruno");
    }

    private static void groupsFoundedWithoutEnd(Scene scene) throws Exception {
        HeadlessMember ada = scene.enters("ada");
        HeadlessMember bruno = scene.enters("bruno");
        Insider mallory = scene.insider("mallory");
        mallory.enter();
        for (int i = 0; i < 20; i++) mallory.found();
        mallory.exposed();
        scene.together("ada", "bruno");
        assertThat(ada.seen().agrees(bruno.seen())).isTrue();
        scene.worksOn();
    }

    private static void found(Scene scene, long epoch, Alarm alarm) throws Exception {
        HeadlessMember ada = scene.enters("ada");
        scene.enters("bruno");
        Insider mallory = scene.insider("mallory");
        mallory.enter();
        LeafDraft draft = mallory.newDraft();
        mallory.commitFrame(
                GroupId.of(Attacker.random(GroupId.BYTES)),
                epoch,
                mallory.head(),
                new RoomMessage.Found(Bytes.of(draft.keyPackage()), List.of()),
                draft::sign);
        scene.alarm(ada, alarm);
        scene.everybody();
        scene.worksOn();
    }

    private static void groupFoundedWithAnothersKeyPackage(Scene scene) throws Exception {
        HeadlessMember ada = scene.enters("ada");
        Insider mallory = scene.insider("mallory");
        mallory.enter();
        scene.enters("bruno");
        mallory.commitFrame(
                GroupId.of(Attacker.random(GroupId.BYTES)),
                0,
                mallory.head(),
                new RoomMessage.Found(Bytes.of(mallory.asked("bruno").keyPackage()), List.of()),
                mallory.newDraft()::sign);
        scene.alarm(ada, Alarm.SIGNATURE_INVALID);
        scene.everybody();
        scene.worksOn();
    }

    /** A KeyPackage with something wrong in it. */
    private interface Forging {
        void with(Attacker.Forge forge);
    }

    private static void join(Scene scene, Forging forging) throws Exception {
        HeadlessMember ada = scene.enters("ada");
        HeadlessMember bruno = scene.enters("bruno");
        Insider mallory = scene.insider("mallory");
        mallory.enter();
        Attacker.Forge forge = Attacker.alone(() -> new Attacker.Forge(mallory.room()));
        forging.with(forge);
        byte[] keyPackage = Attacker.alone(forge::make);
        mallory.post(new RoomMessage.Join(Bytes.of(keyPackage)), signer(forge));
        scene.alarm(ada, Alarm.JOIN_INVALID);
        scene.alarm(bruno, Alarm.JOIN_INVALID);
        scene.worksOn();
    }

    private static UnaryOperator<byte[]> signer(Attacker.Forge forge) {
        return content -> Attacker.sign(forge.seed, content);
    }

    private static void joinUnderAnothersParticipantId(Scene scene) throws Exception {
        HeadlessMember ada = scene.enters("ada");
        HeadlessMember bruno = scene.enters("bruno");
        Insider mallory = scene.insider("mallory");
        mallory.enter();
        Attacker.Forge forge = Attacker.alone(() -> new Attacker.Forge(mallory.room()));
        forge.participant = participant(bruno, "ada").bytes();
        byte[] keyPackage = Attacker.alone(forge::make);
        mallory.post(new RoomMessage.Join(Bytes.of(keyPackage)), signer(forge));
        scene.alarm(ada, Alarm.JOIN_INVALID);
        scene.alarm(bruno, Alarm.JOIN_INVALID);
        scene.worksOn();
    }

    private static void joinNotSignedByItsKeyPackage(Scene scene) throws Exception {
        HeadlessMember ada = scene.enters("ada");
        HeadlessMember bruno = scene.enters("bruno");
        Insider mallory = scene.insider("mallory");
        mallory.enter();
        mallory.post(new RoomMessage.Join(Bytes.of(mallory.newDraft().keyPackage())), mallory.newDraft()::sign);
        scene.alarm(ada, Alarm.SIGNATURE_INVALID);
        scene.alarm(bruno, Alarm.SIGNATURE_INVALID);
        scene.worksOn();
    }

    private static void joinsWithoutEnd(Scene scene) throws Exception {
        scene.enters("ada");
        scene.enters("bruno");
        Insider mallory = scene.insider("mallory");
        scene.allow(mallory); // it asks: it may be admitted
        mallory.enter();
        for (int i = 0; i < 60; i++) {
            LeafDraft draft = mallory.newDraft();
            mallory.post(new RoomMessage.Join(Bytes.of(draft.keyPackage())), draft::sign);
        }
        mallory.asksFor();
        scene.worksOn();
        scene.noAlarm();
    }

    private static void silentLinkHolder(Scene scene) throws Exception {
        scene.enters("ada");
        scene.enters("bruno");
        scene.insider("mallory").enter();
        scene.worksOn();
        scene.noAlarm();
    }

    private static void attachForAnother(Scene scene) throws Exception {
        Room room = room(scene);
        scene.calm();
        var forged = new RoomMessage.Attach(
                GroupId.of(room.mallory.group().id().bytes()),
                room.mallory.group().epoch(),
                room.mallory.leaf("ada"),
                room.mallory.since(),
                Insider.TOLD);
        room.mallory.post(forged);
        room.mallory.send(room.mallory.connection("bruno"), forged);
        int heard = room.ada.seen().signals();
        scene.worksOn(); // bruno has heard it by then
        room.bruno.signal(participant(room.bruno, "ada"), SESSION, "{}");
        room.ada.await("bruno's signal", Scene.PATIENCE, seen -> seen.signals() > heard + 1);
        scene.noAlarm();
    }

    private static void attachToAGroupOfNobody(Scene scene) throws Exception {
        Room room = room(scene);
        GroupId nobodys = GroupId.of(Attacker.random(GroupId.BYTES));
        for (long since : new long[] {0, 1, room.mallory.head().sequence() + 1, WireLimits.NUMBER})
            room.mallory.post(
                    new RoomMessage.Attach(nobodys, WireLimits.NUMBER, Integer.MAX_VALUE, since, Insider.TOLD));
        scene.worksOn();
    }

    private static void leaveThatTheMemberDidNotSign(Scene scene) throws Exception {
        Room room = room(scene);
        room.mallory.post(new RoomMessage.Leave(), room.mallory.newDraft()::sign);
        scene.worksOn(); // mallory is still among everybody
        scene.noAlarm();
    }

    private static void messageOnAnotherConnectionAgain(Scene scene) throws Exception {
        Room room = room(scene);
        room.bruno.setState(new Tracks(true, true, false, false));
        room.mallory.await(
                "bruno's state",
                () -> room.mallory.entries.stream()
                        .anyMatch(one -> one instanceof LogEntry.Message message
                                && message.from().equals(room.mallory.connection("bruno"))));
        LogEntry.Message heard = (LogEntry.Message) room.mallory.last(RoomMessage.State.class);
        room.mallory.raw(new ClientFrame.Post(heard.payload()));
        scene.alarm(room.ada, Alarm.ENVELOPE_INVALID);
        scene.alarm(room.bruno, Alarm.ENVELOPE_INVALID);
        scene.worksOn();
    }

    private static void secondSaltOnOneConnection(Scene scene) throws Exception {
        Room room = room(scene);
        room.mallory.raw(new ClientFrame.Post(
                room.mallory.sealAs(room.mallory.onLog(room.mallory.me), new RoomMessage.Rekey(), room.mallory::sign)));
        scene.alarm(room.ada, Alarm.ENVELOPE_INVALID);
        scene.worksOn();
    }

    private static void stateNotSignedByItsMember(Scene scene) throws Exception {
        Room room = room(scene);
        scene.calm();
        int heard = room.ada.seen().signals();
        int said = room.mallory.said();
        for (int i = 0; i < 20; i++) {
            room.mallory.send(
                    room.mallory.connection("ada"),
                    new RoomMessage.Signal(SESSION, "{}"),
                    room.mallory.newDraft()::sign);
            room.mallory.post(new RoomMessage.State(true, true, true, true), room.mallory.newDraft()::sign);
        }
        room.mallory.await("its own words", () -> room.mallory.said() == said + 20);
        scene.worksOn();
        assertThat(room.ada.seen().signals())
                .as("zoe's state, and bruno's again for her, at most")
                .isLessThanOrEqualTo(heard + 2);
    }

    private static void oddMessages(Scene scene) throws Exception {
        Room room = room(scene);
        List<String> odd = List.of(
                "[]",
                "nothing",
                "{\"type\":\"rekey\",\"more\":1}",
                "{\"type\":\"rekey\",\"type\":\"leave\"}",
                "{\"type\":\"unheard\",\"of\":true}",
                "{\"type\":\"state\",\"microphone\":1,\"camera\":0,\"screen\":0,\"screenAudio\":0}",
                "{\"type\":\"attach\",\"group\":\"AAAAAAAAAAAAAAAAAAAAAA\",\"epoch\":-1,\"leaf\":0,\"since\":0}",
                "{\"type\":\"attach\",\"group\":\"AAAAAAAAAAAAAAAAAAAAAA\",\"epoch\":1,\"leaf\":4294967296,\"since\":0}",
                "{\"type\":\"join\",\"keyPackage\":\"" + "A".repeat(8_000) + "\"}",
                "[".repeat(5_000));
        for (String one : odd) room.mallory.postJson(one.getBytes(StandardCharsets.UTF_8), room.mallory::sign);
        room.ada.await("an alarm for each", Scene.PATIENCE, seen -> seen.alarmCount() >= odd.size());
        assertThat(room.ada.seen().alarms()).containsOnly(Alarm.ENVELOPE_INVALID.code());
        scene.everybody();
        scene.worksOn();
    }

    private static void messagesThatGoAnotherWay(Scene scene) throws Exception {
        Room room = room(scene);
        LeafDraft draft = room.mallory.newDraft();
        room.mallory.post(new RoomMessage.Signal(SESSION, "{}"));
        room.mallory.post(new RoomMessage.Found(Bytes.of(draft.keyPackage()), List.of()), draft::sign);
        room.mallory.send(room.mallory.connection("ada"), new RoomMessage.Leave());
        room.mallory.send(
                room.mallory.connection("ada"), new RoomMessage.Join(Bytes.of(draft.keyPackage())), draft::sign);
        room.ada.await("an alarm for each", Scene.PATIENCE, seen -> seen.alarmCount() >= 4);
        assertThat(room.ada.seen().alarms()).containsOnly(Alarm.ENVELOPE_INVALID.code());
        scene.worksOn();
    }

    private static void signalsWithoutEnd(Scene scene) throws Exception {
        Room room = room(scene);
        ConnectionId ada = room.mallory.connection("ada");
        for (int i = 0; i < 900; i++) room.mallory.send(ada, new RoomMessage.Signal(SESSION, "{}"));
        scene.worksOn();
        scene.noAlarm();
    }

    private static void rekeysWithoutEnd(Scene scene) throws Exception {
        Room room = room(scene);
        for (int i = 0; i < 40; i++) room.mallory.post(new RoomMessage.Rekey());
        scene.worksOn();
        scene.noAlarm();
    }
}
