package sotto.demo.attack;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicReference;
import sotto.demo.attack.LyingServer.Client;
import sotto.demo.crowd.HeadlessMember;
import sotto.demo.crowd.Seen;
import sotto.rooms.envelope.RoomMessage;
import sotto.rooms.machine.Alarm;
import sotto.rooms.machine.End;
import sotto.rooms.session.Tracks;
import sotto.rooms.wire.ClientFrame;
import sotto.rooms.wire.ConnectionId;
import sotto.rooms.wire.GroupId;
import sotto.rooms.wire.LogEntry;
import sotto.rooms.wire.LogHash;
import sotto.rooms.wire.LogHead;
import sotto.rooms.wire.Payload;
import sotto.rooms.wire.RefusalCode;
import sotto.rooms.wire.RoomId;
import sotto.rooms.wire.ServerFrame;
import sotto.rooms.wire.WireCodec;
import sotto.rooms.wire.WireLimits;

/**
 * What a server that lies tries. People come in as ada, bruno, chiara: their connections are clients 0, 1, 2. The server
 * has no link, unless somebody who has it helps.
 */
final class ServerAttacks {
    private static final SplittableRandom RANDOM = new SplittableRandom();
    private static final Tracks SPEAKS = new Tracks(true, false, false, false);
    private static final Tracks SHOWS = new Tracks(true, true, false, false);

    private ServerAttacks() {}

    static final List<Attack> ALL = List.of(
            new Attack("forkedArrival", ServerAttacks::forkedArrival),
            new Attack("withheldMessage", ServerAttacks::withheldMessage),
            new Attack("reorderedMessages", ServerAttacks::reorderedMessages),
            new Attack("reorderedMessagesOfOne", ServerAttacks::reorderedMessagesOfOne),
            new Attack("entryNumberedAnew", scene -> broken(scene, 1)),
            new Attack("entryTwice", ServerAttacks::entryTwice),
            new Attack("gapInTheLog", scene -> broken(scene, 1_000)),
            new Attack("replayedPayload", ServerAttacks::replayedPayload),
            new Attack("payloadOnAnothersConnection", scene -> changed(scene, ServerAttacks::fromChiara)),
            new Attack("payloadWithAChangedBit", scene -> changed(scene, ServerAttacks::flipped)),
            new Attack("payloadOfNobody", scene -> changed(scene, ServerAttacks::random)),
            new Attack("postedMessageGivenAsSent", ServerAttacks::postedMessageGivenAsSent),
            new Attack("commitMovedToAnotherEpoch", scene -> movedCommit(scene, true)),
            new Attack("commitMovedToAnotherGroup", scene -> movedCommit(scene, false)),
            new Attack("commitOfNobody", ServerAttacks::commitOfNobody),
            new Attack("ownCommitComesBackChanged", ServerAttacks::ownCommitComesBackChanged),
            new Attack("falseGone", ServerAttacks::falseGone),
            new Attack("falseGoneToOne", ServerAttacks::falseGoneToOne),
            new Attack("goneNeverTold", ServerAttacks::goneNeverTold),
            new Attack("falseArrivedToOne", ServerAttacks::falseArrivedToOne),
            new Attack("arrivedTwice", ServerAttacks::arrivedTwice),
            new Attack("arrivalsWithoutEnd", ServerAttacks::arrivalsWithoutEnd),
            new Attack("oneConnectionIdForTwo", ServerAttacks::oneConnectionIdForTwo),
            new Attack("membersHiddenFromNewcomer", ServerAttacks::membersHiddenFromNewcomer),
            new Attack("membersInventedForNewcomer", ServerAttacks::membersInventedForNewcomer),
            new Attack("lostThatIsNotTrue", scene -> lost(scene, 1)),
            new Attack("lostEachTime", scene -> lost(scene, Integer.MAX_VALUE)),
            new Attack("lostOfNothing", ServerAttacks::lostOfNothing),
            new Attack("commitsOfOneDropped", ServerAttacks::commitsOfOneDropped),
            new Attack("twoWinnersOneAfterTheOther", scene -> twoWinners(scene, false)),
            new Attack("twoWinnersForTwoSides", scene -> twoWinners(scene, true)),
            new Attack("oversizedFrame", scene -> unreadable(scene, false)),
            new Attack("binaryFrame", scene -> unreadable(scene, true)),
            new Attack("oddFrames", ServerAttacks::oddFrames),
            new Attack("enteredTwice", ServerAttacks::enteredTwice),
            new Attack("earlierLogAgain", ServerAttacks::earlierLogAgain),
            new Attack("yesterdaysRoomToANewcomer", ServerAttacks::yesterdaysRoomToANewcomer),
            new Attack("logRolledBackOverAGap", scene -> otherHead(scene, true)),
            new Attack("logForkedOverAGap", scene -> otherHead(scene, false)),
            new Attack("refusalsWithoutReason", ServerAttacks::refusalsWithoutReason),
            new Attack("sentFromAnother", scene -> sent(scene, "from")),
            new Attack("sentTwice", scene -> sent(scene, "twice")),
            new Attack("sentToAnother", scene -> sent(scene, "to")),
            new Attack("leaveSealedByAnInsiderForAnother", ServerAttacks::leaveSealedByAnInsiderForAnother),
            new Attack("firstWordSpokenForAnother", ServerAttacks::firstWordSpokenForAnother));

    private static ConnectionId nobody() {
        return ConnectionId.random(RANDOM);
    }

    private static void forkedArrival(Scene scene) throws Exception {
        HeadlessMember ada = scene.enters("ada");
        HeadlessMember bruno = scene.enters("bruno");
        ConnectionId invented = nobody();
        scene.room.lieDown((to, frame) -> {
            boolean lie = to == scene.room.client(1)
                    && frame instanceof ServerFrame.Entry entry
                    && entry.entry() instanceof LogEntry.Arrived;
            if (lie) to.deliver(new ServerFrame.Entry(new LogEntry.Arrived(sequence(frame), invented)));
            return lie;
        });
        scene.comes("chiara");
        scene.alarm(bruno, Alarm.LOG_FORKED);
        scene.alarm(ada, Alarm.LOG_FORKED);
    }

    private static long sequence(ServerFrame frame) {
        return ((ServerFrame.Entry) frame).entry().sequence();
    }

    /** Whether it is a message of this client in the log. */
    private static boolean messageOf(ServerFrame frame, Client from) {
        return frame instanceof ServerFrame.Entry entry
                && entry.entry() instanceof LogEntry.Message message
                && message.from().equals(from.id);
    }

    private static void withheldMessage(Scene scene) throws Exception {
        HeadlessMember ada = scene.enters("ada");
        HeadlessMember bruno = scene.enters("bruno");
        HeadlessMember chiara = scene.enters("chiara");
        scene.calm();
        scene.room.lieDown((to, frame) -> {
            boolean lie = to == scene.room.client(0) && messageOf(frame, scene.room.client(1));
            if (lie) to.skip();
            return lie;
        });
        int heard = chiara.seen().signals();
        bruno.setState(SPEAKS);
        chiara.await("bruno's state", Scene.PATIENCE, seen -> seen.signals() > heard);
        chiara.setState(SPEAKS);
        scene.alarm(ada, Alarm.LOG_WITHHELD);
    }

    private static void reorderedMessages(Scene scene) throws Exception {
        HeadlessMember ada = scene.enters("ada");
        HeadlessMember bruno = scene.enters("bruno");
        HeadlessMember chiara = scene.enters("chiara");
        scene.calm();
        int heard = ada.seen().signals();
        int heardByBruno = bruno.seen().signals();
        reorder(scene, 2);
        atOnce(scene, 1, 2);
        bruno.setState(SPEAKS);
        chiara.setState(SPEAKS);
        scene.await("both, swapped", () -> ada.seen().signals() >= heard + 2);
        // Only from then on does what he says tell of a log with her message.
        bruno.await("chiara's state", Scene.PATIENCE, seen -> seen.signals() > heardByBruno);
        bruno.setState(SHOWS);
        scene.alarm(ada, Alarm.LOG_FORKED);
    }

    private static void reorderedMessagesOfOne(Scene scene) throws Exception {
        HeadlessMember ada = scene.enters("ada");
        HeadlessMember bruno = scene.enters("bruno");
        scene.calm();
        reorder(scene, 2);
        bruno.setState(SPEAKS);
        bruno.setState(SHOWS);
        scene.alarm(ada, Alarm.ENVELOPE_INVALID);
    }

    /** The next messages of these two go to the log at one moment: neither has seen the other's when it sends. */
    private static void atOnce(Scene scene, int first, int second) {
        List<Client> both = List.of(scene.room.client(first), scene.room.client(second));
        Map<Client, ClientFrame> held = new HashMap<>();
        scene.room.lieUp((from, frame) -> {
            if (held.size() == both.size() || !both.contains(from) || !(frame instanceof ClientFrame.Post))
                return false;
            held.put(from, frame);
            if (held.size() == both.size()) both.forEach(one -> one.forward(held.get(one)));
            return true;
        });
    }

    /** The next messages of others in the log come to ada in the opposite order. */
    private static void reorder(Scene scene, int count) {
        List<LogEntry> held = new ArrayList<>();
        scene.room.lieDown((to, frame) -> {
            boolean lie = to == scene.room.client(0)
                    && held.size() < count
                    && frame instanceof ServerFrame.Entry entry
                    && entry.entry() instanceof LogEntry.Message message
                    && !message.from().equals(to.id);
            if (!lie) return false;
            held.add(((ServerFrame.Entry) frame).entry());
            if (held.size() == count)
                for (LogEntry entry : held.reversed())
                    to.deliver(new ServerFrame.Entry(LyingServer.at(entry, to.sequence + 1 - to.shift)));
            return true;
        });
    }

    /** An entry that cannot be the next one. */
    private static void broken(Scene scene, long number) throws Exception {
        HeadlessMember ada = scene.enters("ada");
        scene.enters("bruno");
        Client victim = scene.room.client(0);
        scene.room.now(() -> victim.raw(entry(new LogEntry.Arrived(number, nobody()))));
        scene.alarm(ada, Alarm.LOG_BROKEN);
        scene.ended(ada, End.SERVER_MALFORMED);
    }

    private static String entry(LogEntry entry) {
        return WireCodec.encode(new ServerFrame.Entry(entry));
    }

    private static void entryTwice(Scene scene) throws Exception {
        HeadlessMember ada = scene.enters("ada");
        scene.enters("bruno");
        Client victim = scene.room.client(0);
        scene.room.now(() -> victim.raw(entry(victim.given.getLast())));
        scene.alarm(ada, Alarm.LOG_BROKEN);
        scene.ended(ada, End.SERVER_MALFORMED);
    }

    private static void replayedPayload(Scene scene) throws Exception {
        HeadlessMember ada = scene.enters("ada");
        scene.enters("bruno");
        scene.enters("chiara");
        long epoch = ada.seen().epoch();
        Client victim = scene.room.client(0);
        scene.room.now(() -> {
            for (LogEntry old : List.copyOf(victim.given))
                if (!(old instanceof LogEntry.Arrived)) victim.insert(sequence -> LyingServer.at(old, sequence));
        });
        scene.alarm(ada, Alarm.ENVELOPE_INVALID);
        assertThat(ada.seen().epoch()).isGreaterThanOrEqualTo(epoch);
    }

    /** What the server makes of bruno's message before ada gets it. */
    private interface Change {
        LogEntry of(Scene scene, LogEntry.Message message);
    }

    private static LogEntry fromChiara(Scene scene, LogEntry.Message message) {
        return new LogEntry.Message(message.sequence(), scene.room.client(2).id, message.payload());
    }

    private static LogEntry flipped(Scene scene, LogEntry.Message message) {
        return new LogEntry.Message(message.sequence(), message.from(), flipped(message.payload()));
    }

    private static Payload flipped(Payload payload) {
        byte[] bytes = payload.bytes();
        bytes[bytes.length / 2] ^= 4;
        return Payload.of(bytes);
    }

    private static LogEntry random(Scene scene, LogEntry.Message message) {
        byte[] bytes = new byte[300];
        RANDOM.nextBytes(bytes);
        return new LogEntry.Message(message.sequence(), message.from(), Payload.of(bytes));
    }

    private static void changed(Scene scene, Change change) throws Exception {
        HeadlessMember ada = scene.enters("ada");
        HeadlessMember bruno = scene.enters("bruno");
        scene.enters("chiara");
        scene.calm();
        int heard = ada.seen().signals();
        scene.room.lieDown((to, frame) -> {
            boolean lie = to == scene.room.client(0) && messageOf(frame, scene.room.client(1));
            if (lie)
                to.deliver(new ServerFrame.Entry(
                        change.of(scene, (LogEntry.Message) ((ServerFrame.Entry) frame).entry())));
            return lie;
        });
        bruno.setState(SHOWS);
        scene.alarm(ada, Alarm.ENVELOPE_INVALID);
        assertThat(ada.seen().signals()).as("nothing was taken from it").isEqualTo(heard);
        assertThat(ada.seen().names()).containsExactlyInAnyOrder("ada", "bruno", "chiara");
    }

    private static void postedMessageGivenAsSent(Scene scene) throws Exception {
        HeadlessMember ada = scene.enters("ada");
        HeadlessMember bruno = scene.enters("bruno");
        scene.room.lieDown((to, frame) -> {
            boolean lie = to == scene.room.client(0) && messageOf(frame, scene.room.client(1));
            if (lie) {
                LogEntry.Message message = (LogEntry.Message) ((ServerFrame.Entry) frame).entry();
                to.skip();
                to.deliver(new ServerFrame.Sent(message.from(), message.payload()));
            }
            return lie;
        });
        bruno.setState(SPEAKS);
        scene.alarm(ada, Alarm.ENVELOPE_INVALID);
    }

    private static void movedCommit(Scene scene, boolean epoch) throws Exception {
        scene.enters("ada");
        HeadlessMember bruno = scene.enters("bruno");
        scene.room.lieDown((to, frame) -> {
            boolean lie = to == scene.room.client(1)
                    && frame instanceof ServerFrame.Entry entry
                    && entry.entry() instanceof LogEntry.Commit commit
                    && commit.epoch() > 0;
            if (lie) {
                LogEntry.Commit commit = (LogEntry.Commit) ((ServerFrame.Entry) frame).entry();
                GroupId group = epoch ? commit.group() : GroupId.of(new byte[16]);
                to.deliver(new ServerFrame.Entry(new LogEntry.Commit(
                        commit.sequence(), commit.from(), group, commit.epoch() + (epoch ? 1 : 0), commit.payload())));
            }
            return lie;
        });
        scene.comes("chiara");
        scene.alarm(bruno, Alarm.ENVELOPE_INVALID);
    }

    private static void commitOfNobody(Scene scene) throws Exception {
        HeadlessMember ada = scene.enters("ada");
        HeadlessMember bruno = scene.enters("bruno");
        scene.calm();
        GroupId group = GroupId.fromString(ada.seen().group());
        long next = ada.seen().epoch() + 1;
        byte[] bytes = new byte[2_000];
        RANDOM.nextBytes(bytes);
        scene.room.now(() -> {
            ConnectionId from = scene.room.client(1).id;
            scene.room.insertForAll(sequence -> new LogEntry.Commit(sequence, from, group, next, Payload.of(bytes)));
        });
        scene.alarm(ada, Alarm.ENVELOPE_INVALID);
        scene.alarm(bruno, Alarm.ENVELOPE_INVALID);
        scene.await("another group", () -> !ada.seen().group().equals(group.toString()));
        scene.everybody();
    }

    private static void ownCommitComesBackChanged(Scene scene) throws Exception {
        HeadlessMember ada = scene.enters("ada");
        HeadlessMember bruno = scene.enters("bruno");
        scene.room.lieDown((to, frame) -> {
            boolean lie = frame instanceof ServerFrame.Entry entry
                    && entry.entry() instanceof LogEntry.Commit commit
                    && commit.epoch() > 0;
            if (lie) {
                LogEntry.Commit commit = (LogEntry.Commit) ((ServerFrame.Entry) frame).entry();
                to.deliver(new ServerFrame.Entry(new LogEntry.Commit(
                        commit.sequence(), commit.from(), commit.group(), commit.epoch(), flipped(commit.payload()))));
                if (to == scene.room.client(0)) scene.room.down = (any, passed) -> false;
            }
            return lie;
        });
        bruno.rekey();
        scene.alarm(ada, Alarm.ENVELOPE_INVALID);
    }

    private static void falseGone(Scene scene) throws Exception {
        HeadlessMember ada = scene.enters("ada");
        HeadlessMember bruno = scene.enters("bruno");
        HeadlessMember chiara = scene.enters("chiara");
        List<Coming> coming =
                List.of(Coming.removal(ada, "bruno"), Coming.removal(chiara, "bruno"), Coming.anotherConnection(bruno));
        scene.room.insertForAll(sequence -> new LogEntry.Gone(sequence, scene.room.client(1).id));
        scene.alarm(bruno, Alarm.LOG_BROKEN);
        for (Coming one : coming) one.await();
    }

    private static void falseGoneToOne(Scene scene) throws Exception {
        scene.enters("ada");
        HeadlessMember bruno = scene.enters("bruno");
        HeadlessMember chiara = scene.enters("chiara");
        scene.room.now(() ->
                scene.room.client(0).insert(sequence -> new LogEntry.Gone(sequence, scene.room.client(1).id)));
        scene.alarm(bruno, Alarm.LOG_WITHHELD, Alarm.LOG_FORKED);
        scene.alarm(chiara, Alarm.LOG_WITHHELD, Alarm.LOG_FORKED);
        assertThat(chiara.seen().names()).contains("bruno");
    }

    private static void goneNeverTold(Scene scene) throws Exception {
        HeadlessMember ada = scene.enters("ada");
        HeadlessMember bruno = scene.enters("bruno");
        scene.room.lieDown((to, frame) -> {
            boolean lie = frame instanceof ServerFrame.Entry entry && entry.entry() instanceof LogEntry.Gone;
            if (lie) to.skip();
            return lie;
        });
        ada.crash(); // she was the committer
        bruno.rekey();
        long before = bruno.seen().epoch();
        bruno.await("a new epoch", Scene.PATIENCE, seen -> seen.epoch() > before);
        assertThat(bruno.seen().names()).containsExactlyInAnyOrder("ada", "bruno");
    }

    private static void falseArrivedToOne(Scene scene) throws Exception {
        HeadlessMember ada = scene.enters("ada");
        HeadlessMember bruno = scene.enters("bruno");
        scene.calm();
        int heard = ada.seen().signals();
        scene.room.now(() -> scene.room.client(0).insert(sequence -> new LogEntry.Arrived(sequence, nobody())));
        bruno.setState(SPEAKS);
        ada.await("what came after the lie", Scene.PATIENCE, seen -> seen.signals() > heard);
        ada.setState(SPEAKS);
        scene.alarm(bruno, Alarm.LOG_WITHHELD);
        assertThat(ada.seen().names()).hasSize(2);
    }

    private static void arrivedTwice(Scene scene) throws Exception {
        HeadlessMember ada = scene.enters("ada");
        scene.enters("bruno");
        scene.room.now(() ->
                scene.room.client(0).insert(sequence -> new LogEntry.Arrived(sequence, scene.room.client(1).id)));
        scene.alarm(ada, Alarm.LOG_BROKEN);
        assertThat(ada.seen().names()).hasSize(2);
    }

    private static void arrivalsWithoutEnd(Scene scene) throws Exception {
        HeadlessMember ada = scene.enters("ada");
        scene.room.now(() -> {
            for (int i = 0; i < 5_000; i++)
                scene.room.client(0).insert(sequence -> new LogEntry.Arrived(sequence, nobody()));
        });
        scene.alarm(ada, Alarm.LOG_BROKEN);
        scene.ended(ada, End.SERVER_MALFORMED);
    }

    private static void oneConnectionIdForTwo(Scene scene) throws Exception {
        HeadlessMember ada = scene.enters("ada");
        scene.enters("bruno");
        ConnectionId shared = scene.room.client(1).id;
        AtomicReference<ConnectionId> second = new AtomicReference<>();
        scene.room.lieDown((to, frame) -> {
            switch (frame) {
                case ServerFrame.Entered entered -> {
                    second.set(entered.connection());
                    to.deliver(LyingServer.entered(
                            entered, shared, entered.log(), entered.head(), List.of(scene.room.client(0).id)));
                    return true;
                }
                case ServerFrame.Entry entry -> {
                    LogEntry it = entry.entry();
                    if (!it.from().equals(second.get())) return false;
                    if (it instanceof LogEntry.Message message)
                        to.deliver(
                                new ServerFrame.Entry(new LogEntry.Message(it.sequence(), shared, message.payload())));
                    else to.deliver(new ServerFrame.Entry(new LogEntry.Arrived(it.sequence(), shared)));
                    return true;
                }
                default -> {
                    return false;
                }
            }
        });
        scene.comes("chiara");
        scene.alarm(ada, Alarm.LOG_BROKEN);
        scene.alarm(ada, Alarm.ENVELOPE_INVALID);
        assertThat(ada.seen().names()).doesNotContain("chiara");
    }

    private static void membersHiddenFromNewcomer(Scene scene) throws Exception {
        scene.enters("ada");
        scene.enters("bruno");
        present(scene, List.of());
        scene.enters("chiara");
    }

    private static void membersInventedForNewcomer(Scene scene) throws Exception {
        present(scene, List.of(nobody(), nobody(), nobody()));
        HeadlessMember ada = scene.enters("ada");
        assertThat(ada.seen().names()).containsExactly("ada");
        scene.room.lieDown((to, frame) -> false);
        scene.enters("bruno");
    }

    private static void present(Scene scene, List<ConnectionId> invented) {
        scene.room.lieDown((to, frame) -> {
            if (!(frame instanceof ServerFrame.Entered entered)) return false;
            to.deliver(LyingServer.entered(entered, entered.connection(), entered.log(), entered.head(), invented));
            return true;
        });
    }

    private static void lost(Scene scene, int times) throws Exception {
        scene.enters("ada");
        scene.enters("bruno");
        int[] lies = {0};
        scene.room.lieUp((from, frame) -> {
            boolean lie = from == scene.room.client(0)
                    && frame instanceof ClientFrame.Commit commit
                    && commit.epoch() > 0
                    && lies[0] < times;
            if (lie) {
                lies[0]++;
                ClientFrame.Commit commit = (ClientFrame.Commit) frame;
                from.deliver(new ServerFrame.Lost(commit.group(), commit.epoch()));
            }
            return lie;
        });
        scene.enters("chiara");
        scene.enters("dora");
        assertThat(lies[0]).isPositive().isLessThan(30);
        scene.noAlarm();
    }

    private static void lostOfNothing(Scene scene) throws Exception {
        HeadlessMember ada = scene.enters("ada");
        scene.enters("bruno");
        GroupId own = GroupId.fromString(ada.seen().group());
        scene.room.now(() -> {
            for (long epoch = 0; epoch < 5; epoch++) {
                scene.room.client(0).deliver(new ServerFrame.Lost(own, epoch));
                scene.room.client(0).deliver(new ServerFrame.Lost(GroupId.of(new byte[16]), epoch));
            }
        });
        scene.worksOn();
        scene.noAlarm();
    }

    private static void commitsOfOneDropped(Scene scene) throws Exception {
        scene.enters("ada");
        scene.enters("bruno");
        scene.room.lieUp((from, frame) -> from == scene.room.client(0) && frame instanceof ClientFrame.Commit);
        scene.enters("chiara");
        scene.noAlarm();
    }

    private static void twoWinners(Scene scene, boolean sides) throws Exception {
        HeadlessMember ada = scene.enters("ada");
        HeadlessMember bruno = scene.enters("bruno");
        HeadlessMember chiara = scene.enters("chiara");
        AtomicReference<ClientFrame.Commit> held = new AtomicReference<>();
        scene.room.lieUp((from, frame) -> {
            boolean lie = from == scene.room.client(0) && frame instanceof ClientFrame.Commit && held.get() == null;
            if (lie) held.set((ClientFrame.Commit) frame);
            return lie;
        });
        scene.room.lieDown((to, frame) -> {
            boolean second = held.get() != null
                    && frame instanceof ServerFrame.Entry entry
                    && entry.entry() instanceof LogEntry.Commit commit
                    && commit.epoch() == held.get().epoch();
            if (!second) return false;
            ConnectionId first = scene.room.client(0).id;
            if (!sides) {
                to.deliver(frame);
                to.insert(sequence -> winner(sequence, first, held.get()));
            } else if (to == scene.room.client(0)) {
                to.deliver(new ServerFrame.Entry(winner(sequence(frame), first, held.get())));
            } else to.deliver(frame);
            return true;
        });
        long before = ada.seen().epoch();
        chiara.rekey();
        if (sides) {
            ada.await("her epoch", Scene.PATIENCE, seen -> seen.epoch() > before);
            bruno.await("his epoch", Scene.PATIENCE, seen -> seen.epoch() > before);
            assertThat(ada.seen().exporter()).isNotEqualTo(bruno.seen().exporter());
            ada.setState(SPEAKS);
            scene.alarm(bruno, Alarm.LOG_FORKED);
            scene.alarm(chiara, Alarm.LOG_FORKED);
            bruno.setState(SPEAKS);
            scene.alarm(ada, Alarm.LOG_FORKED);
        } else {
            scene.alarm(ada, Alarm.LOG_BROKEN);
            scene.alarm(bruno, Alarm.LOG_BROKEN);
            scene.everybody();
        }
    }

    private static LogEntry winner(long sequence, ConnectionId from, ClientFrame.Commit commit) {
        return new LogEntry.Commit(sequence, from, commit.group(), commit.epoch(), commit.payload());
    }

    private static void unreadable(Scene scene, boolean binary) throws Exception {
        HeadlessMember ada = scene.enters("ada");
        scene.enters("bruno");
        Coming another = Coming.anotherConnection(ada);
        scene.room.now(() -> {
            if (binary) scene.room.client(0).binary(new byte[] {1, 2, 3});
            else scene.room.client(0).raw("{\"type\":\"" + "x".repeat(WireLimits.FRAME_BYTES) + "\"}");
        });
        another.await();
        scene.everybody();
        scene.worksOn();
    }

    private static void oddFrames(Scene scene) throws Exception {
        List<String> odd = List.of(
                "",
                "null",
                "[]",
                "{}",
                "{\"type\":\"welcome\"}",
                "{\"type\":\"lost\",\"group\":\"AAAAAAAAAAAAAAAAAAAAAA\",\"epoch\":\"1\"}",
                "{\"type\":\"lost\",\"group\":\"AAAAAAAAAAAAAAAAAAAAAA\",\"epoch\":1,\"more\":true}",
                "{\"type\":\"lost\",\"group\":\"AAAAAAAAAAAAAAAAAAAAAA\",\"epoch\":1,\"epoch\":2}",
                "{\"type\":\"lost\",\"group\":\"AAAAAAAAAAAAAAAAAAAAAB\",\"epoch\":1}",
                "{\"type\":\"lost\",\"group\":\"AAAAAAAAAAAAAAAAAAAAAA\",\"epoch\":-1}",
                "{\"type\":\"lost\",\"group\":\"AAAAAAAAAAAAAAAAAAAAAA\",\"epoch\":1} ".repeat(2),
                "[".repeat(10_000));
        for (int i = 0; i < odd.size(); i++) {
            HeadlessMember victim = scene.enters("victim " + i);
            int client = i;
            scene.room.now(() -> scene.room.client(client).raw(odd.get(client)));
            scene.ended(victim, End.SERVER_MALFORMED);
        }
    }

    private static void enteredTwice(Scene scene) throws Exception {
        AtomicReference<ServerFrame.Entered> first = new AtomicReference<>();
        scene.room.lieDown((to, frame) -> {
            if (frame instanceof ServerFrame.Entered entered) first.set(entered);
            return false;
        });
        HeadlessMember ada = scene.enters("ada");
        scene.room.now(() -> scene.room.client(0).raw(WireCodec.encode(first.get())));
        scene.ended(ada, End.SERVER_MALFORMED);
    }

    private static void earlierLogAgain(Scene scene) throws Exception {
        List<ServerFrame.Entered> lives = new ArrayList<>();
        scene.room.lieDown((to, frame) -> {
            if (!(frame instanceof ServerFrame.Entered entered)) return false;
            lives.add(entered);
            if (lives.size() < 3) return false;
            to.deliver(LyingServer.entered(
                    entered, entered.connection(), lives.getFirst().log(), entered.head(), entered.present()));
            return true;
        });
        HeadlessMember ada = scene.enters("ada");
        for (int life = 2; life <= 3; life++) {
            int lived = life;
            ada.cut();
            scene.await("life " + life, () -> lives.size() == lived);
            if (life == 2) ada.await("the server", Scene.PATIENCE, Seen::server);
        }
        scene.alarm(ada, Alarm.LOG_BROKEN);
        scene.ended(ada, End.SERVER_MALFORMED);
    }

    private static void yesterdaysRoomToANewcomer(Scene scene) throws Exception {
        AtomicReference<ServerFrame.Entered> told = new AtomicReference<>();
        scene.room.lieDown((to, frame) -> {
            if (frame instanceof ServerFrame.Entered entered && to.number == 1) told.set(entered);
            return false;
        });
        HeadlessMember ada = scene.enters("ada");
        HeadlessMember bruno = scene.enters("bruno");
        HeadlessMember chiara = scene.enters("chiara");
        for (HeadlessMember one : List.of(chiara, bruno, ada)) {
            one.leave();
            scene.ended(one, End.LEFT);
        }
        List<LogEntry> yesterday = List.copyOf(scene.room.client(1).given);
        scene.room.lieUp((from, frame) -> {
            // She is told what bruno was told, as if she were he, and is heard by nobody.
            if (frame instanceof ClientFrame.Enter) {
                from.raw(WireCodec.encode(told.get()));
                yesterday.forEach(entry -> from.raw(entry(entry)));
            }
            return true;
        });
        HeadlessMember dora = scene.person("dora");
        dora.enter(scene.link);
        dora.await("the server", Scene.PATIENCE, Seen::server);
        dora.await("that nobody answers", Scene.PATIENCE, seen -> !seen.server() || seen.ended());
        assertThat(dora.seen().epoch()).as("in no group: " + dora.seen()).isEqualTo(-1);
    }

    private static void otherHead(Scene scene, boolean back) throws Exception {
        HeadlessMember ada = scene.enters("ada");
        HeadlessMember bruno = scene.enters("bruno");
        scene.enters("chiara");
        scene.room.lieDown((to, frame) -> {
            if (!(frame instanceof ServerFrame.Entered entered)) return false;
            long missing = back ? entered.head().sequence() - 1 : 0;
            to.shift = -missing;
            LogHash other = LogHead.start(RoomId.random(RANDOM), entered.log()).hash();
            to.deliver(LyingServer.entered(
                    entered,
                    entered.connection(),
                    entered.log(),
                    new LogHead(entered.head().sequence() - missing, other),
                    entered.present()));
            return true;
        });
        Coming another = Coming.anotherConnection(ada);
        ada.cut();
        another.await();
        // Her return tells what she saw before; what she says next tells what she was told since.
        if (!back) ada.setState(SPEAKS);
        if (back) scene.alarm(ada, Alarm.LOG_BROKEN);
        else scene.alarm(bruno, Alarm.LOG_FORKED);
    }

    private static void refusalsWithoutReason(Scene scene) throws Exception {
        HeadlessMember ada = scene.enters("ada");
        scene.enters("bruno");
        Coming another = Coming.anotherConnection(ada);
        scene.room.now(() -> {
            for (RefusalCode code : RefusalCode.values())
                for (int i = 0; i < 50; i++) scene.room.client(0).deliver(new ServerFrame.Refused(code, "no", false));
            scene.room.client(0).deliver(new ServerFrame.Refused(RefusalCode.ROOM_FULL, "full", true));
            scene.room.client(0).cut();
        });
        another.await();
        scene.everybody();
        scene.noAlarm();
    }

    private static void sent(Scene scene, String how) throws Exception {
        HeadlessMember ada = scene.enters("ada");
        HeadlessMember bruno = scene.enters("bruno");
        HeadlessMember chiara = scene.enters("chiara");
        scene.calm();
        int heard = chiara.seen().signals();
        scene.room.lieDown((to, frame) -> {
            if (!(frame instanceof ServerFrame.Sent sent) || to != scene.room.client(0)) return false;
            switch (how) {
                case "from" -> to.deliver(new ServerFrame.Sent(scene.room.client(2).id, sent.payload()));
                case "to" -> scene.room.client(2).deliver(sent);
                default -> {
                    to.deliver(sent);
                    to.deliver(sent);
                }
            }
            return true;
        });
        var toAda = bruno.roster().stream()
                .filter(one -> one.name().equals("ada"))
                .findFirst()
                .orElseThrow();
        bruno.signal(toAda.participant(), "AAAAAAAAAAAAAAAAAAAAAA", "{}");
        scene.alarm(how.equals("to") ? chiara : ada, Alarm.ENVELOPE_INVALID);
        assertThat(chiara.seen().signals()).as("signals at chiara").isEqualTo(heard);
    }

    private static void leaveSealedByAnInsiderForAnother(Scene scene) throws Exception {
        HeadlessMember ada = scene.enters("ada");
        scene.enters("bruno");
        Insider mallory = scene.insiderInside("mallory");
        ConnectionId victim = mallory.connection("bruno");
        Payload leave = mallory.sealAs(mallory.onLog(victim), new RoomMessage.Leave(), mallory::sign);
        scene.room.insertForAll(sequence -> new LogEntry.Message(sequence, victim, leave));
        scene.alarm(ada, Alarm.ENVELOPE_INVALID);
        assertThat(ada.seen().names()).contains("bruno");
    }

    private static void firstWordSpokenForAnother(Scene scene) throws Exception {
        HeadlessMember ada = scene.enters("ada");
        Insider mallory = scene.insiderInside("mallory");
        HeadlessMember zoe = scene.enters("zoe");
        scene.calm();
        int heard = zoe.seen().signals();
        ConnectionId victim = mallory.connection("ada");
        Payload state =
                mallory.sealAs(mallory.onLog(victim), new RoomMessage.State(true, true, true, true), mallory::sign);
        scene.room.insertForAll(sequence -> new LogEntry.Message(sequence, victim, state));
        scene.alarm(zoe, Alarm.ENVELOPE_INVALID);
        assertThat(zoe.seen().signals()).isEqualTo(heard);
    }
}
