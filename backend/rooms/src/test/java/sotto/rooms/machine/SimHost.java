package sotto.rooms.machine;

import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import sotto.rooms.RoomPath;
import sotto.rooms.group.Bytes;
import sotto.rooms.machine.SimMember.AdmitContent;
import sotto.rooms.machine.SimMember.ToldContent;
import sotto.rooms.rules.Agreed;
import sotto.rooms.rules.Pass;
import sotto.rooms.rules.RoomRules;
import sotto.rooms.rules.Settings;
import sotto.rooms.rules.Statement;

/**
 * The maker of a simulated room: locks and opens it, lets people in, removes some, switches the path. Its signed word
 * travels by way of whichever member it is given to, as anybody with the link may carry it.
 */
final class SimHost {
    private final Bytes identity;
    private final Random random;
    private final Set<Bytes> everRemoved = new HashSet<>();
    private final boolean switches;
    private long term;

    /** @param switches whether the path is switched, too */
    SimHost(Bytes identity, Random random, boolean switches) {
        this.identity = identity;
        this.random = random;
        this.switches = switches;
    }

    /** Whether this person was removed at some time. */
    boolean removed(Bytes person) {
        return everRemoved.contains(person);
    }

    /** Whether a member can post. */
    static boolean speaks(SimMember member) {
        return member.alive
                && member.state.phase() == RoomState.Phase.INSIDE
                && member.link.clientOpen
                && member.state
                        .group()
                        .filter(group -> group.standing() == GroupState.Standing.GOOD
                                && group.seats().containsKey(group.view().ownLeaf()))
                        .isPresent();
    }

    /** Does something by way of one of these. */
    void act(List<SimMember> alive) {
        List<SimMember> speaking = alive.stream().filter(SimHost::speaks).toList();
        if (speaking.isEmpty()) return;
        SimMember by = speaking.get(random.nextInt(speaking.size()));
        switch (random.nextInt(5)) {
            case 0 -> {
                RoomPath path = RoomPath.values()[random.nextInt(3)];
                if (switches) by.handle(new RoomEvent.SetPath(path));
            }
            case 1, 2 -> letIn(by);
            default -> {
                Settings now = by.state.accord().agreed().rules().settings();
                Settings next = now.withLocked(random.nextBoolean()).withMembersSwitchPath(random.nextInt(4) > 0);
                if (random.nextInt(4) == 0) {
                    Bytes person = alive.get(random.nextInt(alive.size())).mls.identity();
                    next = next.withRemoved(person, true);
                    everRemoved.add(person);
                }
                say(by, next);
            }
        }
    }

    private void letIn(SimMember by) {
        var waiting = RoomMachine.waiting(by.state);
        if (waiting.isEmpty()) return;
        Pass pass = Pass.of(waiting.get(random.nextInt(waiting.size())));
        if (by.network.trace != null) by.network.trace.admits(by, pass);
        by.post(by.mls.signatureKey().orElseThrow(), new AdmitContent(identity, pass, true));
    }

    /** Posts new rules. */
    void say(SimMember by, Settings settings) {
        Agreed agreed = by.state.accord().agreed();
        Settings signed = settings.withPath(agreed.path(), agreed.number() + 1);
        Statement statement = new Statement(
                identity, ++term, 0, signed, new TreeSet<>(), Bytes.of(new byte[Statement.SIGNATURE_BYTES]));
        RoomRules rules = new RoomRules(Optional.of(statement), Optional.empty());
        if (by.network.trace != null) by.network.trace.rules(by, statement);
        by.post(by.mls.signatureKey().orElseThrow(), new ToldContent(agreed.with(rules), true));
    }

    /** At the end everybody may come in: says so by way of this member until it is heard. */
    void open(SimNetwork network, SimMember by) {
        if (speaks(by) && !opened(by)) say(by, Settings.NONE);
        if (by.alive && !opened(by)) network.at(network.now + 2_000, () -> open(network, by));
    }

    private boolean opened(SimMember by) {
        Settings now = by.state.accord().agreed().rules().settings();
        return term == 0
                || by.state
                                .accord()
                                .agreed()
                                .rules()
                                .maker()
                                .filter(said -> said.term() == term)
                                .isPresent()
                        && !now.locked()
                        && now.removed().isEmpty();
    }
}
