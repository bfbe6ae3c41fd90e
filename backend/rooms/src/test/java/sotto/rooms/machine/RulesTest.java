package sotto.rooms.machine;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import sotto.rooms.RoomPath;
import sotto.rooms.group.Bytes;
import sotto.rooms.group.KeyPackageInfo;
import sotto.rooms.group.Member;
import sotto.rooms.machine.RoomEvent.Admitted;
import sotto.rooms.machine.SimMember.AdmitContent;
import sotto.rooms.machine.SimMember.CommitContent;
import sotto.rooms.machine.SimMember.FoundContent;
import sotto.rooms.machine.SimMember.Sealed;
import sotto.rooms.machine.SimMember.ToldContent;
import sotto.rooms.machine.SymbolicGroup.Commit;
import sotto.rooms.machine.SymbolicGroup.Epoch;
import sotto.rooms.rules.Agreed;
import sotto.rooms.rules.Pass;
import sotto.rooms.rules.RoomRules;
import sotto.rooms.rules.Settings;
import sotto.rooms.rules.Statement;

/** The path that all agree on; locked rooms, hosts, removal. In virtual time with deliveries of 1 to 5 ms. */
class RulesTest implements SimMember.Watch {
    private final SimNetwork network = new SimNetwork(new Random(1), null);
    private final SymbolicGroup.Fresh fresh = new SymbolicGroup.Fresh();
    private final List<String> alarms = new ArrayList<>();
    private final Map<SimMember, End> ends = new LinkedHashMap<>();
    private final Map<SimMember, Epoch> epochs = new LinkedHashMap<>();

    RulesTest() {
        network.worstLatency = 5;
    }

    @Override
    public void adopted(SimMember member, Epoch epoch) {
        epochs.put(member, epoch);
    }

    @Override
    public void alarmed(SimMember member, Alarm alarm, String detail) {
        alarms.add(member.name + " " + alarm);
    }

    @Override
    public void ended(SimMember member, End end, String detail) {
        ends.put(member, end);
    }

    private SimMember start(String name) {
        SimMember member = new SimMember(name, new SymbolicGroup(fresh, name), network, this);
        member.handle(new RoomEvent.Enter());
        return member;
    }

    private SimMember enter(String name) {
        SimMember member = start(name);
        run(100);
        return member;
    }

    private void run(long millis) {
        network.runUntil(network.now + millis);
    }

    private static Set<String> names(Epoch epoch) {
        return epoch.members().stream().map(Member::name).collect(Collectors.toCollection(TreeSet::new));
    }

    private void together(SimMember... members) {
        Set<String> names = new TreeSet<>();
        for (SimMember member : members) names.add(member.name);
        for (SimMember member : members) {
            assertThat(epochs.get(member)).as(member.name).isEqualTo(epochs.get(members[0]));
            assertThat(names(epochs.get(member))).as(member.name).isEqualTo(names);
            assertThat(member.state.group().orElseThrow().standing()).isEqualTo(GroupState.Standing.GOOD);
        }
    }

    private static Agreed agreed(SimMember member) {
        return member.state.accord().agreed();
    }

    private static Statement statement(
            SimMember author, long term, long number, Settings settings, SimMember... hosts) {
        SortedSet<Bytes> named = new TreeSet<>();
        for (SimMember host : hosts) named.add(host.mls.identity());
        return new Statement(author.mls.identity(), term, number, settings, named, Bytes.of(new byte[64]));
    }

    /** What the maker's session posts. */
    private static RoomRules rules(SimMember maker, long term, Settings settings, SimMember... hosts) {
        return new RoomRules(Optional.of(statement(maker, term, 0, settings, hosts)), Optional.empty());
    }

    private static void post(SimMember by, RoomRules rules) {
        by.post(by.mls.signatureKey().orElseThrow(), new ToldContent(agreed(by).with(rules), true));
    }

    private static void admit(SimMember host, SimMember who, boolean allow) {
        Pass pass = new Pass(who.mls.identity(), who.mls.participant());
        host.post(host.mls.signatureKey().orElseThrow(), new AdmitContent(host.mls.identity(), pass, allow));
    }

    private static Settings locked() {
        return Settings.NONE.withLocked(true);
    }

    private static Settings without(SimMember member) {
        return Settings.NONE.withRemoved(member.mls.identity(), true);
    }

    private static List<String> waiting(SimMember host) {
        return RoomMachine.waiting(host.state).stream()
                .map(KeyPackageInfo::name)
                .toList();
    }

    private void quiet() {
        assertThat(alarms).isEmpty();
    }

    // The path

    @Test
    void aSwitchedPathHoldsForAllAndForWhoeverComesLater() {
        SimMember a = enter("a");
        SimMember b = enter("b");
        b.handle(new RoomEvent.SetPath(RoomPath.RELAY));
        run(50);
        SimMember c = enter("c");
        for (SimMember member : List.of(a, b, c))
            assertThat(agreed(member)).isEqualTo(new Agreed(RoomPath.RELAY, 1, RoomRules.NONE));
        c.handle(new RoomEvent.SetPath(RoomPath.DIRECT));
        run(50);
        assertThat(agreed(a)).isEqualTo(new Agreed(RoomPath.DIRECT, 2, RoomRules.NONE));
        quiet();
    }

    @Test
    void ofTwoSwitchesAtTheSameMomentTheMorePrivateOneIsTakenByAll() {
        SimMember a = enter("a");
        SimMember b = enter("b");
        a.handle(new RoomEvent.SetPath(RoomPath.RELAY));
        b.handle(new RoomEvent.SetPath(RoomPath.HIDDEN));
        run(50);
        assertThat(agreed(a).path()).isEqualTo(RoomPath.RELAY);
        assertThat(agreed(b)).isEqualTo(agreed(a));
    }

    @Test
    void whoWasAwayWhileThePathWasSwitchedHearsOfIt() {
        SimMember a = enter("a");
        SimMember b = enter("b");
        SimMember c = enter("c");
        c.freeze(network.now + 3_000);
        a.handle(new RoomEvent.SetPath(RoomPath.RELAY));
        c.disconnect();
        run(6_000);
        together(a, b, c);
        assertThat(agreed(c)).isEqualTo(agreed(a));
        quiet();
    }

    @Test
    void thePathSurvivesTheServer() {
        SimMember a = enter("a");
        SimMember b = enter("b");
        a.handle(new RoomEvent.SetPath(RoomPath.RELAY));
        run(50);
        network.stop();
        run(500);
        network.start();
        run(3_000);
        SimMember c = enter("c");
        run(3_000);
        together(a, b, c);
        assertThat(agreed(c)).isEqualTo(new Agreed(RoomPath.RELAY, 1, RoomRules.NONE));
        quiet();
    }

    @Test
    void whereOnlyHostsSwitchThePathNobodyElseDoes() {
        SimMember a = enter("a");
        SimMember b = enter("b");
        SimMember c = enter("c");
        post(a, rules(a, 1, Settings.NONE.withMembersSwitchPath(false).withPath(RoomPath.HIDDEN, 1)));
        run(50);
        b.handle(new RoomEvent.SetPath(RoomPath.DIRECT));
        b.post(
                b.mls.signatureKey().orElseThrow(),
                new ToldContent(new Agreed(RoomPath.DIRECT, 9, agreed(a).rules()), false));
        run(50);
        SimMember d = enter("d");
        for (SimMember member : List.of(a, b, c, d))
            assertThat(agreed(member).path()).isEqualTo(RoomPath.HIDDEN);
    }

    // The lock

    @Test
    void intoALockedRoomNobodyComesWhomNoHostAdmits() {
        SimMember a = enter("a");
        SimMember b = enter("b");
        post(b, rules(a, 1, locked())); // signed by the maker: who carries it does not matter
        run(50);
        SimMember c = enter("c");
        assertThat(c.stage).isEqualTo(Stage.WAITING_FOR_HOST);
        assertThat(waiting(a)).containsExactly("c");
        run(30_000);
        assertThat(epochs).as("c founds no group of its own").doesNotContainKey(c);
        together(a, b);
        admit(a, c, true);
        run(100);
        together(a, b, c);
        assertThat(waiting(a)).isEmpty();
        assertThat(agreed(c)).isEqualTo(agreed(a));
        quiet();
    }

    @Test
    void whoIsRefusedIsToldAndNotAdmitted() {
        SimMember a = enter("a");
        SimMember b = enter("b");
        post(a, rules(a, 1, locked()));
        run(50);
        SimMember c = enter("c");
        admit(a, c, false);
        run(100);
        assertThat(ends).containsEntry(c, End.TURNED_AWAY);
        assertThat(waiting(a)).isEmpty();
        together(a, b);
        quiet();
    }

    @Test
    void whoIsNoHostAdmitsNobody() {
        SimMember a = enter("a");
        SimMember b = enter("b");
        post(a, rules(a, 1, locked()));
        run(50);
        SimMember c = enter("c");
        admit(b, c, true);
        run(5_000);
        together(a, b);
        assertThat(alarms).contains("a RULES_INVALID");
    }

    @Test
    void aHostWhoComesLaterSeesWhoWaits() {
        SimMember a = enter("a");
        SimMember b = enter("b");
        post(a, rules(a, 1, locked(), b));
        run(50);
        a.handle(new RoomEvent.Leave());
        b.handle(new RoomEvent.Rekey());
        run(100);
        SimMember c = enter("c");
        assertThat(c.stage).isEqualTo(Stage.WAITING_FOR_HOST);
        assertThat(waiting(b)).containsExactly("c");
        SimMember d = new SimMember("a again", new SymbolicGroup(fresh, "a again", a.mls.identity()), network, this);
        d.handle(new RoomEvent.Enter());
        run(200);
        together(b, d);
        assertThat(waiting(d)).containsExactly("c");
        quiet();
    }

    @Test
    void whoWaitsHearsThatNoHostIsThere() {
        SimMember a = enter("a");
        SimMember b = enter("b");
        post(a, rules(a, 1, locked()));
        run(50);
        SimMember c = enter("c");
        a.handle(new RoomEvent.Leave());
        run(100);
        assertThat(c.stage).isEqualTo(Stage.WAITING_FOR_ABSENT_HOST);
        b.handle(new RoomEvent.Leave());
        run(10_000);
        assertThat(epochs).doesNotContainKey(c);
        quiet();
    }

    @Test
    void anUnlockedRoomLetsInWhoWaits() {
        SimMember a = enter("a");
        SimMember b = enter("b");
        post(a, rules(a, 1, locked()));
        run(50);
        SimMember c = enter("c");
        post(a, rules(a, 2, Settings.NONE));
        run(100);
        together(a, b, c);
        quiet();
    }

    @Test
    void whoIsInALockedRoomMayLoseTheConnectionAndComeBack() {
        SimMember a = enter("a");
        SimMember b = enter("b");
        SimMember c = enter("c");
        post(a, rules(a, 1, locked()));
        run(50);
        c.freeze(network.now + 3_000);
        network.dropByServer(c.link);
        run(500);
        together(a, b);
        SimMember d = start("d");
        admit(a, d, true);
        run(200);
        together(a, b, d);
        run(6_000);
        together(a, b, c, d); // d has not seen c before, and was told of it
        quiet();
    }

    @Test
    void theLockSurvivesTheServerAndAStrangerWhoIsThereFirst() {
        SimMember a = enter("a");
        SimMember b = enter("b");
        post(a, rules(a, 1, locked()));
        run(50);
        network.stop();
        run(3_000);
        network.start();
        SimMember stranger = start("x");
        run(10_000);
        together(a, b);
        assertThat(stranger.stage).isIn(Stage.WAITING_FOR_HOST, Stage.WAITING_FOR_ABSENT_HOST);
        assertThat(waiting(a)).containsExactly("x");
        admit(a, stranger, true);
        run(200);
        together(a, b, stranger);
        quiet();
    }

    @Test
    void aMemberWhoAddsSomebodyToALockedRoomIsAccusedAndOut() {
        SimMember a = enter("a");
        SimMember b = enter("b");
        SimMember c = enter("c");
        post(a, rules(a, 1, locked()));
        run(50);
        SimMember x = enter("x");
        add(b, x);
        run(200);
        together(a, c);
        assertThat(alarms).contains("a UNADMITTED", "c UNADMITTED");
        run(10_000);
        assertThat(names(epochs.get(a))).containsExactly("a", "c");
    }

    @Test
    void aCommitThatWasUnderWayWhenTheRoomWasLockedIsNobodysFault() {
        SimMember a = enter("a");
        SimMember b = enter("b");
        SimMember c = enter("c");
        network.worstLatency = 1;
        SimMember x = start("x");
        for (int step = 0; step < 40 && a.state.inFlight().isEmpty(); step++) run(1);
        post(b, rules(a, 1, locked()));
        run(2_000);
        quiet();
        assertThat(names(epochs.get(a))).contains("a", "b", "c");
        assertThat(epochs.get(b)).isEqualTo(epochs.get(a));
        assertThat(epochs.get(c)).isEqualTo(epochs.get(a));
    }

    @Test
    void aMemberCannotClaimForLongThatItDidNotSeeTheLock() {
        SimMember a = enter("a");
        SimMember b = enter("b");
        SimMember c = enter("c");
        long before = b.state.log().orElseThrow().sequence();
        post(a, rules(a, 1, locked()));
        c.handle(new RoomEvent.Rekey());
        run(50);
        SimMember x = enter("x");
        Commit commit = b.mls.commit(List.of(x.lastDraft()), List.of());
        b.postCommit(before, commit, content(b, commit, x, RoomRules.NONE));
        run(200);
        together(a, c);
        assertThat(alarms).contains("a COMMIT_INVALID");
    }

    @Test
    void aStrangerWhoFoundsAGroupInALockedRoomIsAloneInIt() {
        SimMember a = enter("a");
        SimMember b = enter("b");
        post(a, rules(a, 1, locked()));
        run(50);
        SimMember x = enter("x");
        KeyPackageInfo draft = x.mls.draft();
        Epoch own = x.mls.found(draft);
        x.link.send(new SimNetwork.Up(
                own.group(), 0, null, new Sealed(0, draft.signatureKey(), new FoundContent(draft, RoomRules.NONE))));
        run(5_000);
        together(a, b);
        quiet();
    }

    // Removal

    @Test
    void whomAHostRemovesIsOutAndStaysOut() {
        SimMember a = enter("a");
        SimMember b = enter("b");
        SimMember c = enter("c");
        post(b, rules(b, 1, without(a))); // of the lowest rank: the next takes its place
        run(100);
        together(b, c);
        assertThat(ends).containsEntry(a, End.REMOVED);
        SimMember again = new SimMember("a2", new SymbolicGroup(fresh, "a2", a.mls.identity()), network, this);
        again.handle(new RoomEvent.Enter());
        run(5_000);
        assertThat(ends).containsEntry(again, End.REMOVED);
        together(b, c);
        SimMember d = enter("d"); // hears of it with the commit that adds it
        assertThat(agreed(d).rules().removed(a.mls.identity())).isTrue();
        post(b, rules(b, 2, Settings.NONE));
        run(50);
        SimMember third = new SimMember("a3", new SymbolicGroup(fresh, "a3", a.mls.identity()), network, this);
        third.handle(new RoomEvent.Enter());
        run(200);
        together(b, c, d, third);
        quiet();
    }

    @Test
    void aMemberWhoAddsSomebodyRemovedIsAccusedAndOut() {
        SimMember a = enter("a");
        SimMember b = enter("b");
        SimMember c = enter("c");
        SimMember x = new SimMember("x", new SymbolicGroup(fresh, "x"), network, this);
        post(a, rules(a, 1, without(x)));
        run(50);
        x.handle(new RoomEvent.Enter());
        run(4);
        x.freeze(network.now + 10_000); // does not hear that it may not come in
        run(50);
        add(b, x);
        run(200);
        together(a, c);
        assertThat(alarms).contains("a UNADMITTED");
    }

    // Who may say so

    @Test
    void aNamedHostActsUntilTheMakerTakesTheNameBack() {
        SimMember a = enter("a");
        SimMember b = enter("b");
        SimMember c = enter("c");
        RoomRules named = rules(a, 1, Settings.NONE, b);
        post(a, named);
        run(50);
        RoomRules byHost = new RoomRules(named.maker(), Optional.of(statement(b, 1, 1, locked())));
        post(b, byHost);
        run(50);
        SimMember d = enter("d");
        admit(b, d, true);
        run(100);
        together(a, b, c, d);
        assertThat(agreed(d).rules()).isEqualTo(byHost);
        post(a, rules(a, 2, Settings.NONE));
        run(50);
        RoomRules late = new RoomRules(named.maker(), Optional.of(statement(b, 1, 99, locked())));
        post(b, late);
        run(50);
        for (SimMember member : List.of(a, b, c, d))
            assertThat(agreed(member).rules().locked()).isFalse();
        quiet();
    }

    @Test
    void olderRulesAreNotTakenUpAgain() {
        SimMember a = enter("a");
        SimMember b = enter("b");
        RoomRules open = rules(a, 1, Settings.NONE);
        post(a, open);
        run(50);
        post(a, rules(a, 2, locked()));
        run(50);
        post(b, open);
        run(50);
        assertThat(agreed(a).rules().locked()).isTrue();
        assertThat(agreed(b).rules().locked()).isTrue();
    }

    /** A member adds somebody who asked and may not come in. */
    private void add(SimMember by, SimMember who) {
        Commit commit = by.mls.commit(List.of(who.lastDraft()), List.of());
        by.postCommit(commit, content(by, commit, who, agreed(by).rules()));
    }

    private static CommitContent content(SimMember by, Commit commit, SimMember who, RoomRules rules) {
        var join = by.state.log().orElseThrow().joins().get(who.link.id);
        Admitted admitted = new Admitted(
                who.link.id, join.sequence(), commit.added().getFirst().getValue());
        return new CommitContent(
                by.state.group().orElseThrow().since(),
                List.of(admitted),
                new TreeMap<>(),
                new TreeSet<>(),
                Optional.of(new RoomEvent.Handed(new Agreed(RoomPath.DIRECT, 0, rules), new TreeSet<>(), true)),
                commit);
    }
}
