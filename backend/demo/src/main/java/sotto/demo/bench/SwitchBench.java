package sotto.demo.bench;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.Consumer;
import sotto.demo.Browser;
import sotto.demo.Person;
import sotto.server.relay.RelaySettings;

/**
 * What two people see of a call that moves between a direct connection and a relay: the longest time without a newer
 * picture while it moves, against as long a time in which it stays where it is. The cameras are painted by the pages
 * themselves, so they stand still where a page is busy, as a real one would not: what a camera left out is taken off.
 */
final class SwitchBench implements Benchmark {
    private static final double FRAME_MS = 1000 / 15.0;
    /** A move is over by then: both ways were carried, and the old one is closed. */
    private static final double WINDOW_MS = 4_000;

    private static final double PATIENCE_MS = 20_000;
    private static final ObjectMapper JSON = new ObjectMapper();

    /**
     * What one of them saw in a window, in ms: the longest time without a newer picture, the longest with what the camera
     * itself left out taken off, and that between the two ways' pictures.
     */
    private record Seen(double asShown, double longest, double swap) {
        /** Two pictures, one shown after the other: time, time in the bar code, element, pictures of that element so far. */
        Seen with(JsonNode last, JsonNode next, double leftOut) {
            boolean swapped = next.get(2).asInt() != last.get(2).asInt();
            // What was shown while the page was busy: how it was spread is not known, so taken as even.
            long since =
                    swapped ? 1 : Math.max(1, next.get(3).asLong() - last.get(3).asLong());
            double gap = next.get(0).asDouble() - last.get(0).asDouble();
            double lost = Math.max(0, gap - leftOut);
            return new Seen(
                    Math.max(asShown, gap / since),
                    Math.max(longest, lost / since),
                    swapped ? Math.max(swap, lost) : swap);
        }
    }

    @Override
    public String name() {
        return "switch";
    }

    @Override
    public String explanation() {
        return "two people on this machine, cameras at 15 pictures a second; the call moves from direct to the relay or back,"
                + " and stays where it is for as long, in turn: the longest time without a newer picture";
    }

    @Override
    public int defaultRounds() {
        return 12;
    }

    @Override
    public boolean onlyIfNamed() {
        return true; // a relay has to be got first
    }

    @Override
    public Result run(int rounds, Consumer<String> progress) throws IOException {
        try (CallStage stage = new CallStage(null, RelaySettings.auto())) {
            String log = Scripts.resource("shown-log.js");
            Person ada = stage.add("Ada Lovett", "", log);
            Person bruno = stage.add("Bruno Sarti", "", log);
            try {
                bruno.join(ada.newRoom("direct"));
                awaitPath("direct", ada, bruno);
                // The first move loads what later ones find loaded.
                move(ada, "relay", ada, bruno);
                move(ada, "direct", ada, bruno);
                return measure(rounds, ada, bruno, progress);
            } catch (RuntimeException e) {
                progress.accept(stage.story());
                throw e;
            }
        }
    }

    private static Result measure(int rounds, Person ada, Person bruno, Consumer<String> progress) {
        List<Double> still = new ArrayList<>();
        List<Double> stillAsShown = new ArrayList<>();
        List<Double> movingAsShown = new ArrayList<>();
        List<Double> moving = new ArrayList<>();
        List<Double> swaps = new ArrayList<>();
        for (int round = 1; round <= rounds; round++) {
            List<Seen> stayed = gaps(ada, bruno, () -> {});
            String path = round % 2 == 1 ? "relay" : "direct";
            List<Seen> moved = gaps(ada, bruno, () -> move(ada, path, ada, bruno));
            stayed.forEach(seen -> still.add(seen.longest));
            moved.forEach(seen -> moving.add(seen.longest));
            moved.forEach(seen -> swaps.add(seen.swap));
            stayed.forEach(seen -> stillAsShown.add(seen.asShown));
            moved.forEach(seen -> movingAsShown.add(seen.asShown));
            progress.accept(String.format(
                    Locale.ROOT,
                    "round %d, to %s: %.0f and %.0f ms, at the swap %.0f and %.0f ms, staying %.0f and %.0f ms",
                    round,
                    path,
                    moved.get(0).longest,
                    moved.get(1).longest,
                    moved.get(0).swap,
                    moved.get(1).swap,
                    stayed.get(0).longest,
                    stayed.get(1).longest));
        }
        Spread with = Spread.of(moving);
        Spread without = Spread.of(still);
        long frames = Math.round((with.p95() - without.p95()) / FRAME_MS);
        Spread swap = Spread.of(swaps);
        long framesAtSwap = Math.round((swap.p95() - without.p95()) / FRAME_MS);
        ObjectNode figures = JSON.createObjectNode();
        figures.set("movingMs", JSON.valueToTree(with));
        figures.set("atTheSwapMs", JSON.valueToTree(swap));
        figures.set("stayingMs", JSON.valueToTree(without));
        figures.set("movingAsShownMs", JSON.valueToTree(Spread.of(movingAsShown)));
        figures.set("stayingAsShownMs", JSON.valueToTree(Spread.of(stillAsShown)));
        figures.put("framesOverBaselineP95", frames);
        figures.put("framesAtTheSwapOverBaselineP95", framesAtSwap);
        return new Result(
                figures,
                List.of(
                        new Result.Goal(
                                "gap between the two ways' pictures p95 0 frames over the baseline",
                                framesAtSwap + " frames",
                                framesAtSwap <= 0),
                        new Result.Goal("longest gap p95 0 frames over the baseline", frames + " frames", frames <= 0)),
                List.of(
                        "longest while moving:  " + with.text(),
                        "at the swap:           " + swap.text(),
                        "longest while staying: " + without.text(),
                        "with what the busy pages' cameras left out, while moving:  "
                                + Spread.of(movingAsShown).text(),
                        "with what the busy pages' cameras left out, while staying: "
                                + Spread.of(stillAsShown).text()));
    }

    private static List<Seen> gaps(Person ada, Person bruno, Runnable what) {
        for (Person one : List.of(ada, bruno)) one.page.evaluate("() => { sottoShown.take(); sottoShown.painted(); }");
        long end = System.nanoTime() + (long) (WINDOW_MS * 1e6);
        what.run();
        Browser.pump(ada.page, Math.max(1, (end - System.nanoTime()) / 1e6));
        return List.of(gaps(ada, bruno), gaps(bruno, ada));
    }

    /** What {@code one} saw of {@code other} in the window. */
    private static Seen gaps(Person one, Person other) {
        List<Double> painted = new ArrayList<>();
        other.evaluate("() => sottoShown.painted()").forEach(time -> painted.add(time.asDouble()));
        Seen seen = new Seen(0, 0, 0);
        JsonNode last = null;
        for (JsonNode shown : one.evaluate("() => sottoShown.take()")) {
            if (last != null) seen = seen.with(last, shown, leftOut(painted, last, shown));
            last = shown;
        }
        return seen;
    }

    /** How much longer than it should have the camera took for its pictures between these two, in ms. */
    private static double leftOut(List<Double> painted, JsonNode from, JsonNode to) {
        double most = to.get(1).asDouble() + 1; // bar codes are cut to whole milliseconds
        double last = from.get(1).asDouble();
        double late = 0;
        for (double time : painted) {
            if (time <= from.get(1).asDouble() + 1 || time > most + FRAME_MS / 4) continue;
            late += Math.max(0, time - last - FRAME_MS);
            last = time;
        }
        return late;
    }

    private static void move(Person by, String path, Person... all) {
        if (by.at("privacy-panel").count() == 0) by.at("open-privacy").click();
        by.at("path-control").locator("label[data-path=" + path + "]").click();
        by.at("path-yes").click();
        awaitPath(path, all);
    }

    private static void awaitPath(String path, Person... all) {
        for (Person one : all)
            Browser.until(one.page, PATIENCE_MS, () -> {
                JsonNode paths = one.evaluate("async () => (await window.sotto.stats()).paths");
                return paths.size() == 1
                        && paths.get(0).get("path").asText().equals(path)
                        && paths.get(0).get("state").asText().equals("open")
                        && !paths.get(0).get("peers").isEmpty();
            });
    }
}
