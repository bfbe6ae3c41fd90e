package sotto.demo.crowd;

import java.io.BufferedReader;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStreamWriter;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import sotto.app.net.ServerConnector;

/**
 * The program in a {@link CrowdProcess}: takes orders from standard input, a line of JSON each, and reports what members
 * see on standard output. Ends with its input. Links come this way and not as arguments, which others could read.
 */
final class CrowdHost {
    /** What a member is told. */
    enum Verb {
        /** Must come first; members are numbered from 0 in this order. */
        MAKE,
        ENTER,
        LEAVE,
        CRASH,
        CUT,
        FREEZE,
        THAW,
        REKEY,
        CLOSE
    }

    /** @param text the name for {@code MAKE}, the link for {@code ENTER} */
    record Order(int member, Verb verb, String text) {}

    /** What a member sees now; what it saw in between may be left out. */
    record Report(int member, Seen seen) {}

    private final ServerConnector connector;
    private final List<HeadlessMember> members = new ArrayList<>();
    /** Members of whom there is something new to say. */
    private final Set<Integer> changed = new LinkedHashSet<>();

    private CrowdHost(ServerConnector connector) {
        this.connector = connector;
    }

    /** @param args milliseconds of silence after which members take the server for gone; nothing for the usual */
    public static void main(String[] args) throws IOException {
        CrowdHost host = new CrowdHost(
                args.length == 0
                        ? new ServerConnector()
                        : new ServerConnector(Duration.ofMillis(Long.parseLong(args[0]))));
        Thread.ofPlatform().daemon().name("reports").start(host::report);
        try (var lines = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8))) {
            for (String line; (line = lines.readLine()) != null; )
                host.obey(CrowdProcess.JSON.readValue(line, Order.class));
        }
        System.exit(0);
    }

    private void obey(Order order) {
        if (order.verb() == Verb.MAKE) {
            HeadlessMember made = new HeadlessMember(order.text(), connector);
            synchronized (changed) {
                members.add(made);
            }
            made.listen(seen -> {
                synchronized (changed) {
                    changed.add(order.member());
                    changed.notifyAll();
                }
            });
            return;
        }
        HeadlessMember member = members.get(order.member());
        switch (order.verb()) {
            case ENTER -> member.enter(order.text());
            case LEAVE -> member.leave();
            case CRASH -> member.crash();
            case CUT -> member.cut();
            case FREEZE -> member.freeze();
            case THAW -> member.thaw();
            case REKEY -> member.rekey();
            case CLOSE -> member.close();
            case MAKE -> throw new AssertionError("handled above");
        }
    }

    private void report() {
        try (Writer out = new BufferedWriter(new OutputStreamWriter(System.out, StandardCharsets.UTF_8))) {
            while (true) {
                List<Report> reports = new ArrayList<>();
                synchronized (changed) {
                    while (changed.isEmpty()) changed.wait();
                    for (int number : changed)
                        reports.add(new Report(number, members.get(number).seen()));
                    changed.clear();
                }
                for (Report report : reports) {
                    out.write(CrowdProcess.JSON.writeValueAsString(report));
                    out.write('\n');
                }
                out.flush();
            }
        } catch (IOException | InterruptedException closed) {
            System.exit(0);
        }
    }
}
