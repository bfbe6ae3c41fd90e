package sotto.demo.fault;

import java.util.List;
import java.util.Optional;

/** All faults, in the order in which {@code --list-faults} names them. */
public final class Faults {
    private Faults() {}

    public static final List<Fault> ALL = List.of(
            new CommitterKilled(),
            new CommitterPageClosed(),
            new CommitterFrozen(),
            new TwoLowestKilled(),
            new ServerRestart(),
            new CutOff(10),
            new LaptopSleep(60),
            new ClockJump(),
            new RelayKilled(),
            new RelayDrained(),
            new RelayCut(10));

    public static Optional<Fault> named(String name) {
        return ALL.stream().filter(fault -> fault.name().equals(name)).findFirst();
    }

    /** For {@code --list-faults}. */
    public static String list() {
        StringBuilder out = new StringBuilder();
        for (Fault fault : ALL) out.append(String.format("  %-22s %s%n", fault.name(), fault.about()));
        return out.append(String.format("  %-22s %s%n", "all", "All of them, one after the other."))
                .toString();
    }
}
