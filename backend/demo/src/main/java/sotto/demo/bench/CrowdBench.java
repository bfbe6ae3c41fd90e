package sotto.demo.bench;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import sotto.demo.crowd.CrowdMember;

/** Many people join a room at the same moment. */
final class CrowdBench implements Benchmark {
    private static final List<Integer> SIZES = List.of(10, 25, 50, 100, 200, 300);
    private static final int GOAL_SIZE = 100;
    private static final double GOAL_MS = 3_000;
    private static final int GOAL_COMMITS = 5;
    private static final int PROCESSES = 2;
    private static final int WARM_UPS = 4;
    private static final ObjectMapper JSON = new ObjectMapper();

    private record Joined(double ms, long commits) {}

    @Override
    public String name() {
        return "crowd";
    }

    @Override
    public String explanation() {
        return "so many headless members in " + PROCESSES + " processes ask at the same moment to join a room with one"
                + " in it: until every one of them holds the same keys, and by how many commits; after " + WARM_UPS
                + " times " + GOAL_SIZE + " to warm Java up";
    }

    @Override
    public int defaultRounds() {
        return 3;
    }

    @Override
    public Result run(int rounds, Consumer<String> progress) throws IOException {
        ArrayNode sizes = JSON.createArrayNode();
        List<String> lines = new ArrayList<>();
        List<Result.Goal> goals = new ArrayList<>();
        // Everybody waits for the one inside, who has a computer of its own: it does not wait for the others' turns.
        // And who waits long for a turn is not dead.
        try (RoomStage stage = new RoomStage(1 + PROCESSES, RoomStage.PATIENCE)) {
            // Java compiles what runs often: a process that holds dozens of people would spend the first rounds on it.
            for (int i = 0; i < WARM_UPS; i++) join(stage, GOAL_SIZE);
            for (int size : SIZES) {
                List<Double> times = new ArrayList<>();
                long commits = 0;
                Optional<Joined> joined = Optional.empty();
                for (int round = 1; round <= rounds; round++) {
                    joined = join(stage, size);
                    if (joined.isEmpty()) break;
                    times.add(joined.get().ms);
                    commits = Math.max(commits, joined.get().commits);
                }
                if (joined.isEmpty()) {
                    String late = size + " at once: not within " + RoomStage.PATIENCE.toSeconds() + " s";
                    progress.accept(late);
                    lines.add(late);
                    sizes.addObject().put("people", size).putNull("ms");
                    if (size <= GOAL_SIZE)
                        goals.add(new Result.Goal(GOAL_SIZE + " joins at once come in at all", late, false));
                    break; // larger ones would not either
                }
                Spread spread = Spread.of(times);
                String line = size + " at once: " + spread.text() + ", " + commits + " commits at most";
                progress.accept(line);
                lines.add(line);
                ObjectNode figures = sizes.addObject();
                figures.put("people", size);
                figures.set("ms", JSON.valueToTree(spread));
                figures.put("commitsAtMost", commits);
                if (size == GOAL_SIZE) judge(spread, commits, goals);
            }
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted", interrupted);
        }
        return new Result(JSON.createObjectNode().set("sizes", sizes), goals, lines);
    }

    private static void judge(Spread spread, long commits, List<Result.Goal> goals) {
        goals.add(new Result.Goal(
                GOAL_SIZE + " joins at once: everybody has the key within " + Math.round(GOAL_MS) + " ms (p50)",
                Math.round(spread.p50()) + " ms",
                spread.p50() <= GOAL_MS));
        goals.add(new Result.Goal(
                GOAL_SIZE + " joins at once: at most " + GOAL_COMMITS + " commits",
                Long.toString(commits),
                commits <= GOAL_COMMITS));
    }

    /** Empty if they are not together in time. */
    private static Optional<Joined> join(RoomStage stage, int size) throws IOException, InterruptedException {
        String link = stage.room();
        CrowdMember first = stage.crowd.memberIn(0, "first");
        first.enter(link);
        stage.crowd.awaitTogether(List.of(first), RoomStage.PATIENCE);
        List<CrowdMember> all = new ArrayList<>(List.of(first));
        for (int i = 1; i <= size; i++) all.add(stage.crowd.memberIn(1 + i % PROCESSES, "member " + i));
        long before = first.seen().epoch();
        long asked = System.nanoTime();
        all.subList(1, all.size()).forEach(one -> one.enter(link));
        try {
            long there = stage.crowd.await(size + " people to share keys", RoomStage.PATIENCE, () -> shareKeys(all));
            return Optional.of(new Joined((there - asked) / 1e6, first.seen().epoch() - before));
        } catch (AssertionError late) {
            return Optional.empty();
        } finally {
            all.forEach(CrowdMember::close);
        }
    }

    private static boolean shareKeys(List<CrowdMember> all) {
        var first = all.getFirst().seen();
        return first.names().size() == all.size()
                && all.stream().allMatch(one -> one.seen().agrees(first));
    }
}
