package sotto.demo.bench;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.Consumer;
import sotto.demo.Browser;
import sotto.demo.Person;
import sotto.rooms.wire.ClientFrame;
import sotto.server.relay.RelaySettings;

/**
 * Joining a call, from the click to the first picture of the other one on the screen; and the same with transforms that
 * pass frames as they are. Two pairs of people take turns; in each pair one stays, and the other comes and goes.
 */
final class JoinBench implements Benchmark {
    private static final double GOAL_MS = 400;
    private static final double GOAL_RATIO = 1.2;
    private static final double IN_LOBBY_MS = 3_000;
    private static final int WARM_UPS = 5;
    private static final ObjectMapper JSON = new ObjectMapper();

    /** What the server got, with when, in ms since 1970. */
    private final ConcurrentLinkedQueue<Note> atServer = new ConcurrentLinkedQueue<>();

    private final boolean relayed;

    /** @param relayed whether the calls go through a relay on this machine, and not straight */
    JoinBench(boolean relayed) {
        this.relayed = relayed;
    }

    /** A step of a join: what, and when in ms since 1970. */
    private record Note(String what, double at) {}

    /** The two of a call: one stays, the other comes and goes. */
    private record Pair(Person host, Person guest, String link, List<Double> took, Map<String, List<Double>> steps) {}

    @Override
    public String name() {
        return relayed ? "relay" : "join";
    }

    @Override
    public String explanation() {
        return "two people on this machine" + (relayed ? ", a relay between them" : "")
                + ", one joins again and again: click to first decrypted picture of the other,"
                + " in turn with the same join through transforms that pass frames unencrypted; after the first and "
                + WARM_UPS + " more, in which Java compiles what runs often";
    }

    @Override
    public int defaultRounds() {
        return 15;
    }

    @Override
    public boolean onlyIfNamed() {
        return relayed; // a relay has to be got first
    }

    @Override
    public Result run(int rounds, Consumer<String> progress) throws IOException {
        try (CallStage stage = new CallStage(
                (text, frame) -> atServer.add(new Note("server got " + kind(frame), now())),
                relayed ? RelaySettings.auto() : RelaySettings.off())) {
            try {
                return run(stage, rounds, progress);
            } catch (RuntimeException e) {
                progress.accept(stage.story());
                throw e;
            }
        }
    }

    private Result run(CallStage stage, int rounds, Consumer<String> progress) throws IOException {
        Pair encrypted = pair(stage, "");
        Pair plain = pair(stage, Scripts.resource("pass-through.js"));
        // As long as a quick person is in the lobby.
        Browser.pump(plain.guest.page, IN_LOBBY_MS);
        // The first join of a process loads what later ones find loaded: told apart.
        double first = join(encrypted, plain, true);
        ArrayNode stepsOfFirst = steps(encrypted);
        encrypted.took.clear();
        encrypted.steps.clear();
        join(plain, encrypted, false);
        for (int i = 0; i < WARM_UPS; i++) {
            join(encrypted, plain, false);
            join(plain, encrypted, false);
        }
        progress.accept("first join of the process: " + Math.round(first) + " ms");
        List<Double> ratios = new ArrayList<>();
        for (int round = 1; round <= rounds; round++) {
            double with = join(encrypted, plain, true);
            double without = join(plain, encrypted, true);
            ratios.add(with / without);
            progress.accept(
                    "round " + round + ": " + Math.round(with) + " ms, passed through " + Math.round(without) + " ms");
        }
        Spread with = Spread.of(encrypted.took);
        Spread without = Spread.of(plain.took);
        double ratio = Math.round(100 * with.p50() / without.p50()) / 100.0;

        ObjectNode figures = JSON.createObjectNode();
        figures.put("firstMs", Math.round(first));
        figures.set("encryptedMs", JSON.valueToTree(with));
        figures.set("passThroughMs", JSON.valueToTree(without));
        figures.put("ratioOfP50", ratio);
        figures.set("firstSteps", stepsOfFirst);
        figures.set("steps", steps(encrypted));
        figures.set("passThroughSteps", steps(plain));
        List<String> lines = new ArrayList<>();
        lines.add("encrypted:       " + with.text());
        lines.add("passed through:  " + without.text());
        lines.add("first join of a process: " + Math.round(first) + " ms");
        lines.add(
                "steps, median ms after the click (* at the one who stays, + at the server), and those of the first:");
        Map<String, Double> atFirst = new HashMap<>();
        stepsOfFirst.forEach(
                step -> atFirst.put(step.get("step").asText(), step.get("ms").asDouble()));
        steps(encrypted).forEach(step -> {
            String what = step.get("step").asText();
            lines.add(String.format("  %6.0f  %6.0f  %s", step.get("ms").asDouble(), atFirst.get(what), what));
        });
        List<Result.Goal> goals = new ArrayList<>();
        if (!relayed)
            goals.add(new Result.Goal(
                    "p50 at most " + (int) GOAL_MS + " ms", Math.round(with.p50()) + " ms", with.p50() <= GOAL_MS));
        goals.add(new Result.Goal(
                "p50 at most " + GOAL_RATIO + " times that of the pass-through",
                Double.toString(ratio),
                ratio <= GOAL_RATIO));
        return new Result(figures, goals, lines);
    }

    private Pair pair(CallStage stage, String beforeWorker) throws IOException {
        String timeline = Scripts.resource("join-timeline.js");
        String before = Scripts.resource("join-timeline-worker.js") + "\n" + beforeWorker;
        Person host = stage.add("Ada Lovett", before, timeline);
        Person guest = stage.add("Bruno Sarti", before, timeline);
        return new Pair(
                host, guest, host.newRoom(relayed ? "relay" : "direct"), new ArrayList<>(), new LinkedHashMap<>());
    }

    /**
     * One join and leave; the pair is as before afterwards.
     *
     * @param resting films nothing meanwhile: it is not its turn
     */
    private double join(Pair pair, Pair resting, boolean counts) {
        film(resting, false);
        film(pair, true);
        notes(pair.host);
        notes(pair.guest);
        atServer.clear();
        pair.guest.join(pair.link);
        Browser.until(
                pair.guest.page,
                20_000,
                () -> (Boolean)
                        pair.guest.page.evaluate(
                                "() => { const at = (name) => performance.getEntriesByName(name).at(-1)?.startTime ?? 0;"
                                        + " return at('sotto:join-click') > 0 && at('sotto:first-picture') > at('sotto:join-click'); }"));
        List<Note> notes = new ArrayList<>(notes(pair.guest));
        double click = last(notes, "sotto:join-click");
        double took = last(notes, "sotto:first-picture") - click;
        notes(pair.host).forEach(note -> notes.add(new Note("* " + note.what, note.at)));
        atServer.forEach(note -> notes.add(new Note("+ " + note.what, note.at)));
        pair.guest.leave();
        alone(pair.host);
        if (counts) {
            pair.took.add(took);
            Map<String, Integer> seen = new LinkedHashMap<>();
            notes.sort((a, b) -> Double.compare(a.at, b.at));
            for (Note note : notes) {
                if (note.at < click - 1 || note.at > click + took + 1) continue;
                int times = seen.merge(note.what, 1, Integer::sum);
                pair.steps
                        .computeIfAbsent(
                                times == 1 ? note.what : note.what + " (" + times + ")", any -> new ArrayList<>())
                        .add(note.at - click);
            }
        }
        return took;
    }

    private static void film(Pair pair, boolean on) {
        for (Person one : List.of(pair.host, pair.guest)) one.page.evaluate("on => sottoSynthetic.rest(!on)", on);
    }

    private static void alone(Person host) {
        Browser.until(
                host.page,
                20_000,
                () -> host.evaluate("() => window.sotto.call().participants.length")
                                .asInt()
                        == 1);
    }

    private static List<Note> notes(Person person) {
        List<Note> notes = new ArrayList<>();
        for (JsonNode note : person.evaluate("() => window.sottoTimeline.take()"))
            notes.add(new Note(note.get(0).asText(), note.get(1).asDouble()));
        return notes;
    }

    private static double last(List<Note> notes, String what) {
        return notes.stream()
                .filter(note -> note.what.equals(what))
                .mapToDouble(Note::at)
                .max()
                .orElseThrow();
    }

    /** Median time of each step that most rounds had, in their order. */
    private static ArrayNode steps(Pair pair) {
        ArrayNode steps = JSON.createArrayNode();
        pair.steps.entrySet().stream()
                .filter(step -> step.getValue().size() * 2 > pair.took.size())
                .map(step -> Map.entry(step.getKey(), Spread.of(step.getValue()).p50()))
                .sorted(Map.Entry.comparingByValue())
                .forEach(step -> steps.addObject().put("step", step.getKey()).put("ms", step.getValue()));
        return steps;
    }

    private static String kind(ClientFrame frame) {
        return frame.getClass().getSimpleName().toLowerCase(java.util.Locale.ROOT);
    }

    private static double now() {
        Instant now = Instant.now();
        return now.getEpochSecond() * 1e3 + now.getNano() / 1e6;
    }
}
