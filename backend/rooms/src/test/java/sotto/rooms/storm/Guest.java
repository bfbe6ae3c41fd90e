package sotto.rooms.storm;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import sotto.rooms.group.KeyPackageInfo;
import sotto.rooms.group.Member;
import sotto.rooms.group.ParticipantId;
import sotto.rooms.machine.Alarm;
import sotto.rooms.machine.End;
import sotto.rooms.machine.Stage;
import sotto.rooms.rules.Agreed;
import sotto.rooms.session.GroupPort;
import sotto.rooms.session.RelayRefusal;
import sotto.rooms.session.RoomListener;
import sotto.rooms.session.RoomPorts;
import sotto.rooms.session.RoomSession;
import sotto.rooms.session.Tracks;
import sotto.rooms.wire.GroupId;
import sotto.rooms.wire.IceServer;
import sotto.rooms.wire.LogId;
import sotto.rooms.wire.RelayTicket;

/** One person's session, and what it was shown. */
final class Guest implements RoomListener {
    /** Where somebody is: two in one epoch of a group with different secrets are in different rooms. */
    record Place(GroupId group, long epoch, Object secret) {}

    final String name;
    final Watched group;
    final RoomSession session;
    private final Storm storm;
    final Set<Alarm> alarms = new HashSet<>();
    private final Map<GroupId, Long> reached = new HashMap<>();
    private final Deque<Runnable> tasks = new ArrayDeque<>();
    private boolean working;
    final Deque<Runnable> waiting = new ArrayDeque<>();
    Optional<Place> place = Optional.empty();
    Set<String> roster = Set.of();
    Optional<End> end = Optional.empty();
    boolean crashed;
    long frozenUntil;
    Server.Wire wire;

    /** The log that this one was last in, what it was shown of it: a history's name at each place; the latest place. */
    Optional<LogId> log = Optional.empty();

    final Map<Long, Long> shown = new HashMap<>();
    long head;
    /** Nothing was posted since it came back to a log that it knows: what it posts then tells of what it saw before. */
    boolean back;

    Guest(Storm storm, String name, GroupPort port) {
        this.storm = storm;
        this.name = name;
        group = new Watched(port, storm.drawn);
        RoomPorts ports = new RoomPorts(
                group,
                (server, events) -> storm.server.connect(this, events),
                (delay, task) -> storm.schedule(this, delay, task),
                storm::fill,
                this::execute);
        session = new RoomSession(storm.link, ports, this);
    }

    boolean there() {
        return !crashed && end.isEmpty();
    }

    private void execute(Runnable task) {
        if (crashed) return;
        tasks.add(task);
        if (working) return; // the loop below, further up the stack, takes it
        working = true;
        while (!tasks.isEmpty()) tasks.poll().run();
        working = false;
    }

    @Override
    public void rosterChanged(Roster now) {
        var view = now.view();
        Place next = new Place(view.group(), view.epoch(), storm.engine.secret(group.port()));
        Optional<Place> before = place;
        place = Optional.of(next);
        roster = view.members().stream().map(Member::name).collect(Collectors.toSet());
        if (before.equals(place)) return;
        storm.tell(() -> name + " is in epoch " + view.epoch() + " of " + view.group() + " with " + roster);
        for (Member member : view.members())
            storm.must(
                    "NobodyAddedUnasked",
                    storm.drawn.contains(member.signatureKey()),
                    () -> name + " is with " + member.name() + ", who never asked so");
        storm.must("OnlyRosterHasKey", roster.contains(name), () -> name + " is in an epoch without itself");
        Long highest = reached.put(view.group(), view.epoch());
        storm.must(
                "EpochsNeverGoBack",
                highest == null || highest < view.epoch(),
                () -> name + " goes from epoch " + highest + " to " + view.epoch());
        storm.adopted(this, next);
    }

    @Override
    public void alarm(Alarm alarm, String detail) {
        alarms.add(alarm);
        storm.tell(() -> name + " is alarmed: " + alarm + ", " + detail);
        storm.must("NoFalseAlarm", storm.lies, () -> name + " is alarmed: " + alarm + ", " + detail);
    }

    @Override
    public void ended(End reason, String detail) {
        end = Optional.of(reason);
        storm.tell(() -> name + " ends: " + reason + ", " + detail);
        storm.must(
                "NobodyIsThrownOut",
                storm.lies || reason == End.LEFT || reason == End.SERVER_AWAY,
                () -> name + " ends: " + reason + ", " + detail);
        storm.must(
                "NoStepFails",
                reason != End.GROUP_FAILED || !detail.contains("Exception"),
                () -> name + " fails: " + detail);
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
    public void agreed(Agreed agreed) {}

    @Override
    public void waiting(List<KeyPackageInfo> people) {}

    @Override
    public void signal(ParticipantId from, String signalSession, String data) {}

    @Override
    public void state(ParticipantId from, Tracks tracks) {}

    @Override
    public void serverState(boolean connected) {}

    @Override
    public String toString() {
        return name + (alarms.isEmpty() ? "" : " " + new ArrayList<>(alarms));
    }
}
