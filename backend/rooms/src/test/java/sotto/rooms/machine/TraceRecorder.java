package sotto.rooms.machine;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import sotto.rooms.group.Bytes;
import sotto.rooms.machine.RoomState.InFlight;
import sotto.rooms.rules.Pass;
import sotto.rooms.rules.Statement;

/** Writes down what happens in a simulated room, line by line as the specification's {@code RoomTrace.tla} reads it. */
final class TraceRecorder {
    /** The specification's number for {@link Accord#UNKNOWN}. */
    private static final long UNKNOWN = 1_000_000;

    private final List<String> lines = new ArrayList<>();
    private final List<SimMember> members = new ArrayList<>();
    private final Map<SimNetwork.Link, String> connections = new HashMap<>();
    private final Map<SimMember, Integer> accepted = new HashMap<>();
    private final Map<SimMember, Integer> drafts = new HashMap<>();
    private final List<String> groups = new ArrayList<>();

    private int number(SimMember member) {
        if (!members.contains(member)) members.add(member);
        return members.indexOf(member) + 1;
    }

    /** A step of a member's machine, and the state after it. */
    void step(SimMember member, RoomState before, RoomEvent event) {
        if (event instanceof RoomEvent.PathHeard) return; // of which the specification knows nothing
        // There a pause ends when it ends, however often it was lengthened.
        boolean lengthened = member.state.timers().containsKey(RoomTimer.GATHER);
        if (event.equals(new RoomEvent.Fired(RoomTimer.GATHER)) && lengthened) return;
        String what = switch (event) {
            case RoomEvent.Enter enter -> "do |-> \"enter\"";
            case RoomEvent.Leave leave -> "do |-> \"leave\"";
            case RoomEvent.Rekey rekey -> "do |-> \"rekey\"";
            case RoomEvent.Disconnected over -> "do |-> \"closed\"";
            case RoomEvent.Fired fired ->
                before.phase() == RoomState.Phase.INSIDE && fired.timer() == RoomTimer.RECONNECT
                        ? read("sent")
                        : "do |-> \"fired\", timer |-> \"" + fired.timer() + "\"";
            case RoomEvent.Entered in -> read("entered");
            case RoomEvent.Lost lost -> read("lost");
            case RoomEvent.Sent sent -> read("sent");
            case RoomEvent.ToldToWait told -> read("sent");
            case RoomEvent.Arrived arrived -> read("arrived");
            case RoomEvent.Gone gone -> read("gone");
            case RoomEvent.Posted posted -> read("message");
            case RoomEvent.Committed committed -> read("commit");
            default -> throw new IllegalArgumentException("not in the simulation: " + event);
        };
        lines.add("[" + what + ", who |-> " + number(member) + ", state |-> " + observed(member.state) + "]");
    }

    private static String read(String frame) {
        return "do |-> \"read\", frame |-> \"" + frame + "\"";
    }

    /** The maker sets rules, by way of this member. */
    void rules(SimMember by, Statement said) {
        lines.add("[do |-> \"rule\", who |-> " + number(by) + ", rules |-> [term |-> " + said.term()
                + ", number |-> 0, author |-> RecordedMaker, locked |-> "
                + String.valueOf(said.settings().locked()).toUpperCase() + ", removed |-> "
                + set(said.settings().removed().stream().map(this::numberOf).toList()) + ", hosts |-> {}]]");
    }

    /** The maker lets somebody in, by way of this member. */
    void admits(SimMember by, Pass pass) {
        lines.add("[do |-> \"admit\", who |-> " + number(by) + ", pass |-> " + numberOf(pass.identity()) + "]");
    }

    private int numberOf(Bytes identity) {
        return members.stream()
                .filter(member -> member.mls.identity().equals(identity))
                .map(this::number)
                .findFirst()
                .orElseThrow();
    }

    private static String set(List<Integer> numbers) {
        return numbers.stream().sorted().map(String::valueOf).collect(Collectors.joining(", ", "{", "}"));
    }

    /** The member drew a KeyPackage; with a group id if it founds that group. */
    void drew(SimMember member, Long group) {
        int draft = drafts.merge(member, 1, Integer::sum);
        if (group != null) groups.add("keyPackage = <<" + number(member) + ", " + draft + ">> -> " + group);
    }

    void accepted(SimNetwork.Link link) {
        int count = accepted.merge(link.client, 1, Integer::sum);
        connections.put(link, "<<" + number(link.client) + ", " + count + ">>");
        lines.add("[do |-> \"accept\", who |-> " + number(link.client) + "]");
    }

    /** Something that happened to a connection that the server had accepted. */
    void connection(String what, SimNetwork.Link link) {
        String id = connections.get(link);
        if (id != null)
            lines.add("[do |-> \"" + what + "\", who |-> " + number(link.client) + ", connection |-> " + id + "]");
    }

    void server(String what) {
        lines.add("[do |-> \"" + what + "\", who |-> 1]");
    }

    private String observed(RoomState state) {
        var group = state.group();
        String flight = state.inFlight()
                .map(sent -> sent instanceof InFlight.Found ? "FOUND" : "COMMIT")
                .orElse("NONE");
        return "[phase |-> \"" + state.phase() + "\", sequence |-> "
                + state.log().map(LogState::sequence).orElse(0L) + ", standing |-> \""
                + group.map(g -> g.standing().toString()).orElse("NONE") + "\", group |-> "
                + group.map(g -> g.view().group().low()).orElse(0L) + ", epoch |-> "
                + group.map(g -> g.view().epoch()).orElse(-1L) + ", leaf |-> "
                + group.map(g -> g.view().ownLeaf()).orElse(-1) + ", since |-> "
                + group.map(GroupState::since).orElse(0L) + ", roster |-> "
                + function(group.map(this::roster).orElse(Map.of())) + ", seats |-> "
                + function(group.map(TraceRecorder::seats).orElse(Map.of())) + ", going |-> {"
                + group.map(g -> g.going().stream().map(String::valueOf).collect(Collectors.joining(", ")))
                        .orElse("")
                + "}, wanted |-> "
                + String.valueOf(group.map(GroupState::wanted).orElse(false)).toUpperCase()
                + ", inFlight |-> \"" + flight + "\", asking |-> "
                + state.asking().map(RoomState.Asking::sequence).orElse(-1L) + ", turn |-> "
                + rank(state, RoomTimer.TURN, 0, RoomMachine.TURN_MILLIS) + ", admission |-> "
                + rank(state, RoomTimer.ADMISSION, RoomMachine.ADMISSION_MILLIS, RoomMachine.ADMISSION_RANK_MILLIS)
                + ", " + door(state.accord()) + "]";
    }

    private String door(Accord accord) {
        boolean ruled = accord.agreed().rules().maker().isPresent();
        List<Integer> passes =
                accord.passes().stream().map(pass -> numberOf(pass.identity())).toList();
        return "term |-> "
                + accord.agreed().rules().maker().map(Statement::term).orElse(0L) + ", rulesSince |-> "
                + (ruled ? Math.min(accord.since(), UNKNOWN) : UNKNOWN) + ", heard |-> "
                + String.valueOf(accord.heard()).toUpperCase() + ", passes |-> " + set(passes) + ", complete |-> "
                + String.valueOf(accord.complete()).toUpperCase();
    }

    private static int rank(RoomState state, RoomTimer timer, int base, int each) {
        Integer millis = state.timers().get(timer);
        return millis == null ? -1 : (millis - base) / each;
    }

    private Map<Integer, Object> roster(GroupState group) {
        Map<Integer, Object> roster = new HashMap<>();
        for (var member : group.view().members())
            for (SimMember other : members)
                if (other.mls.participant().equals(member.participant())) roster.put(member.leaf(), number(other));
        return roster;
    }

    private static Map<Integer, Object> seats(GroupState group) {
        Map<Integer, Object> seats = new HashMap<>();
        group.seats().forEach((leaf, seat) -> seats.put(leaf, seat.since()));
        return seats;
    }

    private static String function(Map<Integer, Object> map) {
        if (map.isEmpty()) return "<<>>";
        return map.entrySet().stream()
                .map(entry -> entry.getKey() + " :> " + entry.getValue())
                .collect(Collectors.joining(" @@ ", "(", ")"));
    }

    List<String> lines() {
        return List.copyOf(lines);
    }

    /** A module with these lines, to be checked. */
    String module(String name, List<String> recorded) {
        return "---- MODULE " + name + " ----\nEXTENDS RoomTrace\n"
                + "GroupId(keyPackage) ==\n  CASE " + String.join("\n    [] ", groups) + "\n    [] OTHER -> 0\n"
                + "RecordedMembers == 1 .. " + members.size() + "\n"
                + "RecordedMaker == "
                + members.stream()
                        .filter(member -> member.mls.identity().equals(RoomSimulation.MAKER))
                        .map(this::number)
                        .findFirst()
                        .orElse(0)
                + "\n"
                + "Recorded == <<\n" + String.join(",\n", recorded) + "\n>>\n====\n";
    }
}
