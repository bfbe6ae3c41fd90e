package sotto.rooms.session;

import java.util.List;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.function.UnaryOperator;
import sotto.rooms.RoomPath;
import sotto.rooms.envelope.RoomMessage;
import sotto.rooms.group.Bytes;
import sotto.rooms.machine.GroupState;
import sotto.rooms.machine.RoomEvent;
import sotto.rooms.machine.RoomState;
import sotto.rooms.rules.Agreed;
import sotto.rooms.rules.Pass;
import sotto.rooms.rules.RoomRules;
import sotto.rooms.rules.Settings;
import sotto.rooms.rules.Statement;
import sotto.rooms.wire.WireLimits;

/**
 * What a host does, signed with its identity key; and the check of what others say that they did. Nothing of one's own is
 * in force before it comes back in the log.
 */
final class Hosting {
    private final Shell shell;
    /** Own rules that may not be back in the log yet: the next ones go on from them. */
    private RoomRules sent = RoomRules.NONE;

    Hosting(Shell shell) {
        this.shell = shell;
    }

    /** The rules are not what a host of this room has signed. */
    static final class RulesException extends Exception {
        private static final long serialVersionUID = 1L;

        RulesException(String message) {
            super(message);
        }
    }

    // Others' word

    /** The rules that these statements make, every signature verified; they need not be new. */
    RoomRules verify(List<Bytes> encoded) throws RulesException {
        RoomRules known = shell.state.accord().agreed().rules();
        if (encoded.equals(RoomMessage.encoded(known))) return known;
        RoomRules rules;
        try {
            rules = RoomRules.of(encoded.stream().map(Statement::decode).toList());
        } catch (IllegalArgumentException malformed) {
            throw new RulesException(malformed.getMessage());
        }
        if (rules.maker().isPresent()
                && !shell.link
                        .host()
                        .names(shell.link.room(), rules.maker().get().author()))
            throw new RulesException("the rules are not those of the person who made this room");
        for (Statement statement : rules.statements())
            if (!signed(statement.author(), statement.signed(shell.link.room()), statement.signature()))
                throw new RulesException("the rules of this room bear a wrong signature");
        return rules;
    }

    Agreed verify(RoomMessage.Told told) throws RulesException {
        return new Agreed(told.path(), told.number(), verify(told.rules()));
    }

    boolean verified(RoomMessage.Admit admit) {
        byte[] content = RoomMessage.Admit.signed(shell.link.room(), admit.author(), admit.pass(), admit.allow());
        return signed(admit.author(), content, admit.signature());
    }

    private boolean signed(Bytes identity, byte[] content, Bytes signature) {
        return shell.ports.group().signedByIdentity(identity, content, signature);
    }

    // One's own

    void setPath(RoomPath path) {
        if (!inside()) return;
        Agreed agreed = shell.state.accord().agreed();
        if (agreed.rules().settings().membersSwitchPath()) shell.handle(new RoomEvent.SetPath(path));
        else change(settings -> settings.withPath(path, agreed.number()), Optional.empty());
    }

    void change(UnaryOperator<Settings> change) {
        change(change, Optional.empty());
    }

    void name(Bytes identity, boolean host) {
        if (inside() && maker()) {
            SortedSet<Bytes> hosts = new TreeSet<>(newest().named());
            if (host) hosts.add(identity);
            else hosts.remove(identity);
            if (hosts.size() <= Statement.HOSTS)
                change(settings -> settings.withRemoved(identity, false), Optional.of(hosts));
        }
    }

    void admit(Pass pass, boolean allow) {
        if (!inside() || !shell.state.accord().agreed().rules().host(shell.state.identity())) return;
        Bytes self = shell.state.identity();
        byte[] signature =
                shell.ports.group().signAsIdentity(RoomMessage.Admit.signed(shell.link.room(), self, pass, allow));
        shell.post(new RoomMessage.Admit(self, pass, allow, Bytes.of(signature)), shell.ports.group()::sign);
    }

    private boolean maker() {
        return shell.link.host().names(shell.link.room(), shell.state.identity());
    }

    /** Whether this member can post now and is heard as one. */
    private boolean inside() {
        RoomState state = shell.state;
        return !shell.over
                && state != null
                && state.phase() == RoomState.Phase.INSIDE
                && state.group()
                        .filter(group -> group.standing() == GroupState.Standing.GOOD
                                && group.seats().containsKey(group.view().ownLeaf()))
                        .isPresent();
    }

    private RoomRules newest() {
        RoomRules known = shell.state.accord().agreed().rules();
        return sent.compareTo(known) > 0 ? sent : known;
    }

    /** @param hosts named from now on; the maker's statement alone names any */
    private void change(UnaryOperator<Settings> change, Optional<SortedSet<Bytes>> hosts) {
        if (!inside()) return;
        Bytes self = shell.state.identity();
        Agreed agreed = shell.state.accord().agreed();
        RoomRules rules = newest();
        if (!maker() && !rules.host(self)) return;
        Settings now = rules.settings().withPath(agreed.path(), agreed.number());
        Settings wanted = change.apply(now);
        if (wanted.removed().size() > Settings.REMOVED) return;
        // Rules name the path: as a switch, so that the number never falls, whatever a member does at this moment.
        wanted = wanted.withPath(wanted.path(), agreed.next());
        RoomRules next;
        if (maker()) {
            long term = rules.maker().map(Statement::term).orElse(0L) + 1;
            SortedSet<Bytes> named = new TreeSet<>(hosts.orElse(rules.named()));
            named.removeAll(wanted.removed()); // whoever is removed is no host any more
            Statement own = sign(term, 0, wanted, named);
            next = new RoomRules(Optional.of(own), Optional.empty());
        } else {
            long number = rules.host().map(Statement::number).orElse(0L) + 1;
            if (number > WireLimits.NUMBER) return; // another host used them up: the maker's next word starts anew
            Statement own = sign(rules.maker().orElseThrow().term(), number, wanted, new TreeSet<>());
            next = new RoomRules(rules.maker(), Optional.of(own));
        }
        sent = next;
        shell.post(new RoomMessage.Tell(RoomMessage.Told.of(agreed.with(next)), false), shell.ports.group()::sign);
    }

    private Statement sign(long term, long number, Settings settings, SortedSet<Bytes> hosts) {
        Bytes self = shell.state.identity();
        byte[] content = Statement.signed(shell.link.room(), self, term, number, settings, hosts);
        Bytes signature = Bytes.of(shell.ports.group().signAsIdentity(content));
        return new Statement(self, term, number, settings, hosts, signature);
    }
}
