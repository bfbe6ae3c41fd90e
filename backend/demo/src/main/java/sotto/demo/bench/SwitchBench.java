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
 * picture while it moves, against as long a time in which it stays where it is.
 */
final class SwitchBench implements Benchmark {
    private static final double FRAME_MS = 1000 / 15.0;
    /** A move is over by then: both ways were carried, and the old one is closed. */
    private static final double WINDOW_MS = 4_000;

    private static final double PATIENCE_MS = 20_000;
    private static final ObjectMapper JSON = new ObjectMapper();

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
        List<Double> moving = new ArrayList<>();
        for (int round = 1; round <= rounds; round++) {
            List<Double> stayed = gaps(ada, bruno, () -> {});
            String path = round % 2 == 1 ? "relay" : "direct";
            List<Double> moved = gaps(ada, bruno, () -> move(ada, path, ada, bruno));
            still.addAll(stayed);
            moving.addAll(moved);
            progress.accept(String.format(
                    Locale.ROOT,
                    "round %d, to %s: %.0f and %.0f ms, staying %.0f and %.0f ms",
                    round,
                    path,
                    moved.get(0),
                    moved.get(1),
                    stayed.get(0),
                    stayed.get(1)));
        }
        Spread with = Spread.of(moving);
        Spread without = Spread.of(still);
        long frames = Math.round((with.p95() - without.p95()) / FRAME_MS);
        long framesOfP50 = Math.round((with.p50() - without.p50()) / FRAME_MS);
        ObjectNode figures = JSON.createObjectNode();
        figures.set("movingMs", JSON.valueToTree(with));
        figures.set("stayingMs", JSON.valueToTree(without));
        figures.put("framesOverBaselineP95", frames);
        figures.put("framesOverBaselineP50", framesOfP50);
        return new Result(
                figures,
                List.of(new Result.Goal("longest gap p95 0 frames over the baseline", frames + " frames", frames <= 0)),
                List.of("moving:  " + with.text(), "staying: " + without.text()));
    }

    /** The longest gap that each of them saw, in ms. */
    private static List<Double> gaps(Person ada, Person bruno, Runnable what) {
        for (Person one : List.of(ada, bruno)) one.page.evaluate("() => sottoShown.take()");
        long end = System.nanoTime() + (long) (WINDOW_MS * 1e6);
        what.run();
        Browser.pump(ada.page, Math.max(1, (end - System.nanoTime()) / 1e6));
        List<Double> gaps = new ArrayList<>();
        for (Person one : List.of(ada, bruno)) {
            double last = Double.NaN;
            double longest = 0;
            for (JsonNode shown : one.evaluate("() => sottoShown.take()")) {
                double at = shown.get(0).asDouble();
                if (!Double.isNaN(last)) longest = Math.max(longest, at - last);
                last = at;
            }
            gaps.add(longest);
        }
        return gaps;
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
