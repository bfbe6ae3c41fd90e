package sotto.demo.bench;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import sotto.demo.crowd.CrowdMember;

/** How long a room is without a committer: until everybody else is in the next epoch. */
final class FailoverBench implements Benchmark {
    private static final int MEMBERS = 5;
    private static final double DROP_GOAL_MS = 1_000;
    private static final double HANG_GOAL_MS = 2_000;
    private static final ObjectMapper JSON = new ObjectMapper();

    @Override
    public String name() {
        return "failover";
    }

    @Override
    public String explanation() {
        return "five members, each a process of its own: the designated committer's connection drops, or it hangs with its"
                + " connection standing while a new epoch is asked for; from the fault to the next epoch at all others";
    }

    @Override
    public int defaultRounds() {
        return 50;
    }

    @Override
    public Result run(int rounds, Consumer<String> progress) throws IOException {
        try (RoomStage stage = new RoomStage(MEMBERS)) {
            String link = stage.room();
            List<CrowdMember> all = new ArrayList<>();
            for (int i = 0; i < MEMBERS; i++) all.add(stage.crowd.member("member " + i));
            all.forEach(one -> one.enter(link));
            stage.crowd.awaitTogether(all, RoomStage.PATIENCE);
            List<Double> drops = new ArrayList<>();
            List<Double> hangs = new ArrayList<>();
            drop(stage, all, link);
            hang(stage, all);
            for (int round = 1; round <= rounds; round++) {
                drops.add(drop(stage, all, link));
                hangs.add(hang(stage, all));
                if (round % 10 == 0) progress.accept("round " + round + " of " + rounds);
            }
            return result(Spread.of(drops), Spread.of(hangs));
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted", interrupted);
        }
    }

    private static double drop(RoomStage stage, List<CrowdMember> all, String link) throws InterruptedException {
        CrowdMember victim = RoomStage.committer(all);
        List<CrowdMember> rest = new ArrayList<>(all);
        rest.remove(victim);
        long fault = System.nanoTime();
        victim.crash();
        long over = stage.crowd.awaitTogether(rest, RoomStage.PATIENCE);
        victim.enter(link);
        stage.crowd.awaitTogether(all, RoomStage.PATIENCE);
        return (over - fault) / 1e6;
    }

    private static double hang(RoomStage stage, List<CrowdMember> all) throws InterruptedException {
        CrowdMember victim = RoomStage.committer(all);
        List<CrowdMember> rest = new ArrayList<>(all);
        rest.remove(victim);
        long before = rest.getFirst().seen().epoch();
        long fault = System.nanoTime();
        victim.freeze();
        rest.getLast().rekey();
        long over = stage.crowd.await(
                "the next epoch without the committer",
                RoomStage.PATIENCE,
                () -> rest.stream().allMatch(one -> one.seen().epoch() > before));
        victim.thaw();
        stage.crowd.awaitTogether(all, RoomStage.PATIENCE);
        return (over - fault) / 1e6;
    }

    private static Result result(Spread drops, Spread hangs) {
        ObjectNode figures = JSON.createObjectNode();
        figures.set("dropMs", JSON.valueToTree(drops));
        figures.set("hangMs", JSON.valueToTree(hangs));
        return new Result(
                figures,
                List.of(
                        goal("committer's connection drops: next epoch at everyone", drops, DROP_GOAL_MS),
                        goal("committer hangs: next epoch at everyone", hangs, HANG_GOAL_MS)),
                List.of("connection drops: " + drops.text(), "hangs: " + hangs.text()));
    }

    private static Result.Goal goal(String what, Spread measured, double most) {
        return new Result.Goal(
                what + " within " + Math.round(most) + " ms (p95)",
                Math.round(measured.p95()) + " ms",
                measured.p95() < most);
    }
}
