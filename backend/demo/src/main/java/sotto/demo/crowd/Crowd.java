package sotto.demo.crowd;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import sotto.app.net.ServerConnector;
import sotto.keys.identity.Identity;

/** Makes headless members, in this process or spread over others, and waits for what they share. */
public final class Crowd implements AutoCloseable {
    private final List<CrowdProcess> processes = new ArrayList<>();
    private final List<CrowdMember> members = new ArrayList<>();
    private final ServerConnector connector;
    private final Object changes = new Object();
    private long changed;

    private Crowd(ServerConnector connector) {
        this.connector = connector;
    }

    /** A crowd in this process: every member shares its MLS thread. */
    public static Crowd here() {
        return new Crowd(new ServerConnector());
    }

    /**
     * A crowd in Java processes of its own; members are spread over them in turn.
     *
     * @param log gets what the processes say on standard error
     */
    public static Crowd inProcesses(int processes, Path log) throws IOException {
        return inProcesses(processes, log, Optional.empty());
    }

    /**
     * The same, of members with patience of their own.
     *
     * @param dead silence after which they take the server for gone
     */
    public static Crowd inProcesses(int processes, Path log, Duration dead) throws IOException {
        return inProcesses(processes, log, Optional.of(dead));
    }

    private static Crowd inProcesses(int processes, Path log, Optional<Duration> dead) throws IOException {
        if (processes < 1) throw new IllegalArgumentException("a crowd needs a process");
        Crowd crowd = new Crowd(null);
        try {
            for (int i = 0; i < processes; i++) crowd.processes.add(CrowdProcess.start(log, dead));
        } catch (IOException failed) {
            crowd.close();
            throw failed;
        }
        return crowd;
    }

    /** A new person. Names need not differ for anything but {@link #awaitTogether} and who reads them. */
    public synchronized CrowdMember member(String name) {
        return processes.isEmpty()
                ? added(new HeadlessMember(name, connector))
                : memberIn(members.size() % processes.size(), name);
    }

    /**
     * A new person in one of the processes.
     *
     * @param process from 0
     */
    public synchronized CrowdMember memberIn(int process, String name) {
        return added(processes.get(process).member(name));
    }

    private <M extends CrowdMember> M added(M member) {
        member.listen(seen -> noteChange());
        members.add(member);
        return member;
    }

    /** The Java processes of the members; empty if they live in this one. */
    public List<ProcessHandle> processes() {
        return processes.stream().map(CrowdProcess::handle).toList();
    }

    /** A new person in this process, with this identity. */
    public synchronized HeadlessMember member(String name, Identity identity) {
        return added(new HeadlessMember(name, connector, identity));
    }

    private void noteChange() {
        synchronized (changes) {
            changed++;
            changes.notifyAll();
        }
    }

    /**
     * Waits until these and nobody else are in one group, in one epoch, with the same keys, all connected.
     *
     * @return {@link System#nanoTime} when that was so
     * @throws AssertionError if it does not come in time; says who sees what
     */
    public long awaitTogether(Collection<? extends CrowdMember> expected, Duration patience)
            throws InterruptedException {
        return await(() -> together(expected), patience, () -> describe(expected));
    }

    /** Waits until something about the members is so. */
    public long await(String what, Duration patience, BooleanSupplier so) throws InterruptedException {
        return await(so, patience, () -> what);
    }

    private long await(BooleanSupplier so, Duration patience, java.util.function.Supplier<String> what)
            throws InterruptedException {
        long end = System.nanoTime() + patience.toNanos();
        while (true) {
            long before;
            synchronized (changes) {
                before = changed;
            }
            if (so.getAsBoolean()) return System.nanoTime();
            synchronized (changes) {
                while (changed == before) {
                    long left = end - System.nanoTime();
                    if (left <= 0) throw new AssertionError("waited in vain: " + what.get());
                    TimeUnit.NANOSECONDS.timedWait(changes, left);
                }
            }
        }
    }

    /** Whether these and nobody else share a group and epoch now. */
    public static boolean together(Collection<? extends CrowdMember> expected) {
        Seen first = null;
        for (CrowdMember member : expected) {
            Seen seen = member.seen();
            if (seen.ended() || !seen.server() || seen.names().size() != expected.size()) return false;
            if (seen.connected().size() != expected.size() || first != null && !seen.agrees(first)) return false;
            first = seen;
        }
        if (first == null) return true;
        Set<String> names = new HashSet<>();
        for (CrowdMember member : expected) names.add(member.name());
        return names.equals(new HashSet<>(first.names()));
    }

    private static String describe(Collection<? extends CrowdMember> expected) {
        StringBuilder text = new StringBuilder("that " + expected.size() + " are together; they see:");
        expected.stream()
                .limit(20)
                .forEach(member ->
                        text.append("\n  ").append(member.name()).append(": ").append(member.seen()));
        return text.toString();
    }

    /** Ends all members without a goodbye. */
    @Override
    public synchronized void close() {
        if (processes.isEmpty()) members.forEach(CrowdMember::close);
        processes.forEach(CrowdProcess::close);
        if (connector != null) connector.close();
    }
}
