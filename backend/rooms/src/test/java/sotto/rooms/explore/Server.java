package sotto.rooms.explore;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import sotto.rooms.explore.Frame.Content;
import sotto.rooms.explore.Frame.Down;
import sotto.rooms.explore.Frame.Sealed;
import sotto.rooms.explore.Frame.Up;
import sotto.rooms.explore.Frame.Wrong;
import sotto.rooms.explore.Symbols.Commit;
import sotto.rooms.explore.Symbols.Epoch;
import sotto.rooms.group.Bytes;
import sotto.rooms.group.Member;
import sotto.rooms.machine.RoomEvent.Admitted;
import sotto.rooms.rules.Pass;
import sotto.rooms.rules.RoomRules;
import sotto.rooms.wire.ConnectionId;
import sotto.rooms.wire.GroupId;
import sotto.rooms.wire.LogId;

/**
 * The coordination server's room, as a value: it orders entries and accepts the first commit of each group and epoch.
 * Beside that, what an observer of everything knows: who asked, who is a member on which connection. By that each commit
 * is judged, independently of how members judge it.
 *
 * @param logs started so far
 * @param accepted per group of this log: the places of its commits, by epoch
 * @param ever over all logs: the highest epoch accepted
 * @param asked KeyPackages with which somebody asked in this log
 * @param asking by participant's number: the latest KeyPackage with which it asked, unless it took that back
 * @param epochs the latest epoch of each group of this log
 * @param seats who is attached, by participant's number
 * @param said the rules that hosts have set, each greater than the one before
 * @param carried who was in a group of the log before
 */
record Server(
        int logs,
        long sequence,
        List<Present> present,
        SortedMap<GroupId, List<Long>> accepted,
        SortedMap<GroupId, Long> ever,
        SortedSet<Bytes> asked,
        SortedMap<Integer, Bytes> asking,
        SortedMap<GroupId, Epoch> epochs,
        SortedMap<Integer, Seat> seats,
        List<Said> said,
        SortedSet<Pass> carried) {

    /**
     * @param place in this log at which these rules first stood; 0 if that was an earlier one
     * @param passes who may come into the room that they lock: who was in it when it was locked, or was admitted since
     */
    record Said(RoomRules rules, long place, SortedSet<Pass> passes) {
        Said in(long where) {
            return new Said(rules, where, passes);
        }

        Said admitting(Pass pass) {
            SortedSet<Pass> more = new TreeSet<>(passes);
            more.add(pass);
            return new Said(rules, place, more);
        }
    }

    record Present(ConnectionId id, long arrived) {}

    /**
     * @param since place in the log from which on everybody who read so far knows it
     * @param request place of what led to it: who came after that takes others' word
     */
    record Seat(ConnectionId connection, GroupId group, Bytes signatureKey, long since, long request) {}

    /** A frame to all who are present, or to one. */
    record Out(Optional<ConnectionId> to, Down down) {}

    record Reaction(Server after, List<Out> outs, List<Violation> violations) {}

    static Server start() {
        return new Server(
                0,
                0,
                List.of(),
                new TreeMap<>(),
                new TreeMap<>(),
                new TreeSet<>(),
                new TreeMap<>(),
                new TreeMap<>(),
                new TreeMap<>(),
                List.of(),
                new TreeSet<>());
    }

    Reaction take(ConnectionId from, Up up) {
        Work work = new Work();
        work.take(from, up);
        return work.done();
    }

    /** A connection is over. */
    Reaction gone(ConnectionId who) {
        Work work = new Work();
        work.gone(who);
        return work.done();
    }

    /** Stops and starts again: it remembers nothing. */
    Server restarted() {
        Server empty = start();
        return new Server(
                logs,
                0,
                List.of(),
                empty.accepted,
                ever,
                empty.asked,
                empty.asking,
                empty.epochs,
                empty.seats,
                said.stream().map(one -> one.in(0)).toList(),
                members());
    }

    /** Everybody who is in the latest epoch of some group. */
    private SortedSet<Pass> members() {
        SortedSet<Pass> members = new TreeSet<>();
        for (Epoch epoch : epochs.values()) for (Member member : epoch.members()) members.add(Pass.of(member));
        return epochs.isEmpty() ? carried : members;
    }

    private final class Work {
        private int nowLogs = logs;
        private long last = sequence;
        private List<Present> here = new ArrayList<>(present);
        private SortedMap<GroupId, List<Long>> taken = new TreeMap<>(accepted);
        private final SortedMap<GroupId, Long> takenEver = new TreeMap<>(ever);
        private SortedSet<Bytes> requests = new TreeSet<>(asked);
        private SortedMap<Integer, Bytes> asks = new TreeMap<>(asking);
        private SortedMap<GroupId, Epoch> latest = new TreeMap<>(epochs);
        private SortedMap<Integer, Seat> placed = new TreeMap<>(seats);
        private List<Said> rules = new ArrayList<>(said);
        private SortedSet<Pass> before = carried;
        private final List<Out> outs = new ArrayList<>();
        private final List<Violation> violations = new ArrayList<>();

        Reaction done() {
            return new Reaction(
                    new Server(
                            nowLogs,
                            last,
                            List.copyOf(here),
                            taken,
                            takenEver,
                            requests,
                            asks,
                            latest,
                            placed,
                            List.copyOf(rules),
                            before),
                    outs,
                    violations);
        }

        private void all(Down down) {
            outs.add(new Out(Optional.empty(), down));
        }

        void take(ConnectionId from, Up up) {
            switch (up) {
                case Up.Hello hello -> hello(from);
                case Up.Post post -> {
                    all(new Down.Posted(++last, from, post.payload()));
                    note(from, post.payload());
                }
                case Up.Send send -> {
                    if (here.stream().anyMatch(to -> to.id().equals(send.to())))
                        outs.add(new Out(Optional.of(send.to()), new Down.Sent(from, send.payload())));
                }
                case Up.CommitTo commit -> commit(from, commit);
            }
        }

        private void hello(ConnectionId from) {
            if (here.isEmpty()) {
                nowLogs++;
                last = 0;
                before = members();
                rules = new ArrayList<>(said.stream().map(one -> one.in(0)).toList());
                taken = new TreeMap<>();
                requests = new TreeSet<>();
                asks = new TreeMap<>();
                latest = new TreeMap<>();
                placed = new TreeMap<>();
            }
            List<ConnectionId> others = here.stream().map(Present::id).toList();
            outs.add(new Out(Optional.of(from), new Down.Entered(from, new LogId(3, nowLogs), last, others)));
            here.add(new Present(from, ++last));
            all(new Down.Arrived(last, from));
        }

        void gone(ConnectionId who) {
            if (!here.removeIf(one -> one.id().equals(who))) return;
            all(new Down.Gone(++last, who));
            placed.values().removeIf(seat -> seat.connection().equals(who));
        }

        private void note(ConnectionId from, Sealed sealed) {
            int who = Symbols.who(from);
            switch (sealed.content()) {
                case Content.Join join -> {
                    requests.add(join.info().reference());
                    asks.put(who, join.info().reference());
                    placed.remove(who);
                }
                case Content.Leave leave -> {
                    asks.remove(who);
                    placed.remove(who);
                }
                case Content.Told told -> rules(told.agreed().rules());
                case Content.Admit admit -> {
                    boolean host = !rules.isEmpty() && rules.getLast().rules().host(admit.author());
                    if (host && admit.allow()) admit(admit.pass());
                }
                case Content.Attach attach -> {
                    rules(attach.agreed().rules());
                    Epoch now = latest.get(attach.group());
                    if (now == null || attach.epoch() < epochAtArrival(from, attach.group())) return;
                    boolean member = now.members().stream()
                            .anyMatch(one -> one.leaf() == attach.leaf()
                                    && one.signatureKey().equals(sealed.signer()));
                    if (member) placed.put(who, new Seat(from, attach.group(), sealed.signer(), last, last));
                }
                default -> {}
            }
        }

        /** Rules stand in the log. */
        private void rules(RoomRules told) {
            if (told.maker().isEmpty()) return;
            for (int i = 0; i < rules.size(); i++)
                if (rules.get(i).rules().equals(told)) {
                    if (rules.get(i).place() > 0) return;
                    rules.set(i, rules.get(i).in(last));
                    // Whoever came into a group before anybody could know is in the room.
                    if (i == rules.size() - 1)
                        for (Epoch epoch : latest.values())
                            for (Member member : epoch.members()) admit(Pass.of(member));
                    return;
                }
            boolean wasLocked = locked();
            if (!rules.isEmpty() && rules.getLast().rules().compareTo(told) > 0) return;
            SortedSet<Pass> inside = new TreeSet<>();
            if (told.locked() && wasLocked) inside.addAll(rules.getLast().passes());
            else if (told.locked()) {
                inside.addAll(before);
                for (Epoch epoch : latest.values()) for (Member member : epoch.members()) inside.add(Pass.of(member));
            }
            rules.add(new Said(told, last, inside));
        }

        private void admit(Pass pass) {
            if (locked()) rules.set(rules.size() - 1, rules.getLast().admitting(pass));
        }

        private boolean locked() {
            return !rules.isEmpty() && rules.getLast().rules().locked();
        }

        /** The latest epoch that a client cannot have missed: later ones come to it on this connection. */
        private long epochAtArrival(ConnectionId from, GroupId group) {
            long arrived = here.stream()
                    .filter(one -> one.id().equals(from))
                    .mapToLong(Present::arrived)
                    .findFirst()
                    .orElse(Long.MAX_VALUE);
            return taken.getOrDefault(group, List.of()).stream()
                            .filter(place -> place < arrived)
                            .count()
                    - 1;
        }

        private void commit(ConnectionId from, Up.CommitTo up) {
            List<Long> before = taken.getOrDefault(up.group(), List.of());
            if (up.epoch() < before.size()) {
                outs.add(new Out(Optional.of(from), new Down.Lost(up.group(), up.epoch())));
                return;
            }
            Long highest = takenEver.put(up.group(), up.epoch());
            if (highest != null && highest >= up.epoch())
                violations.add(new Violation(
                        Property.OneCommitPerEpoch,
                        Symbols.name(Symbols.who(from)) + "'s commit for epoch " + up.epoch()
                                + " of a group is the second that the server accepts, in another log"));
            List<Long> places = new ArrayList<>(before);
            while (places.size() < up.epoch()) places.add(0L); // begun in an earlier log
            places.add(++last);
            taken.put(up.group(), List.copyOf(places));
            if (up.payload().content() instanceof Content.Found found) rules(found.rules());
            all(new Down.Committed(last, from, up.group(), up.epoch(), up.payload(), judge(from, up)));
            follow(from, up.payload().content());
        }

        private Optional<Wrong> judge(ConnectionId from, Up.CommitTo up) {
            if (!(up.payload().content() instanceof Content.Change change)) return Optional.empty();
            Commit commit = change.commit();
            for (int i = 0; i < commit.added().size(); i++)
                if (!requests.contains(commit.added().get(i).getKey()))
                    return Optional.of(new Wrong(
                            new Violation(Property.NobodyAddedUnasked, "a commit adds somebody who never asked"),
                            change.admitted().get(i).sequence()));
            Optional<Wrong> past = pastTheDoor(from, up, change);
            if (past.isPresent()) return past;
            Epoch now = latest.get(up.group());
            if (now == null) return Optional.empty();
            for (Member member : now.members()) {
                if (!commit.removed().contains(member.leaf())) continue;
                if (rules.stream().anyMatch(one -> one.rules().removed(member.identity()))) continue;
                Seat seat = placed.get(Symbols.who(member.participant()));
                boolean there = seat != null
                        && seat.group().equals(up.group())
                        && seat.signatureKey().equals(member.signatureKey())
                        && seat.since() <= up.payload().seen();
                if (there)
                    return Optional.of(new Wrong(
                            new Violation(
                                    Property.NobodyRemovedWithoutCause,
                                    "a commit removes " + member.name() + ", who is attached since entry "
                                            + seat.since()),
                            seat.request()));
            }
            return Optional.empty();
        }

        /**
         * Whether a commit adds somebody whom the rules keep out that its maker knew: it was there when they came into the
         * log, and had read so far, or it hands them on.
         */
        private Optional<Wrong> pastTheDoor(ConnectionId from, Up.CommitTo up, Content.Change change) {
            long arrived = here.stream()
                    .filter(one -> one.id().equals(from))
                    .mapToLong(Present::arrived)
                    .findFirst()
                    .orElse(Long.MAX_VALUE);
            RoomRules handed =
                    change.handed().map(told -> told.agreed().rules()).orElse(RoomRules.NONE);
            Optional<Said> knew = rules.stream()
                    .filter(one ->
                            one.place() > arrived && one.place() <= up.payload().seen()
                                    || one.rules().equals(handed))
                    .reduce((one, later) -> later);
            Epoch now = latest.get(up.group());
            if (knew.isEmpty() || now == null) return Optional.empty();
            RoomRules known = knew.get().rules();
            // Outsiders may have a group of their own, which no member follows.
            boolean outsider = now.members().stream()
                    .filter(member -> member.leaf() == change.commit().committer())
                    .anyMatch(member -> keptOut(knew.get(), Pass.of(member)));
            if (outsider) return Optional.empty();
            for (int i = 0; i < change.admitted().size(); i++) {
                int leaf = change.admitted().get(i).leaf();
                long since =
                        Math.min(knew.get().place(), change.admitted().get(i).sequence());
                for (Member member : change.commit().next().members()) {
                    // Where the room was opened meanwhile, there is no harm.
                    boolean wrong = rules.subList(rules.indexOf(knew.get()), rules.size()).stream()
                            .allMatch(one -> keptOut(one, Pass.of(member)));
                    if (member.leaf() != leaf || !wrong) continue;
                    Property property = known.removed(member.identity())
                            ? Property.NobodyRemovedIsAdded
                            : Property.NobodyUnadmittedIsAdded;
                    return Optional.of(new Wrong(
                            new Violation(property, "a commit adds " + member.name() + ", whom the rules keep out"),
                            since));
                }
            }
            return Optional.empty();
        }

        private static boolean keptOut(Said said, Pass pass) {
            RoomRules known = said.rules();
            return known.removed(pass.identity())
                    || known.locked()
                            && !known.host(pass.identity())
                            && !said.passes().contains(pass);
        }

        private void follow(ConnectionId from, Content content) {
            if (content instanceof Content.Found found) {
                int who = Symbols.who(from);
                requests.add(found.founder().reference());
                Member self = new Member(
                        0,
                        found.founder().participant(),
                        found.founder().name(),
                        found.founder().identity(),
                        found.founder().signatureKey());
                GroupId group = taken.entrySet().stream()
                        .filter(entry -> entry.getValue().getLast() == last)
                        .findFirst()
                        .orElseThrow()
                        .getKey();
                latest.put(group, new Epoch(group, 0, 0, List.of(self)));
                placed.put(who, new Seat(from, group, self.signatureKey(), last, last));
            } else if (content instanceof Content.Change change) {
                Epoch next = change.commit().next();
                latest.put(next.group(), next);
                change.handed().ifPresent(handed -> rules(handed.agreed().rules()));
                for (var added : change.admitted())
                    for (Member member : next.members()) if (member.leaf() == added.leaf()) admit(Pass.of(member));
                for (int i = 0; i < change.admitted().size(); i++)
                    admit(change.admitted().get(i), change.commit().added().get(i), next);
            }
        }

        /** Somebody is attached where it asked; unless it has gone from there, took that back or asked again. */
        private void admit(Admitted admitted, Map.Entry<Bytes, Integer> added, Epoch next) {
            int who = Symbols.who(admitted.connection());
            if (here.stream().noneMatch(one -> one.id().equals(admitted.connection()))) return;
            if (!added.getKey().equals(asks.get(who))) return;
            for (Member member : next.members())
                if (member.leaf() == added.getValue())
                    placed.put(
                            who,
                            new Seat(
                                    admitted.connection(),
                                    next.group(),
                                    member.signatureKey(),
                                    last,
                                    admitted.sequence()));
        }
    }
}
