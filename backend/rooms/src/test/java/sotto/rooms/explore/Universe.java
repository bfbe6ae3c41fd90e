package sotto.rooms.explore;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import sotto.rooms.explore.Action.Kind;
import sotto.rooms.explore.Frame.Down;
import sotto.rooms.explore.Frame.Up;
import sotto.rooms.explore.Symbols.Epoch;
import sotto.rooms.explore.World.Link;
import sotto.rooms.machine.RoomEvent;
import sotto.rooms.machine.RoomEvent.Admitted;
import sotto.rooms.machine.RoomMachine;
import sotto.rooms.machine.RoomTimer;
import sotto.rooms.wire.ConnectionId;
import sotto.rooms.wire.GroupId;

/**
 * The worlds of one exploration and the actions between them. Values are named by numbers, and what a client or the
 * server does in some state with some frame is computed once: the machine itself is run for each distinct pair of state
 * and event.
 */
final class Universe {
    private static final RoomTimer[] TIMERS = RoomTimer.values();
    private static final Kind[] LOCAL = {Kind.LEAVE, Kind.REKEY, Kind.CRASH, Kind.DROP, Kind.HANG, Kind.GHOST};

    /** A client's reaction in numbers. */
    private record Did(
            int after,
            int[] sends,
            boolean connects,
            boolean closes,
            int timers,
            List<Epoch> adopted,
            boolean ended,
            List<Violation> violations,
            boolean alarmed,
            Client.Reaction reaction) {}

    private record ServerDid(
            int after, List<ConnectionId> present, List<Server.Out> outs, int[] downs, List<Violation> violations) {}

    /** A connection that its client has given up, and the server has not noticed. */
    private record Old(int who, int number, int up, boolean orderly) {}

    private final Names<Client> clients = new Names<>();
    private final Names<Server> servers = new Names<>();
    private final Names<Up> ups = new Names<>();
    private final Names<Down> downs = new Names<>();
    private final Names<RoomEvent> events = new Names<>();
    private final Names<List<Old>> olds = new Names<>();
    private final Names<SortedMap<Map.Entry<String, Long>, Epoch>> histories = new Names<>();
    private final Queues queues = new Queues();
    private final Map<Long, Did> reads = new HashMap<>();
    private final Map<Long, Did> takes = new HashMap<>();
    private final Map<Long, Integer> adoptions = new HashMap<>();
    private final Names<Epoch> epochs = new Names<>();
    private final Map<Long, Map<Integer, ServerDid>> served = new HashMap<>();
    private final int closed = downs.name(new Down.Closed());
    private final boolean rogues;
    private final SortedSet<Kind> deeds;
    private final Map<Integer, List<Action>> possible = new HashMap<>();
    private final Map<Long, Optional<Did>> done = new HashMap<>();

    /** What went wrong in the last action. */
    List<Violation> violations = new ArrayList<>();
    /** What the client of the last action did; null if there was none. */
    Client.Reaction reaction;
    /** The timers that the last action set anew, by client. */
    int timersSet;

    /** @param rogues whether members may break the rules */
    Universe(boolean rogues) {
        this(rogues, Set.of());
    }

    /** @param deeds what hosts may do, and those who come back */
    Universe(boolean rogues, Set<Kind> deeds) {
        this.rogues = rogues;
        this.deeds = new TreeSet<>(deeds);
    }

    /** Nobody has entered yet. */
    World start(int people, long budgets) {
        if (people > Symbols.PEOPLE) throw new IllegalArgumentException("too many people: " + people);
        World world = new World(people);
        world.set(World.SERVER, servers.name(Server.start()));
        world.set(World.HISTORY, histories.name(new TreeMap<>(ORDER)));
        world.set(World.OLD, olds.name(List.of()));
        world.budgets(budgets);
        for (int i = 0; i < people; i++) world.client(i, clients.name(Client.start(i)));
        return world;
    }

    private static final java.util.Comparator<Map.Entry<String, Long>> ORDER =
            Map.Entry.<String, Long>comparingByKey().thenComparing(Map.Entry.comparingByValue());

    Client client(World world, int who) {
        return clients.value(world.client(who));
    }

    Server server(World world) {
        return servers.value(world.get(World.SERVER));
    }

    Down nextDown(World world, int who) {
        return downs.value(queues.head(world.down(who)));
    }

    /** What the server takes next of a connection. */
    Optional<Up> nextUp(World world, Action action) {
        int queue = action.kind() == Kind.TAKE
                ? world.up(action.who())
                : olds(world).stream()
                        .filter(old -> old.who() == action.who() && old.number() == action.argument())
                        .mapToInt(Old::up)
                        .findFirst()
                        .orElse(0);
        return queue == 0 ? Optional.empty() : Optional.of(ups.value(queues.head(queue)));
    }

    private List<Old> olds(World world) {
        return olds.value(world.get(World.OLD));
    }

    String counts() {
        return String.format(
                "%,d states of clients, %,d of the server, %,d steps of the machine",
                clients.size(), servers.size(), reads.size() + takes.size());
    }

    /** Steps of the machine that were computed. */
    long steps() {
        return reads.size() + takes.size();
    }

    // What may happen

    /**
     * What may happen next: everything, or as much as is needed. What a client does commutes with what happens elsewhere
     * as long as a frame waits for it, since nothing elsewhere takes away or adds to what it can do. So while frames
     * wait for some client, its actions alone are enough.
     */
    List<Action> choices(World world, boolean reduced) {
        List<Action> choices = new ArrayList<>();
        int people = world.people();
        if (reduced)
            for (int i = 0; i < people; i++)
                if (world.acts(i) && world.down(i) != 0) {
                    local(world, i, choices);
                    return choices;
                }
        for (int i = 0; i < people; i++) {
            if (!world.entered(i)) {
                choices.add(new Action(Kind.ENTER, i, 0));
                break; // in order of names: who is called what makes no difference
            }
        }
        for (int i = 0; i < people; i++) if (world.acts(i)) local(world, i, choices);
        for (int i = 0; i < people; i++) {
            if (world.link(i) != Link.OPEN) continue;
            if (world.up(i) != 0) choices.add(new Action(Kind.TAKE, i, 0));
            if (!world.rogue(i) && Budget.DROP.has(world.budgets())) choices.add(new Action(Kind.CUT, i, 0));
        }
        for (Old old : olds(world)) {
            if (old.up() != 0) choices.add(new Action(Kind.LATE, old.who(), old.number()));
            if (old.up() == 0 || !old.orderly() || Budget.DROP.has(world.budgets()))
                choices.add(new Action(Kind.NOTICE, old.who(), old.number()));
        }
        if (deeds.contains(Kind.RETURN) && Budget.HOST.has(world.budgets()))
            for (int i = 0; i < people; i++)
                if (world.dead(i) && !world.rogue(i)) choices.add(new Action(Kind.RETURN, i, 0));
        if (Budget.RESTART.has(world.budgets())) choices.add(new Action(Kind.RESTART, 0, 0));
        return choices;
    }

    private void local(World world, int who, List<Action> choices) {
        if (world.down(who) != 0) choices.add(new Action(Kind.READ, who, 0));
        Client client = client(world, who);
        for (RoomTimer timer : client.machine().timers().keySet())
            if (timer == RoomTimer.RECONNECT || Budget.TIMER.has(world.budgets()))
                choices.add(new Action(Kind.FIRE, who, timer.ordinal()));
        if (!deeds.isEmpty() && Budget.HOST.has(world.budgets()))
            choices.addAll(
                    possible.computeIfAbsent(world.client(who), name -> Deeds.possible(client, world.people(), deeds)));
        if (Budget.TOTAL.left(world.budgets()) == 0) return;
        for (Kind kind : LOCAL) {
            if (!kind.budget.has(world.budgets())) continue;
            if (kind == Kind.DROP && world.link(who) != Link.OPEN) continue;
            if (kind == Kind.REKEY && client.epoch().isEmpty()) continue;
            if (kind == Kind.GHOST) rogue(client, choices);
            else choices.add(new Action(kind, who, 0));
        }
    }

    private static void rogue(Client client, List<Action> choices) {
        if (client.epoch().isEmpty() || client.epoch().get().members().size() < 2) return;
        choices.add(new Action(Kind.GHOST, client.who(), 0));
        for (var member : client.epoch().get().members())
            if (member.leaf() != client.leaf()) choices.add(new Action(Kind.EVICT, client.who(), member.leaf()));
        for (var waiting : RoomMachine.waiting(client.machine()))
            choices.add(new Action(Kind.SMUGGLE, client.who(), Symbols.who(waiting.participant())));
    }

    // What happens then

    /** The world after an action; null if it cannot happen. Fills {@link #violations} and {@link #reaction}. */
    World after(World world, Action action) {
        violations = new ArrayList<>();
        reaction = null;
        timersSet = 0;
        int who = action.who();
        Kind kind = action.kind();
        if (who >= world.people()) return null;
        World next = world.copy();
        boolean free = kind == Kind.FIRE && action.argument() == RoomTimer.RECONNECT.ordinal();
        if (kind.budget != null && !free) {
            if (!kind.budget.has(world.budgets())) return null;
            next.budgets(kind.budget.spend(world.budgets()));
        }
        boolean possible = switch (kind) {
            case ENTER -> enter(next, who);
            case READ -> read(next, who);
            case TAKE -> take(next, who);
            case LATE -> late(next, who, action.argument());
            case NOTICE -> notice(next, who, action.argument());
            case FIRE -> fire(next, who, TIMERS[action.argument()]);
            case LEAVE -> next.acts(who) && act(next, who, new RoomEvent.Leave());
            case REKEY -> next.acts(who) && act(next, who, new RoomEvent.Rekey());
            case CRASH -> crash(next, who);
            case DROP -> drop(next, who);
            case CUT -> cut(next, who);
            case RESTART -> restart(next);
            case HANG -> hang(next, who);
            case WAKE -> wake(next, who);
            case GHOST -> ghost(next, who);
            case EVICT -> evict(next, who, action.argument());
            case SMUGGLE -> smuggle(next, who, action.argument());
            case LOCK, UNLOCK, ADMIT, REFUSE, REMOVE, PARDON, NAME -> deed(next, who, kind, action.argument());
            case PATH ->
                next.acts(who)
                        && act(next, who, new RoomEvent.SetPath(sotto.rooms.RoomPath.values()[action.argument()]));
            case RETURN -> comeBack(next, who);
        };
        return possible ? next : null;
    }

    /** The same without budgets, once faults are over. */
    World freely(World world, Action action) {
        World rich = world.copy();
        rich.budgets(-1L >>> 1);
        World next = after(rich, action);
        if (next != null) next.budgets(world.budgets());
        return next;
    }

    private boolean enter(World world, int who) {
        if (world.entered(who)) return false;
        world.enters(who);
        return act(world, who, new RoomEvent.Enter());
    }

    private boolean act(World world, int who, RoomEvent event) {
        int name = events.name(event);
        long key = (long) world.client(who) << 32 | name;
        Did did = takes.computeIfAbsent(
                key, k -> did(clients.value(world.client(who)).take(event)));
        apply(world, who, did);
        return true;
    }

    private boolean deed(World world, int who, Kind kind, int other) {
        if (!world.acts(who)) return false;
        long key = (long) world.client(who) << 32 | kind.ordinal() << 8 | other;
        Optional<Did> did = done.computeIfAbsent(
                key, k -> clients.value(world.client(who)).does(kind, other).map(this::did));
        did.ifPresent(what -> apply(world, who, what));
        return did.isPresent();
    }

    private boolean comeBack(World world, int who) {
        if (!world.dead(who) || world.rogue(who)) return false;
        world.client(who, clients.name(client(world, who).again()));
        world.returns(who);
        return act(world, who, new RoomEvent.Enter());
    }

    private boolean read(World world, int who) {
        int queue = world.down(who);
        if (!world.acts(who) || queue == 0) return false;
        int frame = queues.head(queue);
        world.down(who, queues.tail(queue));
        if (frame == closed) world.link(who, Link.NONE);
        long key = (long) world.client(who) << 32 | frame;
        Did did = reads.get(key);
        if (did == null) {
            did = did(clients.value(world.client(who)).read(downs.value(frame)));
            reads.put(key, did);
        }
        apply(world, who, did);
        return true;
    }

    private boolean fire(World world, int who, RoomTimer timer) {
        if (!world.acts(who) || !client(world, who).machine().timers().containsKey(timer)) return false;
        return act(world, who, new RoomEvent.Fired(timer));
    }

    private Did did(Client.Reaction did) {
        int timers = 0;
        for (RoomTimer timer : did.timers()) timers |= 1 << timer.ordinal();
        return new Did(
                clients.name(did.after()),
                did.sends().stream().mapToInt(ups::name).toArray(),
                did.connects(),
                did.closes(),
                timers,
                did.adopted(),
                did.ended(),
                did.violations(),
                !did.alarms().isEmpty(),
                did);
    }

    private void apply(World world, int who, Did did) {
        reaction = did.reaction();
        timersSet = did.timers();
        world.client(who, did.after());
        violations.addAll(did.violations());
        if (did.alarmed() && !rogues)
            violations.add(new Violation(
                    Property.NoFalseAlarm,
                    Symbols.name(who) + " is alarmed: " + did.reaction().noted()));
        for (Epoch epoch : did.adopted()) adopt(world, who, epoch);
        if (did.connects()) {
            // The server answers at once: a client that dials waits for nothing else, and dials whenever it likes.
            world.link(who, Link.OPEN);
            world.up(who, 0);
            world.down(who, 0);
            serve(world, who, (int) client(world, who).connections(), did.sends()[0]);
        } else if (world.link(who) == Link.OPEN)
            for (int send : did.sends()) world.up(who, queues.append(world.up(who), send));
        if (did.closes()) closes(world, who, did.ended());
        if (did.ended()) world.dies(who);
    }

    private void adopt(World world, int who, Epoch epoch) {
        long key = (long) world.get(World.HISTORY) << 32 | epochs.name(epoch);
        Integer known = adoptions.get(key);
        if (known == null) {
            var history = histories.value(world.get(World.HISTORY));
            Map.Entry<String, Long> place = Map.entry(epoch.group().toString(), epoch.epoch());
            Epoch other = history.get(place);
            if (other == null) {
                var more = new TreeMap<>(history);
                more.put(place, epoch);
                known = histories.name(more);
            } else known = other.equals(epoch) ? world.get(World.HISTORY) : -1;
            adoptions.put(key, known);
        }
        if (known >= 0) world.set(World.HISTORY, known);
        else
            violations.add(new Violation(
                    Property.SameEpochSameRosterAndExporter,
                    Symbols.name(who) + " has another key or roster in epoch " + epoch.epoch()
                            + " than somebody before"));
    }

    private void closes(World world, int who, boolean orderly) {
        if (world.link(who) == Link.OPEN) {
            List<Old> more = new ArrayList<>(olds(world));
            more.add(new Old(who, (int) client(world, who).connections(), world.up(who), orderly));
            world.set(World.OLD, olds.name(List.copyOf(more)));
        }
        world.link(who, Link.NONE);
        world.up(who, 0);
        world.down(who, 0);
    }

    private boolean crash(World world, int who) {
        if (!world.acts(who)) return false;
        closes(world, who, false);
        world.dies(who);
        return true;
    }

    private boolean drop(World world, int who) {
        if (!world.acts(who) || world.link(who) != Link.OPEN) return false;
        closes(world, who, false);
        return act(world, who, new RoomEvent.Disconnected());
    }

    private boolean hang(World world, int who) {
        if (!world.acts(who)) return false;
        world.hangs(who);
        return true;
    }

    private boolean wake(World world, int who) {
        if (!world.hung(who)) return false;
        world.wakes(who);
        return true;
    }

    private boolean ghost(World world, int who) {
        if (!world.acts(who)) return false;
        Client client = client(world, who);
        long late = client.machine().log().map(log -> log.sequence()).orElse(0L);
        return rogue(
                world,
                who,
                client.rogueCommit(
                        List.of(Symbols.draft(Symbols.GHOST, 0, 1)),
                        List.of(),
                        List.of(new Admitted(Symbols.connection(Symbols.GHOST, 1), late, 0))));
    }

    private boolean evict(World world, int who, int leaf) {
        Client client = client(world, who);
        if (!world.acts(who) || client.leaf() == leaf) return false;
        return rogue(world, who, client.rogueCommit(List.of(), List.of(leaf), List.of()));
    }

    private boolean smuggle(World world, int who, int other) {
        Client client = client(world, who);
        if (!world.acts(who) || client.machine().log().isEmpty()) return false;
        var join = client.machine().log().get().joins().values().stream()
                .filter(one -> one.gone() == 0 && Symbols.who(one.info().participant()) == other)
                .findFirst();
        return join.isPresent()
                && rogue(
                        world,
                        who,
                        client.rogueCommit(
                                List.of(join.get().info()),
                                List.of(),
                                List.of(new Admitted(
                                        join.get().from(), join.get().sequence(), 0))));
    }

    private boolean rogue(World world, int who, Optional<Up> commit) {
        if (commit.isEmpty() || world.link(who) != Link.OPEN) return false;
        world.up(who, queues.append(world.up(who), ups.name(commit.get())));
        world.turnsRogue(who);
        return true;
    }

    // At the server

    private boolean take(World world, int who) {
        if (world.link(who) != Link.OPEN || world.up(who) == 0) return false;
        int frame = queues.head(world.up(who));
        world.up(who, queues.tail(world.up(who)));
        serve(world, who, (int) client(world, who).connections(), frame);
        return true;
    }

    private boolean late(World world, int who, int number) {
        List<Old> list = new ArrayList<>(olds(world));
        for (int i = 0; i < list.size(); i++) {
            Old old = list.get(i);
            if (old.who() != who || old.number() != number || old.up() == 0) continue;
            list.set(i, new Old(who, number, queues.tail(old.up()), old.orderly()));
            world.set(World.OLD, olds.name(List.copyOf(list)));
            serve(world, who, number, queues.head(old.up()));
            return true;
        }
        return false;
    }

    private boolean notice(World world, int who, int number) {
        List<Old> list = new ArrayList<>(olds(world));
        for (Old old : list) {
            if (old.who() != who || old.number() != number) continue;
            if (old.up() != 0 && old.orderly()) {
                if (!Budget.DROP.has(world.budgets())) return false;
                world.budgets(Budget.DROP.spend(world.budgets()));
            }
            list.remove(old);
            world.set(World.OLD, olds.name(List.copyOf(list)));
            serve(world, who, number, -1);
            return true;
        }
        return false;
    }

    private boolean cut(World world, int who) {
        if (world.link(who) != Link.OPEN) return false;
        world.link(who, Link.CLOSED);
        world.up(who, 0);
        world.down(who, queues.append(world.down(who), closed));
        serve(world, who, (int) client(world, who).connections(), -1);
        return true;
    }

    private boolean restart(World world) {
        world.set(World.SERVER, servers.name(server(world).restarted()));
        world.set(World.OLD, olds.name(List.of()));
        for (int i = 0; i < world.people(); i++) {
            if (world.link(i) != Link.OPEN) continue;
            world.link(i, Link.CLOSED);
            world.up(i, 0);
            world.down(i, queues.append(world.down(i), closed));
        }
        return true;
    }

    /** @param frame -1 when the connection is over */
    private void serve(World world, int who, int number, int frame) {
        long key = (long) world.get(World.SERVER) << 16 | who << 8 | number;
        Map<Integer, ServerDid> byFrame = served.computeIfAbsent(key, k -> new HashMap<>());
        ServerDid did = byFrame.get(frame);
        if (did == null) {
            Server server = server(world);
            ConnectionId from = Symbols.connection(who, number);
            Server.Reaction reaction = frame < 0 ? server.gone(from) : server.take(from, ups.value(frame));
            List<ConnectionId> present =
                    reaction.after().present().stream().map(Server.Present::id).toList();
            int[] frames = reaction.outs().stream()
                    .mapToInt(out -> downs.name(out.down()))
                    .toArray();
            did = new ServerDid(
                    servers.name(reaction.after()), present, reaction.outs(), frames, reaction.violations());
            byFrame.put(frame, did);
        }
        world.set(World.SERVER, did.after());
        violations.addAll(did.violations());
        for (int i = 0; i < did.downs().length; i++) {
            if (!rogues && did.outs().get(i).down() instanceof Down.Committed committed)
                committed.wrong().ifPresent(wrong -> violations.add(wrong.violation()));
            Optional<ConnectionId> to = did.outs().get(i).to();
            if (to.isPresent()) deliver(world, to.get(), did.downs()[i]);
            else for (ConnectionId one : did.present()) deliver(world, one, did.downs()[i]);
        }
    }

    private void deliver(World world, ConnectionId to, int frame) {
        int who = Symbols.who(to);
        boolean reads = world.link(who) == Link.OPEN
                && client(world, who).connections() == to.low()
                && !world.dead(who)
                && !world.rogue(who);
        if (reads) world.down(who, queues.append(world.down(who), frame));
    }

    /** Something under way or to be noticed, the first of it; for {@link Calm}. */
    Optional<Action> pending(World world) {
        for (int i = 0; i < world.people(); i++)
            if (world.acts(i) && world.down(i) != 0) return Optional.of(new Action(Kind.READ, i, 0));
        for (int i = 0; i < world.people(); i++)
            if (world.link(i) == Link.OPEN && world.up(i) != 0) return Optional.of(new Action(Kind.TAKE, i, 0));
        for (Old old : olds(world)) {
            Kind kind = old.up() != 0 && old.orderly() ? Kind.LATE : Kind.NOTICE;
            return Optional.of(new Action(kind, old.who(), old.number()));
        }
        return Optional.empty();
    }

    /** Whether the group could be told apart. */
    static String told(GroupId group) {
        return Symbols.name((int) group.high() - 1) + "'s group" + (group.low() > 1 ? " " + group.low() : "");
    }
}
