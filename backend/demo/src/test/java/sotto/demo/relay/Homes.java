package sotto.demo.relay;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import sotto.demo.fault.Cable;
import sotto.demo.fault.Signals;

/**
 * Networks of their own (Linux network namespaces) for people's backends and browsers, each with addresses that nobody
 * else has, and one switch between them and this computer. Needs root, and {@code ip} of iproute2.
 */
final class Homes implements AutoCloseable {
    private final String name = "so" + ProcessHandle.current().pid();
    /** Set aside for measurements between networks (RFC 2544); the faults' cables take the other half of it. */
    private final String network = "198.19." + ProcessHandle.current().pid() % 250 + ".";

    private final String network6 =
            "fd53:" + Long.toHexString(ProcessHandle.current().pid() % 0xffff) + "::";
    private final int homes;
    private final Thread clean = new Thread(this::remove);

    /** @throws IOException if {@link #missing} says why */
    Homes(int homes) throws IOException {
        this.homes = homes;
        Runtime.getRuntime().addShutdownHook(clean);
        try {
            ip("link add " + name + " type bridge");
            ip("addr add " + here() + "/24 dev " + name);
            ip("-6 addr add " + network6 + "1/64 dev " + name + " nodad");
            ip("link set " + name + " up");
            for (int home = 0; home < homes; home++) make(home);
        } catch (IOException e) {
            close();
            throw e;
        }
    }

    /** Why there can be none here; empty if there can. */
    static String missing() {
        return Cable.missing();
    }

    private void make(int home) throws IOException {
        String space = space(home);
        ip("netns add " + space);
        ip("link add " + port(home) + " type veth peer name " + space + "p");
        ip("link set " + space + "p netns " + space);
        ip("link set " + port(home) + " master " + name + " up");
        ip("-n " + space + " link set lo up");
        ip("-n " + space + " addr add " + address(home) + "/24 dev " + space + "p");
        ip("-n " + space + " -6 addr add " + address6(home) + "/64 dev " + space + "p nodad");
        ip("-n " + space + " link set " + space + "p up");
        ip("-n " + space + " route add default via " + here());
    }

    private String space(int home) {
        return name + "h" + home;
    }

    /** The switch's interface for a home: all that comes to it and from it passes here. */
    String port(int home) {
        return space(home) + "k";
    }

    /** Of this computer, where the servers are. */
    String here() {
        return network + "1";
    }

    String address(int home) {
        return network + (101 + home);
    }

    String address6(int home) {
        return network6 + "4d:" + (101 + home);
    }

    /** A command line before another one that is to run in this home. */
    List<String> in(int home) {
        return List.of("ip", "netns", "exec", space(home));
    }

    /** From now on this home's network loses every UDP packet that leaves it, without a word. */
    void loseUdp(int home) throws IOException {
        for (String family : List.of("-4", "-6"))
            ip("-n " + space(home) + " " + family + " rule add ipproto udp pref 10 blackhole");
    }

    private static void ip(String arguments) throws IOException {
        List<String> command = new ArrayList<>(List.of("ip"));
        command.addAll(List.of(arguments.split(" ")));
        Signals.run(command);
    }

    private void remove() {
        List<String> all = new ArrayList<>();
        for (int home = 0; home < homes; home++) {
            all.add("link del " + port(home));
            all.add("netns del " + space(home));
        }
        all.add("link del " + name);
        for (String what : all)
            try {
                ip(what);
            } catch (IOException notThere) {
                // It was not made.
            }
    }

    @Override
    public void close() {
        remove();
        Runtime.getRuntime().removeShutdownHook(clean);
    }
}
