package sotto.demo.bench;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.util.List;
import java.util.function.Consumer;
import sotto.demo.Browser;
import sotto.demo.Person;

/**
 * What two people in a call notice of key changes: windows in which a third one, who sends and receives no media, comes
 * and goes (two key changes each time), in turn with windows of the same length in which nothing happens.
 */
final class RekeyBench implements Benchmark {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final int COMINGS = 3;
    private static final double QUIET_MS = 1_000;

    /** Keeps the third one out of the media: nothing is offered or answered. */
    private static final String NO_MEDIA = """
            (() => {
              const send = WebSocket.prototype.send;
              WebSocket.prototype.send = function (data) {
                if (!String(data).startsWith('{"type":"signal"')) send.call(this, data);
              };
            })();
            """;

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
        return "a running call of two while a third without media comes and goes: frozen frames and concealed sound,"
                + " against windows of the same length without key changes";
    }

    @Override
    public int defaultRounds() {
        return 4;
    }

    @Override
    public Result run(int rounds, Consumer<String> progress) throws IOException {
        try (CallStage stage = new CallStage(null)) {
            try {
                return run(stage, rounds, progress);
            } catch (RuntimeException e) {
                progress.accept(stage.story());
                throw e;
            }
        }
    }

    private Result run(CallStage stage, int rounds, Consumer<String> progress) throws IOException {
        Person ada = stage.add("Ada Lovett", "");
        Person bruno = stage.add("Bruno Sarti", "");
        Person third = stage.add("Chiara Weiss", "", NO_MEDIA);
        String link = ada.newRoom();
        bruno.join(link);
        Browser.until(bruno.page, 20_000, () -> counts(ada).frames > 30 && counts(bruno).frames > 30);
        comeAndGo(third, link, ada); // the first time loads code everywhere
        Browser.pump(ada.page, 2_000);

        Counts with = new Counts(0, 0, 0, 0, 0);
        Counts without = with;
        double secondsWith = 0;
        double secondsWithout = 0;
        ArrayNode windows = JSON.createArrayNode();
        for (int round = 1; round <= rounds; round++) {
            Counts before = both(ada, bruno);
            long start = System.nanoTime();
            for (int i = 0; i < COMINGS; i++) {
                comeAndGo(third, link, ada);
                Browser.pump(ada.page, QUIET_MS);
            }
            double length = (System.nanoTime() - start) / 1e9;
            Counts changing = both(ada, bruno).minus(before);

            Counts then = both(ada, bruno);
            long quiet = System.nanoTime();
            // Looks at the pages as often as the other window does.
            while (System.nanoTime() - quiet < length * 1e9) {
                people(ada);
                Browser.pump(ada.page, 100);
            }
            double quietLength = (System.nanoTime() - quiet) / 1e9;
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

    private static void comeAndGo(Person third, String link, Person ada) {
        third.join(link);
        third.see("call");
        Browser.until(ada.page, 20_000, () -> people(ada) == 3);
        third.leave();
        Browser.until(ada.page, 20_000, () -> people(ada) == 2);
    }

    private static int people(Person person) {
        return person.evaluate("async () => (await window.sotto.stats()).participants.length")
                .asInt();
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
