package sotto.rooms.storm;

import java.net.URI;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.PriorityQueue;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import sotto.rooms.LinkException;
import sotto.rooms.RoomLink;
import sotto.rooms.RoomPath;
import sotto.rooms.group.Bytes;
import sotto.rooms.session.Timers;
import sotto.rooms.wire.GroupId;

/**
 * One run of a room from a seed: people come, leave, crash, hang, lose their connections; the server restarts, and lies if
 * it is one that does. Each promise is checked whenever something happens that could break it. At the end all faults and
 * lies stop and everybody who is still there must be together.
 */
public final class Storm {
    private static final long CHAOS_MILLIS = 15_000;
    private static final long CALM_MILLIS = 60_000;

    /** A promise that was broken. */
    public static final class Broken extends RuntimeException {
        private static final long serialVersionUID = 1L;

        Broken(String property, String what) {
            super(property + " is violated: " + what);
        }
    }

    private record Task(long time, long number, Runnable run) {}

    final Engine engine;
    final Random random;
    final boolean lies;
    final RoomLink link;
    final Server server;
    final Set<Bytes> drawn = new HashSet<>();
    final List<Guest> guests = new ArrayList<>();
    private final Map<Map.Entry<GroupId, Long>, Guest.Place> places = new HashMap<>();
    private final Map<Guest.Place, Set<String>> rosters = new HashMap<>();
    private final PriorityQueue<Task> tasks =
            new PriorityQueue<>(Comparator.comparingLong(Task::time).thenComparingLong(Task::number));
    private final List<String> story;
    private final int most;
    private long numbers;
    long now;
    int latency;

    private Storm(long seed, Engine engine, boolean lies, int most, List<String> story) {
        this.engine = engine;
        this.lies = lies;
        this.most = most;
        this.story = story;
        random = new Random(seed);
        latency = List.of(5, 50, 400, 2_500).get(random.nextInt(4));
        try {
            link = RoomLink.create(
                    URI.create("https://sotto.example"), random, RoomPath.DIRECT, Bytes.of(new byte[33]));
        } catch (LinkException impossible) {
            throw new AssertionError(impossible);
        }
        server = new Server(this);
    }

    /**
     * Runs a seed.
     *
     * @param lies whether the server does
     * @param most people at a time
     * @param story filled with what happened; null if nobody asks
     * @throws Broken if a promise was
     */
    public static void run(long seed, Engine engine, boolean lies, int most, List<String> story) {
        new Storm(seed, engine, lies, most, story).run();
    }

    /** The failures of these seeds, the first with its story. */
    public static List<String> failures(Supplier<Engine> engine, long from, long to, boolean lies, int most) {
        List<String> failures = new ArrayList<>();
        for (long seed = from; seed < to; seed++) {
            List<String> told = new ArrayList<>();
            try {
                run(seed, engine.get(), lies, most, told);
            } catch (RuntimeException failed) {
                String story = failures.isEmpty() ? "\n" + String.join("\n", told) : "";
                failures.add("seed " + seed + ": " + failed + story);
            }
        }
        return failures;
    }

    private void run() {
        boolean crashes = random.nextBoolean();
        boolean drops = random.nextBoolean();
        boolean freezes = random.nextBoolean();
        boolean restarts = random.nextInt(3) == 0;
        int people = 2 + random.nextInt(most - 1);
        int pause = 50 + random.nextInt(2_000);
        while (now < CHAOS_MILLIS) {
            act(people, crashes, drops, freezes, restarts);
            if (lies && now > CHAOS_MILLIS / 4) server.lie();
            runUntil(now + 1 + random.nextInt(pause));
        }
        tell(() -> "CALM");
        latency = 30;
        if (lies) server.restart(); // as an honest one
        server.honest = true;
        runUntil(now + CALM_MILLIS);
        checkTogether();
        for (Guest guest : guests) if (guest.there()) guest.session.leave();
        runUntil(now + 1_000);
    }

    private void act(int people, boolean crashes, boolean drops, boolean freezes, boolean restarts) {
        List<Guest> there = there();
        Guest one = there.isEmpty() ? null : there.get(random.nextInt(there.size()));
        int dice = random.nextInt(12);
        if (one == null || dice < 4 && there.size() < people) come();
        else if (dice == 4) leave(one);
        else if (dice == 5) one.session.rekey();
        else if (dice == 6 && crashes) crash(one);
        else if (dice <= 8 && drops && one.wire != null) server.dropByClient(one.wire, 1 + random.nextInt(3_000));
        else if (dice == 9 && drops && one.wire != null) server.dropByServer(one.wire);
        else if (dice == 10 && freezes) one.frozenUntil = Math.max(one.frozenUntil, now + random.nextInt(8_000));
        else if (dice == 11 && restarts) server.restart();
    }

    private void come() {
        String name = "person " + (guests.size() + 1);
        tell(() -> name + " comes");
        Guest guest = new Guest(this, name, engine.member(name, link.room()));
        guests.add(guest);
        guest.session.enter();
    }

    private void leave(Guest one) {
        tell(() -> one.name + " leaves");
        one.session.leave();
    }

    private void crash(Guest one) {
        tell(() -> one.name + " CRASHES");
        one.crashed = true;
        if (one.wire != null) server.dropByClient(one.wire, 1 + random.nextInt(3_000));
    }

    private List<Guest> there() {
        return guests.stream().filter(Guest::there).toList();
    }

    // Time

    void at(long time, Runnable run) {
        tasks.add(new Task(time, ++numbers, run));
    }

    /** For a guest: later, if it hangs. */
    void at(long time, Guest guest, BooleanSupplier still, Runnable run) {
        at(time, () -> {
            guest.waiting.add(() -> {
                if (!guest.crashed && still.getAsBoolean()) run.run();
            });
            wake(guest);
        });
    }

    /** What waits for a guest is done in order, once it does not hang. */
    private void wake(Guest guest) {
        if (guest.frozenUntil > now) at(guest.frozenUntil, () -> wake(guest));
        else while (!guest.waiting.isEmpty()) guest.waiting.poll().run();
    }

    Timers.Timer schedule(Guest guest, long delay, Runnable task) {
        boolean[] cancelled = new boolean[1];
        at(now + delay, guest, () -> !cancelled[0], task);
        return () -> cancelled[0] = true;
    }

    private void runUntil(long time) {
        while (!tasks.isEmpty() && tasks.peek().time() <= time) {
            Task task = tasks.poll();
            now = Math.max(now, task.time());
            task.run().run();
        }
        now = time;
    }

    long delay() {
        return 1 + random.nextInt(latency);
    }

    void fill(byte[] bytes) {
        random.nextBytes(bytes);
    }

    // What must hold

    void tell(Supplier<String> line) {
        if (story != null) story.add(String.format("%6d ms  %s", now, line.get()));
    }

    void must(String property, boolean holds, Supplier<String> otherwise) {
        if (!holds) throw new Broken(property, otherwise.get());
    }

    /** Members in one epoch have one roster; at an honest server one secret, too. */
    void adopted(Guest guest, Guest.Place place) {
        Set<String> known = rosters.putIfAbsent(place, guest.roster);
        must(
                "SameEpochSameRosterAndExporter",
                known == null || known.equals(guest.roster),
                () -> guest.name + " has " + guest.roster + " where others have " + known);
        if (lies) return;
        Guest.Place other = places.putIfAbsent(Map.entry(place.group(), place.epoch()), place);
        must(
                "SameEpochSameRosterAndExporter",
                other == null || other.equals(place),
                () -> guest.name + " has another secret than somebody in epoch " + place.epoch());
    }

    private void checkTogether() {
        List<Guest> there = there();
        Set<String> names = there.stream().map(guest -> guest.name).collect(Collectors.toCollection(TreeSet::new));
        Optional<Guest.Place> first = there.isEmpty() ? Optional.empty() : there.getFirst().place;
        for (Guest guest : there) {
            must("AllWhoAskAreAdmitted", guest.place.isPresent(), () -> "in the end " + guest + " is in no group");
            must("NoSplitLasts", guest.place.equals(first), () -> "in the end " + guest + " is apart: " + guest.roster);
            must(
                    "AllGoneAreRemoved",
                    guest.roster.equals(names),
                    () -> "in the end " + guest + " has " + guest.roster + ", there are " + names);
        }
    }
}
