package sotto.demo.fault;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/**
 * A network of its own (a Linux network namespace) for one person's backend and browser, or for a relay, and the cable
 * between it and this computer. Cut, nothing passes and nobody is told: as when a router far away loses its line. Needs
 * root, and {@code ip} of iproute2.
 */
public final class Cable implements AutoCloseable {
    /** Set aside for measurements between networks (RFC 2544), so that no real network is in its way. */
    private static final String NETWORK = "198.18.";

    private final String name = "sotto" + ProcessHandle.current().pid();
    private final String socket = name + "s";
    private final String here;
    private final Thread clean = new Thread(this::remove);

    private Cable() {
        here = NETWORK + ProcessHandle.current().pid() % 250 + ".1";
    }

    /** Why there can be none here; empty if there can. */
    public static String missing() {
        try {
            Signals.run(List.of("ip", "-V"));
        } catch (IOException none) {
            return "the program ip is missing (Debian: apt-get install iproute2)";
        }
        String probe = "sottoprobe" + ProcessHandle.current().pid();
        try {
            Signals.run(List.of("ip", "netns", "add", probe));
            Signals.run(List.of("ip", "netns", "del", probe));
            return "";
        } catch (IOException refused) {
            return "a network namespace cannot be made, which takes root (" + refused.getMessage() + ")";
        }
    }

    static Cable lay() throws IOException {
        Cable cable = new Cable();
        Runtime.getRuntime().addShutdownHook(cable.clean);
        try {
            cable.make();
            return cable;
        } catch (IOException e) {
            cable.close();
            throw e;
        }
    }

    private void make() throws IOException {
        ip("netns add " + name);
        // The bridge is the switch at this end. Its second port keeps it up while the cable is cut: those at this end
        // must not see a change.
        ip("link add " + name + "b type bridge");
        ip("link add " + name + "k type veth peer name " + name + "l");
        ip("link set " + name + "k master " + name + "b");
        ip("link add " + socket + " type veth peer name " + name + "p");
        ip("link set " + name + "p netns " + name);
        mend();
        for (String end : List.of(name + "k", name + "l", socket, name + "b")) ip("link set " + end + " up");
        ip("addr add " + here + "/30 dev " + name + "b");
        ip("-n " + name + " link set lo up");
        ip("-n " + name + " addr add " + there() + "/30 dev " + name + "p");
        ip("-n " + name + " link set " + name + "p up");
        ip("-n " + name + " route add default via " + here);
    }

    /** The address of this computer that both sides reach. */
    String here() {
        return here;
    }

    /** The address at the far end. */
    String there() {
        return here.substring(0, here.length() - 1) + "2";
    }

    /** A command line before another one that is to run at the far end. */
    List<String> far() {
        return List.of("ip", "netns", "exec", name);
    }

    void cut() throws IOException {
        ip("link set " + socket + " nomaster");
    }

    void mend() throws IOException {
        ip("link set " + socket + " master " + name + "b");
    }

    private static void ip(String arguments) throws IOException {
        List<String> command = new ArrayList<>(List.of("ip"));
        command.addAll(List.of(arguments.split(" ")));
        Signals.run(command);
    }

    private void remove() {
        for (String what :
                List.of("link del " + socket, "link del " + name + "k", "link del " + name + "b", "netns del " + name))
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
