package sotto.rooms.machine;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import sotto.rooms.group.KeyPackageInfo;
import sotto.rooms.group.Member;
import sotto.rooms.machine.RoomEvent.Admitted;
import sotto.rooms.machine.SimMember.CommitContent;
import sotto.rooms.machine.SymbolicGroup.Commit;
import sotto.rooms.machine.SymbolicGroup.Epoch;
import sotto.rooms.wire.ConnectionId;
import sotto.rooms.wire.GroupId;

/** One story per rule of the room protocol, in virtual time with deliveries of 1 to 5 ms. */
class RoomMachineTest implements SimMember.Watch {
    private final SimNetwork network = new SimNetwork(new Random(1), null);
    private final SymbolicGroup.Fresh fresh = new SymbolicGroup.Fresh();
    private final List<String> alarms = new ArrayList<>();
    private final Map<SimMember, End> ends = new LinkedHashMap<>();
    private final Map<SimMember, List<Epoch>> epochs = new LinkedHashMap<>();

    RoomMachineTest() {
        network.worstLatency = 5;
    }

    @Override
    public void adopted(SimMember member, Epoch epoch) {
        epochs.computeIfAbsent(member, who -> new ArrayList<>()).add(epoch);
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

    private Epoch epoch(SimMember member) {
        return epochs.get(member).getLast();
    }

    private static Set<String> names(Epoch epoch) {
        return epoch.members().stream().map(Member::name).collect(Collectors.toCollection(TreeSet::new));
    }

    /** These, and nobody else, are in one epoch of one group and attached. */
    private void together(SimMember... members) {
        Set<String> names = new TreeSet<>();
        for (SimMember member : members) names.add(member.name);
        for (SimMember member : members) {
            assertThat(epoch(member)).as(member.name).isEqualTo(epoch(members[0]));
            assertThat(names(epoch(member))).as(member.name).isEqualTo(names);
            GroupState group = member.state.group().orElseThrow();
            assertThat(group.standing()).isEqualTo(GroupState.Standing.GOOD);
            assertThat(group.seats()).hasSize(names.size());
        }
    }

    private void quiet() {
        assertThat(alarms).isEmpty();
    }

    @Test
    void whoEntersAnEmptyRoomFoundsAGroupAtOnce() {
        SimMember a = enter("a");
        together(a);
        assertThat(epoch(a).epoch()).isZero();
    }

    @Test
    void threeWhoAskWhileACommitIsUnderWayComeInTogether() {
        SimMember a = enter("a");
        SimMember b = start("b");
        SimMember c = start("c");
        SimMember d = start("d");
        run(100);
        together(a, b, c, d);
        assertThat(epoch(a).epoch()).as("commits for three joins").isLessThanOrEqualTo(2);
        quiet();
    }

    @Test
    void aCrowdComesInWithFewCommits() {
        SimMember a = enter("a");
        List<SimMember> all = new ArrayList<>(List.of(a));
        for (int i = 0; i < 40; i++) {
            all.add(start("p" + i));
            run(i % 2);
        }
        for (int i = 40; i < 60; i++) {
            run(10);
            all.add(start("p" + i));
        }
        run(2 * RoomMachine.GATHER_MILLIS + 100);
        together(all.toArray(SimMember[]::new));
        assertThat(epoch(a).epoch()).as("commits for sixty joins").isLessThanOrEqualTo(3);
        quiet();
    }

    /** A slow computer in a large room: a group of its own would make everybody join anew. */
    @Test
    void whoReadsLateThatItWasAdmittedFoundsNoGroup() {
        SimMember a = enter("a");
        GroupId group = epoch(a).group();
        SimMember b = start("b");
        while (b.state.asking().isEmpty()) run(1);
        b.link.readLate(3 * RoomMachine.ADMISSION_MILLIS);
        run(4 * RoomMachine.ADMISSION_MILLIS);
        together(a, b);
        assertThat(epochs.get(a)).allMatch(epoch -> epoch.group().equals(group));
        quiet();
    }

    @Test
    void aCrowdWaitsForWhoIsConnectedAndAboutToAsk() {
        SimMember a = enter("a");
        List<SimMember> all = new ArrayList<>(List.of(a));
        for (String name : List.of("b", "c", "d", "e", "f")) all.add(start(name));
        start("slow", 700, all);
        run(1_000);
        together(all.toArray(SimMember[]::new));
        assertThat(epoch(a).epoch())
                .as("commits: one for the first, one for the rest")
                .isEqualTo(2);
        quiet();
    }

    @Test
    void whoIsConnectedAndNeverAsksKeepsNobodyOut() {
        SimMember a = enter("a");
        List<SimMember> all = new ArrayList<>(List.of(a));
        for (String name : List.of("b", "c", "d", "e", "f")) all.add(start(name));
        start("silent", 1_000_000, new ArrayList<>());
        run((RoomMachine.GATHER_ROUNDS + 1) * RoomMachine.GATHER_MILLIS + 100);
        together(all.toArray(SimMember[]::new));
        quiet();
    }

    /** Connects now, and does nothing but that for a while. */
    private void start(String name, long silentMillis, List<SimMember> into) {
        SimMember member = start(name);
        member.freeze(network.now + silentMillis);
        into.add(member);
    }

    @Test
    void whoLeavesDoesNotWaitForACrowdOfNewcomers() {
        SimMember a = enter("a");
        SimMember b = enter("b");
        start("c");
        start("d");
        start("e");
        run(25);
        start("f");
        b.handle(new RoomEvent.Leave());
        run(50);
        assertThat(names(epoch(a))).isEqualTo(Set.of("a", "c", "d", "e", "f"));
        quiet();
    }

    @Test
    void whoLeavesOrCrashesIsOutAtOnce() {
        SimMember a = enter("a");
        SimMember b = enter("b");
        SimMember c = enter("c");
        SimMember d = enter("d");
        b.handle(new RoomEvent.Leave());
        run(50);
        together(a, c, d);
        d.crash(200);
        run(300);
        together(a, c);
        a.crash(200); // the designated committer itself
        run(300);
        together(c);
        assertThat(ends).containsOnly(Map.entry(b, End.LEFT));
        quiet();
    }

    @Test
    void aHangingCommitterIsReplacedByTheNextInRank() {
        SimMember a = enter("a");
        SimMember b = enter("b");
        a.freeze(network.now + 60_000);
        SimMember c = start("c");
        run(RoomMachine.TURN_MILLIS + 100);
        assertThat(names(epoch(c))).containsExactly("a", "b", "c");
        b.freeze(network.now + 60_000);
        SimMember d = start("d");
        run(2 * RoomMachine.TURN_MILLIS + 100);
        assertThat(names(epoch(d))).containsExactly("a", "b", "c", "d");
        run(70_000);
        together(a, b, c, d);
        quiet();
    }

    @Test
    void aCommitThatOutlivesItsCommitterCounts() {
        SimMember a = enter("a");
        SimMember b = enter("b");
        SimMember c = start("c");
        while (a.state.inFlight().isEmpty()) run(1);
        a.crash(500); // what it sent still gets there
        run(400);
        assertThat(names(epoch(c))).containsExactly("a", "b", "c");
        run(400);
        together(b, c);
        quiet();
    }

    @Test
    void aCommitThatDiesWithItsCommitterIsMadeByAnother() {
        SimMember a = enter("a");
        SimMember b = enter("b");
        SimMember c = start("c");
        while (a.state.inFlight().isEmpty()) run(1);
        network.dropByServer(a.link); // before it arrived
        a.crash(0);
        run(200);
        together(b, c);
        quiet();
    }

    @Test
    void theLoserOfARaceTriesAgainWithWhatIsLeft() {
        SimMember a = enter("a");
        SimMember b = enter("b");
        a.freeze(network.now + RoomMachine.TURN_MILLIS + 20);
        SimMember c = start("c");
        run(RoomMachine.TURN_MILLIS + 12);
        SimMember d = start("d"); // asks while the two race
        run(1_000);
        together(a, b, c, d);
        quiet();
    }

    @Test
    void twoFoundersEndInOneGroup() {
        SimMember a = enter("a");
        a.freeze(network.now + 20_000);
        network.worstLatency = 400;
        SimMember b = start("b");
        SimMember c = start("c");
        SimMember d = start("d");
        run(15_000);
        network.worstLatency = 5;
        assertThat(epochs.get(b)).isNotEmpty();
        run(15_000);
        together(a, b, c, d);
        quiet();
    }

    @Test
    void aRestartedServerChangesNothingForTheMembers() {
        SimMember a = enter("a");
        SimMember b = enter("b");
        Epoch before = epoch(a);
        network.stop();
        run(2_000);
        network.start();
        run(1_500);
        together(a, b);
        assertThat(epoch(a)).isEqualTo(before);
        SimMember c = enter("c");
        run(100);
        together(a, b, c);
        assertThat(epoch(a).group()).as("no group has commits in two logs").isNotEqualTo(before.group());
        quiet();
    }

    @Test
    void membersWhoDoNotComeBackAfterARestartAreDroppedAfterTheGrace() {
        SimMember a = enter("a");
        SimMember b = enter("b");
        SimMember c = enter("c");
        network.stop();
        c.crash(0);
        network.start();
        run(RoomMachine.GRACE_MILLIS - 1_000);
        assertThat(names(epoch(a))).containsExactly("a", "b", "c");
        run(3_000);
        together(a, b);
        quiet();
    }

    @Test
    void aNewcomerWhoIsThereBeforeTheMembersIsJoinedByThem() {
        SimMember a = enter("a");
        SimMember b = enter("b");
        network.stop();
        run(50);
        network.start();
        SimMember c = start("c");
        run(2_000);
        together(a, b, c);
        quiet();
    }

    @Test
    void whoMissedACommitJoinsAgain() {
        SimMember a = enter("a");
        SimMember b = enter("b");
        SimMember c = enter("c");
        network.dropByServer(c.link);
        c.freeze(network.now + 3_000);
        run(100);
        together(a, b); // removed meanwhile
        SimMember d = enter("d");
        run(5_000);
        together(a, b, c, d);
        quiet();
    }

    @Test
    void whoComesBackBeforeAnybodyCommittedKeepsItsEpoch() {
        SimMember a = enter("a");
        SimMember b = enter("b");
        Epoch before = epoch(a);
        b.disconnect(); // the server notices up to 1.5 s later; by then it is attached anew
        run(3_000);
        together(a, b);
        assertThat(epoch(b)).isEqualTo(before);
        quiet();
    }

    @Test
    void aRequestThatComesLateFromADeadConnectionKeepsNobodyOut() {
        SimMember a = enter("a");
        GroupId group = epoch(a).group();
        a.freeze(network.now + 300);
        SimMember b = start("b");
        run(20);
        SimNetwork.Link dead = b.link;
        b.disconnect();
        run(150);
        assertThat(b.link).isNotSameAs(dead);
        KeyPackageInfo earlier = new KeyPackageInfo(
                SymbolicGroup.bytes(fresh.number()),
                b.mls.participant(),
                "b",
                b.mls.identity(),
                SymbolicGroup.bytes(fresh.number()));
        dead.send(new SimNetwork.Up(
                null, 0, null, new SimMember.Sealed(0, earlier.signatureKey(), new SimMember.JoinContent(earlier))));
        run(500);
        together(a, b);
        assertThat(epoch(b).group()).isEqualTo(group);
        quiet();
    }

    @Test
    void aRekeyIsAnEpochWithTheSamePeople() {
        SimMember a = enter("a");
        SimMember b = enter("b");
        long before = epoch(a).epoch();
        b.handle(new RoomEvent.Rekey());
        run(50);
        together(a, b);
        assertThat(epoch(a).epoch()).isEqualTo(before + 1);
        quiet();
    }

    @Test
    void whoIsAloneAndWantsANewEpochFoundsAGroup() {
        SimMember a = enter("a");
        Epoch before = epoch(a);
        a.handle(new RoomEvent.Rekey());
        run(50);
        together(a);
        assertThat(epoch(a).secret()).isNotEqualTo(before.secret());
    }

    @Test
    void aHundredJoinsTakeAFewCommits() {
        SimMember a = enter("a");
        List<SimMember> all = new ArrayList<>(List.of(a));
        for (int i = 0; i < 100; i++) all.add(start("m" + i));
        run(1_000);
        together(all.toArray(SimMember[]::new));
        assertThat(epoch(a).epoch()).isLessThanOrEqualTo(6);
        quiet();
    }

    // Members who break the rules

    private static Optional<RoomEvent.Handed> handed(SimMember by, List<Admitted> admitted) {
        if (admitted.isEmpty()) return Optional.empty();
        return Optional.of(new RoomEvent.Handed(by.state.accord().agreed(), new TreeSet<>(), true));
    }

    private static CommitContent content(SimMember by, Commit commit, List<Admitted> admitted) {
        return new CommitContent(
                by.state.group().orElseThrow().since(),
                admitted,
                new TreeMap<>(),
                new TreeSet<>(),
                handed(by, admitted),
                commit);
    }

    @Test
    void aGhostEndsInAnAlarmAndAGroupWithoutWhoAddedIt() {
        SimMember a = enter("a");
        SimMember b = enter("b");
        SimMember c = enter("c");
        SymbolicGroup ghost = new SymbolicGroup(fresh, "ghost");
        Commit commit = b.mls.commit(List.of(ghost.draft()), List.of());
        ConnectionId nobody = new ConnectionId(8, 8);
        long late = b.state.log().orElseThrow().sequence();
        b.postCommit(commit, content(b, commit, List.of(new Admitted(nobody, late, 3))));
        run(100);
        together(a, c);
        assertThat(alarms).contains("a GHOST_ADDED", "c GHOST_ADDED");
        run(10_000);
        assertThat(names(epoch(a))).as("its joins are refused from then on").doesNotContain("b", "ghost");
        assertThat(names(epoch(c))).doesNotContain("b", "ghost");
    }

    @Test
    void removingSomebodyWhoIsThereEndsInAnAlarm() {
        SimMember a = enter("a");
        SimMember b = enter("b");
        SimMember c = enter("c");
        Commit commit = b.mls.commit(List.of(), List.of(2));
        b.postCommit(commit, content(b, commit, List.of()));
        run(200);
        assertThat(alarms).contains("a WRONGLY_REMOVED", "c WRONGLY_REMOVED");
        together(a, c);
    }

    @Test
    void aCommitThatNobodyCanReadDoesNotStopTheRoom() {
        SimMember a = enter("a");
        SimMember b = enter("b");
        SimMember c = enter("c");
        Epoch now = epoch(a);
        b.link.send(new SimNetwork.Up(
                now.group(),
                now.epoch() + 1,
                null,
                new SimMember.Sealed(0, now.members().getFirst().signatureKey(), "noise")));
        run(5_000);
        assertThat(alarms).contains("a ENVELOPE_INVALID", "c ENVELOPE_INVALID");
        together(a, b, c);
        assertThat(epoch(a).group()).isNotEqualTo(now.group());
    }

    @Test
    void aClaimOfAFarEpochDoesNotStopTheRoom() {
        SimMember a = enter("a");
        SimMember b = enter("b");
        SimMember c = enter("c");
        Epoch now = epoch(a);
        b.link.send(new SimNetwork.Up(
                now.group(),
                1L << 40,
                null,
                new SimMember.Sealed(0, now.members().getFirst().signatureKey(), "noise")));
        run(20_000);
        SimMember d = start("d");
        run(20_000);
        together(a, b, c, d);
    }
}
