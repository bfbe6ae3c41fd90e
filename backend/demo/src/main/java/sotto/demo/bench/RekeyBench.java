package sotto.demo.bench;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import sotto.demo.Browser;
import sotto.demo.Person;
import sotto.demo.crowd.Crowd;
import sotto.demo.crowd.CrowdMember;

/**
 * What two people in a call notice of key changes: windows in which a third one, who sends no media, asks for a new epoch
 * again and again, in turn with windows of the same length in which it does not. The third has no browser: one that came
 * and went would take the processor from the two, whatever becomes of the keys.
 */
final class RekeyBench implements Benchmark {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final int KEY_CHANGES = 8;
    private static final double QUIET_MS = 500;

    /** Sums over both people. */
    private record Counts(double frames, double freezes, double frozenSeconds, double concealed, double epoch) {
        Counts minus(Counts before) {
            return new Counts(
                    frames - before.frames,
                    freezes - before.freezes,
                    frozenSeconds - before.frozenSeconds,
                    concealed - before.concealed,
                    epoch - before.epoch);
        }

        Counts plus(Counts other) {
            return new Counts(
                    frames + other.frames,
                    freezes + other.freezes,
                    frozenSeconds + other.frozenSeconds,
                    concealed + other.concealed,
                    epoch + other.epoch);
        }

        ObjectNode json(double seconds) {
            return JSON.createObjectNode()
                    .put("seconds", Math.round(seconds * 10) / 10.0)
                    .put("keyChanges", Math.round(epoch))
                    .put("framesDecoded", Math.round(frames))
                    .put("freezes", Math.round(freezes))
                    .put("frozenSeconds", Math.round(frozenSeconds * 1000) / 1000.0)
                    .put("concealedSamples", Math.round(concealed));
        }

        String text(double seconds) {
            return String.format(
                    "%.1f s, %d key changes: %.1f frames/s decoded, %d freezes (%.2f s), %d concealed samples",
                    seconds,
                    Math.round(epoch),
                    frames / seconds,
                    Math.round(freezes),
                    frozenSeconds,
                    Math.round(concealed));
        }
    }

    @Override
    public String name() {
        return "rekey";
    }

    @Override
    public String explanation() {
        return "a running call of two while a third without media asks for new keys: frozen frames and concealed sound,"
                + " against windows of the same length without key changes";
    }

    @Override
    public int defaultRounds() {
        return 4;
    }

    @Override
    public Result run(int rounds, Consumer<String> progress) throws IOException {
        try (CallStage stage = new CallStage(null);
                Crowd crowd = Crowd.here()) {
            try {
                return run(stage, crowd, rounds, progress);
            } catch (RuntimeException e) {
                progress.accept(stage.story());
                throw e;
            }
        }
    }

    private Result run(CallStage stage, Crowd crowd, int rounds, Consumer<String> progress) throws IOException {
        Person ada = stage.add("Ada Lovett", "");
        Person bruno = stage.add("Bruno Sarti", "");
        String link = ada.newRoom();
        bruno.join(link);
        Browser.until(bruno.page, 20_000, () -> counts(ada).frames > 30 && counts(bruno).frames > 30);
        CrowdMember third = crowd.member("Chiara Weiss");
        third.enter(link);
        Browser.until(ada.page, 20_000, () -> people(ada) == 3);
        window(ada, Optional.of(third), 0); // the first time loads code everywhere
        Browser.pump(ada.page, 2_000);

        Counts with = new Counts(0, 0, 0, 0, 0);
        Counts without = with;
        double secondsWith = 0;
        double secondsWithout = 0;
        ArrayNode windows = JSON.createArrayNode();
        for (int round = 1; round <= rounds; round++) {
            Counts before = both(ada, bruno);
            double length = window(ada, Optional.of(third), 0);
            Counts changing = both(ada, bruno).minus(before);

            Counts then = both(ada, bruno);
            double quietLength = window(ada, Optional.empty(), length);
            Counts still = both(ada, bruno).minus(then);

            with = with.plus(changing);
            without = without.plus(still);
            secondsWith += length;
            secondsWithout += quietLength;
            ObjectNode window = windows.addObject();
            window.set("changing", changing.json(length));
            window.set("still", still.json(quietLength));
            progress.accept("changing: " + changing.text(length));
            progress.accept("still:    " + still.text(quietLength));
        }
        ObjectNode figures = JSON.createObjectNode();
        figures.set("changing", with.json(secondsWith));
        figures.set("still", without.json(secondsWithout));
        figures.set("windows", windows);
        long freezes = Math.round(with.freezes - without.freezes);
        long concealed = Math.round(with.concealed - without.concealed);
        return new Result(
                figures,
                List.of(
                        new Result.Goal("no freeze beyond the still windows'", Long.toString(freezes), freezes <= 0),
                        new Result.Goal(
                                "no concealed sample beyond the still windows'",
                                Long.toString(concealed),
                                concealed <= 0)),
                List.of("changing: " + with.text(secondsWith), "still:    " + without.text(secondsWithout)));
    }

    /**
     * Lets time pass, with key changes or without, and looks at a page as often either way.
     *
     * @param third who asks for new keys
     * @param least seconds
     * @return its length in seconds
     */
    private static double window(Person ada, Optional<CrowdMember> third, double least) {
        long start = System.nanoTime();
        for (int i = 0; i < KEY_CHANGES; i++) {
            double before = counts(ada).epoch;
            third.ifPresent(CrowdMember::rekey);
            Browser.until(ada.page, 20_000, () -> third.isEmpty() || counts(ada).epoch > before);
            Browser.pump(ada.page, QUIET_MS);
        }
        double left = least - (System.nanoTime() - start) / 1e9;
        if (left > 0) Browser.pump(ada.page, 1_000 * left);
        return (System.nanoTime() - start) / 1e9;
    }

    private static int people(Person person) {
        return person.evaluate("() => window.sotto.call().participants.length").asInt();
    }

    private static Counts both(Person ada, Person bruno) {
        Counts first = counts(ada);
        Counts second = counts(bruno);
        Counts sum = first.plus(second);
        return new Counts(sum.frames, sum.freezes, sum.frozenSeconds, sum.concealed, first.epoch);
    }

    private static Counts counts(Person person) {
        JsonNode stats = person.evaluate("() => window.sotto.stats()");
        double frames = 0;
        double freezes = 0;
        double frozen = 0;
        double concealed = 0;
        for (JsonNode peer : stats.get("peers"))
            for (JsonNode one : peer.get("received")) {
                frames += one.path("framesDecoded").asDouble();
                freezes += one.path("freezeCount").asDouble();
                frozen += one.path("totalFreezesSeconds").asDouble();
                concealed += one.path("concealedSamples").asDouble();
            }
        return new Counts(
                frames, freezes, frozen, concealed, stats.path("epoch").asDouble());
    }
}
