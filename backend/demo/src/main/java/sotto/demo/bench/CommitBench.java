package sotto.demo.bench;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.Consumer;

/** What an MLS commit costs in groups of two sizes, against OpenMLS. */
final class CommitBench implements Benchmark {
    private static final List<Integer> SIZES = List.of(100, 1_000);
    private static final double GOAL_RATIO = 1.5;
    /** Commits of this program's engine before the first is measured: Java compiles what is used often. */
    private static final int WARM_UP = 2_000;

    private static final ObjectMapper JSON = new ObjectMapper();

    /** One commit: how long its making and its processing took. */
    record Cost(double makeMillis, double processMillis, int bytes) {}

    /** A founder, who processes, and the last newcomer of a group, who commits. */
    interface Pair extends AutoCloseable {
        /** A commit with a path, that adds somebody or nobody. */
        Cost commit(boolean add) throws IOException;

        @Override
        void close();
    }

    @Override
    public String name() {
        return "commit";
    }

    @Override
    public String explanation() {
        return "a member makes an MLS commit and another processes it and enters its epoch, in turn with this program's"
                + " engine and with OpenMLS, in groups whose trees are populated alike";
    }

    @Override
    public int defaultRounds() {
        return 30;
    }

    @Override
    public boolean onlyIfNamed() {
        return true;
    }

    @Override
    public Result run(int rounds, Consumer<String> progress) throws IOException {
        ArrayNode figures = JSON.createArrayNode();
        List<String> lines = new ArrayList<>();
        List<Result.Goal> goals = new ArrayList<>();
        progress.accept("building OpenMLS's side with cargo");
        try (OpenMlsPair.Program program = OpenMlsPair.build()) {
            for (int size : SIZES) {
                progress.accept("making two groups of " + size);
                try (Pair ours = OwnPair.of(size);
                        Pair theirs = program.pair(size)) {
                    for (int i = 0; i < WARM_UP; i++) ours.commit(i % 2 == 0);
                    for (boolean add : new boolean[] {false, true}) {
                        measure(size, add, rounds, ours, theirs, figures, lines, goals);
                        progress.accept(lines.getLast());
                    }
                }
            }
        }
        return new Result(JSON.createObjectNode().set("sizes", figures), goals, lines);
    }

    private static void measure(
            int size,
            boolean add,
            int rounds,
            Pair ours,
            Pair theirs,
            ArrayNode figures,
            List<String> lines,
            List<Result.Goal> goals)
            throws IOException {
        List<Cost> own = new ArrayList<>();
        List<Cost> other = new ArrayList<>();
        for (int round = 0; round < rounds; round++) {
            own.add(ours.commit(add));
            other.add(theirs.commit(add));
        }
        Spread process = spread(own, true);
        Spread theirProcess = spread(other, true);
        Spread make = spread(own, false);
        Spread theirMake = spread(other, false);
        double ratio = process.p50() / theirProcess.p50();
        String what = size + " members, " + (add ? "a commit that adds one" : "a commit with a path alone");
        lines.add(String.format(
                Locale.ROOT,
                "%s: process %.1f ms (OpenMLS %.1f, ratio %.2f), make %.1f ms (OpenMLS %.1f, ratio %.2f);"
                        + " %d bytes (%d)",
                what,
                process.p50(),
                theirProcess.p50(),
                ratio,
                make.p50(),
                theirMake.p50(),
                make.p50() / theirMake.p50(),
                own.getLast().bytes(),
                other.getLast().bytes()));
        ObjectNode node = figures.addObject();
        node.put("members", size);
        node.put("adds", add ? 1 : 0);
        node.set("processMs", JSON.valueToTree(process));
        node.set("openMlsProcessMs", JSON.valueToTree(theirProcess));
        node.set("makeMs", JSON.valueToTree(make));
        node.set("openMlsMakeMs", JSON.valueToTree(theirMake));
        goals.add(new Result.Goal(
                what + ": processed in at most " + GOAL_RATIO + " times OpenMLS's time (p50)",
                String.format(Locale.ROOT, "%.2f", ratio),
                ratio <= GOAL_RATIO));
    }

    private static Spread spread(List<Cost> costs, boolean process) {
        return Spread.of(costs.stream()
                .map(cost -> process ? cost.processMillis() : cost.makeMillis())
                .toList());
    }
}
