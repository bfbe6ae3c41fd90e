package sotto.rooms.machine;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import sotto.rooms.group.Bytes;
import sotto.rooms.machine.RoomState.Phase;
import sotto.rooms.machine.SymbolicGroup.Epoch;
import sotto.rooms.wire.GroupId;

/**
 * One run of a room with up to eight honest members under random faults, from a seed. Checks at every step that members
 * of one epoch share roster and secret, and that nobody sees an alarm; at the end, when faults have stopped, that
 * everybody present is in one group and nobody else.
 */
final class RoomSimulation implements SimMember.Watch {
    /** What kinds of faults a run has. */
    record Faults(int worstLatency, boolean crashes, boolean drops, boolean freezes, boolean restarts) {}

    private static final long CHAOS_MILLIS = 15_000;
    private static final long CALM_MILLIS = 45_000;
    private static final long QUIET_MILLIS = 10_000;
    /** Identity key of whoever made the room. */
    static final Bytes MAKER = SymbolicGroup.identity(1L << 40);

    private final Random random;
    final SimNetwork network;
    final List<SimMember> members = new ArrayList<>();
    private final SymbolicGroup.Fresh fresh = new SymbolicGroup.Fresh();
    private final Map<Map.Entry<GroupId, Long>, Epoch> epochs = new HashMap<>();
    private final Map<SimMember, Epoch> current = new HashMap<>();
    private long lastAdoption;
    private Optional<SimHost> host = Optional.empty();
    private int names;

    /** @param hosts whether a run may have a person who locks the room, admits, removes and switches the path */
    RoomSimulation(long seed, List<String> story, boolean hosts) {
        random = new Random(seed);
        network = new SimNetwork(random, story);
        Random own = new Random(~seed); // apart, so that runs without a host stay what they are
        if (hosts && own.nextInt(3) == 0) host = Optional.of(new SimHost(MAKER, own, true));
    }

    SimMember join() {
        String name = String.valueOf((char) ('A' + names++ % 26)) + (names > 26 ? names / 26 : "");
        return enter(new SymbolicGroup(fresh, name), name);
    }

    private SimMember enter(SymbolicGroup mls, String name) {
        SimMember member = new SimMember(name, mls, network, this);
        members.add(member);
        member.entered = true;
        member.handle(new RoomEvent.Enter());
        return member;
    }

    /** Runs random faults and then calm. */
    void run() {
        Faults faults = new Faults(
                List.of(5, 50, 400, 2_500).get(random.nextInt(4)),
                random.nextBoolean(),
                random.nextBoolean(),
                random.nextBoolean(),
                random.nextInt(3) == 0);
        network.tell(faults::toString);
        network.worstLatency = faults.worstLatency();
        int most = 2 + random.nextInt(7);
        int pause = 50 + random.nextInt(2_000);
        while (network.now < CHAOS_MILLIS) {
            act(faults, most);
            host.ifPresent(maker -> maker.act(alive()));
            network.runUntil(network.now + 1 + random.nextInt(pause));
        }
        network.tell(() -> "CALM");
        network.worstLatency = 30;
        if (!network.up) network.start();
        host.ifPresent(maker -> {
            SimMember stay = enter(new SymbolicGroup(fresh, "maker", MAKER), "maker");
            maker.open(network, stay);
        });
        network.runUntil(CHAOS_MILLIS + CALM_MILLIS);
        checkConverged();
    }

    private void act(Faults faults, int most) {
        List<SimMember> alive = alive();
        SimMember one = alive.isEmpty() ? null : alive.get(random.nextInt(alive.size()));
        int dice = random.nextInt(12);
        if (one == null || dice < 4 && alive.size() < most) join();
        else if (dice == 4) one.handle(new RoomEvent.Leave());
        else if (dice == 5) one.handle(new RoomEvent.Rekey());
        else if (dice <= 7 && faults.crashes()) one.crash(random.nextInt(3_000));
        else if (dice == 8 && faults.drops()) one.disconnect();
        else if (dice == 9 && faults.drops() && one.link != null) network.dropByServer(one.link);
        else if (dice == 10 && faults.freezes()) one.freeze(network.now + random.nextInt(8_000));
        else if (dice == 11 && faults.restarts()) {
            if (network.up) network.stop();
            else network.start();
        }
    }

    List<SimMember> alive() {
        return members.stream().filter(member -> member.alive).toList();
    }

    @Override
    public void adopted(SimMember member, Epoch epoch) {
        lastAdoption = network.now;
        Epoch other = epochs.putIfAbsent(Map.entry(epoch.group(), epoch.epoch()), epoch);
        if (other != null && !other.equals(epoch))
            throw new AssertionError("one epoch with two secrets or rosters: " + epoch + " and " + other);
        Epoch before = current.put(member, epoch);
        if (before != null && before.group().equals(epoch.group()) && before.epoch() >= epoch.epoch())
            throw new AssertionError(member.name + " went back from " + before.epoch() + " to " + epoch.epoch());
        if (epoch.members().stream().noneMatch(m -> m.participant().equals(member.mls.participant())))
            throw new AssertionError(member.name + " has the key of an epoch that it is not in");
    }

    @Override
    public void alarmed(SimMember member, Alarm alarm, String detail) {
        throw new AssertionError(member.name + " sees a false alarm: " + alarm + ", " + detail);
    }

    @Override
    public void ended(SimMember member, End end, String detail) {
        boolean allowed = end == End.LEFT
                || end == End.SERVER_AWAY && !member.state.everInside()
                || end == End.REMOVED
                        && host.filter(maker -> maker.removed(member.mls.identity()))
                                .isPresent();
        if (!allowed) throw new AssertionError(member.name + " ended: " + end + ", " + detail);
    }

    /** Everybody who is there is in one epoch of one group, nobody else is, and it is quiet. */
    void checkConverged() {
        List<SimMember> there = alive();
        if (there.isEmpty()) return;
        Set<String> names = there.stream().map(member -> member.name).collect(Collectors.toCollection(TreeSet::new));
        for (SimMember member : there) {
            if (member.state.phase() != Phase.INSIDE || member.state.group().isEmpty())
                throw new AssertionError(member.name + " is stuck: " + member.state.phase());
            GroupState group = member.state.group().get();
            if (group.standing() != GroupState.Standing.GOOD)
                throw new AssertionError(member.name + " is stuck: its group is " + group.standing());
            Set<String> seen = group.view().members().stream()
                    .map(sotto.rooms.group.Member::name)
                    .collect(Collectors.toCollection(TreeSet::new));
            if (!seen.equals(names))
                throw new AssertionError(member.name + " has " + seen + " in its group, present are " + names);
            if (group.seats().size() != names.size())
                throw new AssertionError(member.name + " knows the seats of only " + group.seats());
            if (!member.state
                    .accord()
                    .agreed()
                    .equals(there.getFirst().state.accord().agreed()))
                throw new AssertionError(
                        member.name + " knows " + member.state.accord().agreed() + " and "
                                + there.getFirst().name + " knows "
                                + there.getFirst().state.accord().agreed());
            if (!current.get(member).equals(current.get(there.getFirst())))
                throw new AssertionError(member.name + " is in another epoch than " + there.getFirst().name);
        }
        if (lastAdoption > network.now - QUIET_MILLIS)
            throw new AssertionError("commits do not end: the last one was at " + lastAdoption);
    }

    /** What happened in the run of a seed, faults and calm. The specification knows no path, so nobody switches it. */
    static TraceRecorder trace(long seed, boolean hosts) {
        RoomSimulation run = new RoomSimulation(seed, null, false);
        if (hosts) run.host = Optional.of(new SimHost(MAKER, new Random(~seed), false));
        run.network.trace = new TraceRecorder();
        run.run();
        return run.network.trace;
    }

    /** The failure of a seed, or null. */
    static AssertionError failure(long seed, List<String> story, long[] steps) {
        RoomSimulation run = new RoomSimulation(seed, story, true);
        try {
            run.run();
            return null;
        } catch (AssertionError failure) {
            return failure;
        } catch (RuntimeException bug) {
            return new AssertionError(bug.toString(), bug);
        } finally {
            steps[0] = run.network.steps;
        }
    }
}
