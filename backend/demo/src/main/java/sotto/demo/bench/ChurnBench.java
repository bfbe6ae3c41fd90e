package sotto.demo.bench;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import sotto.demo.crowd.CrowdMember;
import sotto.demo.crowd.Seen;
import sotto.keys.frames.EpochFrameKeys;
import sotto.rooms.machine.End;

/**
 * People come, leave, crash, lose their connection and hang without rest. Again and again everything stops, and whoever
 * is inside has to come together: then nobody is stuck and nothing is split. Rounds are minutes.
 */
final class ChurnBench implements Benchmark {
    private static final int MEMBERS = 30;
    private static final int PROCESSES = 3;
    private static final int FEWEST = 5;
    private static final Duration CHURNING = Duration.ofSeconds(20);
    /** Longer than silent members stay in the roster. */
    private static final Duration COMING_TOGETHER = Duration.ofSeconds(40);
    /** Growth of the live heap that warm caches explain. */
    private static final double HEAP_GROWTH = 1.25;

    private static final ObjectMapper JSON = new ObjectMapper();

    private final Random random = new Random(20_260_101);
    private final Set<CrowdMember> inside = new HashSet<>();
    private final Set<CrowdMember> crashed = new HashSet<>();
    private final Set<CrowdMember> hanging = new HashSet<>();
    private int actions;

    @Override
    public String name() {
        return "churn";
    }

    @Override
    public String explanation() {
        return MEMBERS + " headless members in " + PROCESSES + " processes join, leave, crash, hang and lose their"
                + " connection at random, for as many minutes as there are rounds; every " + CHURNING.toSeconds()
                + " s all who are inside have to share one epoch";
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
    public Result run(int minutes, Consumer<String> progress) throws IOException {
        try (RoomStage stage = new RoomStage(PROCESSES)) {
            return churn(stage, minutes, progress);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted", interrupted);
        }
    }

    private Result churn(RoomStage stage, int minutes, Consumer<String> progress)
            throws IOException, InterruptedException {
        String link = stage.room();
        List<CrowdMember> all = new ArrayList<>();
        for (int i = 0; i < MEMBERS; i++) all.add(stage.crowd.member("member " + i));
        all.subList(0, FEWEST).forEach(one -> enter(one, link));
        stage.crowd.awaitTogether(inside, RoomStage.PATIENCE);

        long end = System.nanoTime() + Duration.ofMinutes(minutes).toNanos();
        List<Double> together = new ArrayList<>();
        List<String> stuck = new ArrayList<>();
        LiveHeap early = null;
        while (System.nanoTime() < end && stuck.isEmpty()) {
            long pause = System.nanoTime() + CHURNING.toNanos();
            while (System.nanoTime() < pause) {
                act(all, link);
                LockSupport.parkNanos(
                        Duration.ofMillis(100 + random.nextInt(400)).toNanos());
            }
            hanging.forEach(CrowdMember::thaw);
            hanging.clear();
            long still = System.nanoTime();
            try {
                together.add((stage.crowd.awaitTogether(inside, COMING_TOGETHER) - still) / 1e6);
            } catch (AssertionError apart) {
                stuck.add(apart.getMessage());
                progress.accept(apart.getMessage());
            }
            // The first rest comes with cold caches.
            if (together.size() == 3) early = heap(stage);
            progress.accept(actions + " actions, " + inside.size() + " inside, epoch "
                    + inside.iterator().next().seen().epoch() + ", together again after "
                    + (together.isEmpty() ? "never" : Math.round(together.getLast()) + " ms"));
        }
        LiveHeap late = heap(stage);
        return result(all, together, stuck, early == null ? late : early, late);
    }

    private void act(List<CrowdMember> all, String link) {
        CrowdMember one = all.get(random.nextInt(all.size()));
        if (hanging.remove(one)) {
            one.thaw();
            return;
        }
        actions++;
        if (inside.contains(one) && one.seen().ended()) inside.remove(one);
        if (!inside.contains(one)) {
            enter(one, link);
            return;
        }
        int what = random.nextInt(10);
        if (what < 4 && inside.size() > FEWEST) {
            one.leave();
            inside.remove(one);
        } else if (what < 6 && inside.size() > FEWEST) {
            one.crash();
            crashed.add(one);
            inside.remove(one);
        } else if (what < 8) one.cut();
        else if (what < 9) one.rekey();
        else {
            one.freeze();
            hanging.add(one);
        }
    }

    private void enter(CrowdMember one, String link) {
        one.enter(link);
        inside.add(one);
    }

    private static LiveHeap heap(RoomStage stage) throws IOException, InterruptedException {
        LiveHeap sum = null;
        for (ProcessHandle process : stage.crowd.processes()) {
            LiveHeap one = LiveHeap.of(process.pid());
            sum = sum == null ? one : sum.plus(one);
        }
        return sum;
    }

    private Result result(
            List<CrowdMember> all, List<Double> together, List<String> stuck, LiveHeap early, LiveHeap late) {
        long epochs = all.stream().mapToLong(one -> one.seen().epochs()).max().orElse(0);
        long alarms = all.stream().mapToLong(one -> one.seen().alarmCount()).sum();
        List<String> failures = all.stream()
                .map(one -> one.seen().failure())
                .filter(text -> !text.isEmpty())
                .toList();
        // A crash would take its keys with it; here the journal of such a member lives on.
        long keysOutside = all.stream()
                .filter(one -> !crashed.contains(one))
                .map(CrowdMember::seen)
                .filter(seen -> seen.end().equals(End.LEFT.code()))
                .mapToLong(Seen::keysLive)
                .sum();
        long mostKeysInside = inside.stream()
                .map(CrowdMember::seen)
                .mapToLong(Seen::keysLive)
                .max()
                .orElse(0);
        long epochKeys = late.count(EpochFrameKeys.class.getName());
        double growth = (double) late.bytes() / early.bytes();

        ObjectNode figures = JSON.createObjectNode();
        figures.put("actions", actions);
        figures.put("epochsOfOneMember", epochs);
        figures.put("rests", together.size());
        if (!together.isEmpty()) figures.set("togetherAfterMs", JSON.valueToTree(Spread.of(together)));
        figures.put("alarms", alarms);
        figures.put("heapBytesEarly", early.bytes());
        figures.put("heapBytesLate", late.bytes());
        figures.put("keysLiveOfThoseWhoLeft", keysOutside);
        figures.put("mostKeysLiveInside", mostKeysInside);
        figures.put("epochKeysOnHeap", epochKeys);
        figures.put("inside", inside.size());
        figures.set("stuck", JSON.valueToTree(stuck));
        figures.set("failures", JSON.valueToTree(failures));
        return new Result(
                figures,
                List.of(
                        new Result.Goal("no split and nobody stuck", stuck.size() + " times", stuck.isEmpty()),
                        new Result.Goal("no member fails", failures.size() + " failed", failures.isEmpty()),
                        new Result.Goal("no alarm without an attack", alarms + " alarms", alarms == 0),
                        new Result.Goal(
                                "the live heap does not grow (beyond " + HEAP_GROWTH + ")",
                                String.format("%.2f", growth),
                                growth <= HEAP_GROWTH),
                        new Result.Goal(
                                "whoever left holds no key of the call", keysOutside + " keys", keysOutside == 0),
                        new Result.Goal(
                                "keys of one epoch at most per member on the heap",
                                epochKeys + " for " + inside.size() + " inside",
                                epochKeys <= inside.size())),
                List.of(
                        actions + " actions, " + epochs + " epochs at one member, " + together.size() + " rests",
                        "together again: "
                                + (together.isEmpty()
                                        ? "never"
                                        : Spread.of(together).text()),
                        "live heap " + (early.bytes() >> 20) + " → " + (late.bytes() >> 20) + " MiB",
                        "keys alive: " + keysOutside + " at those who left, " + mostKeysInside
                                + " at most at one inside"));
    }
}
