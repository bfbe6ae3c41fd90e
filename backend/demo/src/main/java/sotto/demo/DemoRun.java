package sotto.demo;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Stream;
import sotto.rooms.wire.ClientFrame;
import sotto.server.ServerSettings;
import sotto.server.SottoServer;
import sotto.server.relay.RelaySettings;

/**
 * One demo call from the first process to the report. The first participant is there from beginning to end and records
 * frames off the wire; the last joins late; with three or more, the second leaves early and has kept every key.
 */
final class DemoRun {
    private static final List<String> NAMES =
            List.of("Ada Lovett", "Bruno Sarti", "Chiara Weiss", "Dmitri Olsen", "Esi Mensah", "Farid Haddad");

    /** LiveKit's own client, as the web part was built with it. */
    private static final String LIVEKIT_CLIENT = "web/node_modules/livekit-client/dist/livekit-client.umd.js";

    /** A relay that is there starts at once; one that has to be built first takes minutes. */
    private static final Duration RELAY_PATIENCE = Duration.ofMinutes(15);

    /** Once everybody has new keys, frames under the old ones may be under way for this long, on a busy machine. */
    private static final Duration GONE_AFTER = Duration.ofSeconds(2);

    private final int people;
    private final int seconds;
    private final MediaPath path;
    private final Optional<Path> screenshots;
    private final Consumer<String> progress;

    private final List<Person> persons = new ArrayList<>();
    private final List<String> errors = new ArrayList<>();
    private final List<Report.Join> joins = new ArrayList<>();
    private final List<Report.Outsider> outsiders = new ArrayList<>();
    private final Map<String, Usage> backends = new LinkedHashMap<>();
    private final Usage browsers = new Usage();
    private final ServerWatch serverWatch = new ServerWatch();
    private long firstEpoch = -1;
    private long lastEpoch = -1;

    /** How media travels in a demo. */
    enum MediaPath {
        DIRECT,
        RELAY;

        /** As the command line, the report and the page name it. */
        String text() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    DemoRun(int people, int seconds, MediaPath path, Optional<Path> screenshots, Consumer<String> progress) {
        this.people = people;
        this.seconds = seconds;
        this.path = path;
        this.screenshots = screenshots;
        this.progress = progress;
    }

    Report run() throws IOException {
        ServerSettings settings = ServerSettings.defaults().withPort(0).withMetrics(false);
        if (path == MediaPath.RELAY) settings = settings.withRelay(RelaySettings.auto());
        progress.accept("Starting a coordination server, " + people + " participants and a browser …");
        try (WorkFolder folder = new WorkFolder("sotto-demo-");
                SottoServer server = SottoServer.start(settings, this::serverGot, progress);
                Browser browser = new Browser()) {
            try {
                if (path == MediaPath.RELAY) server.awaitRelay(RELAY_PATIENCE);
                return call(server, browser, folder.path());
            } catch (RuntimeException e) {
                for (Person person : persons) progress.accept(person.story());
                screenshots.ifPresent(into -> persons.forEach(person -> person.screenshot(into)));
                Path log = folder.path().resolve("log");
                if (Files.exists(log)) progress.accept(Files.readString(log));
                throw e;
            } finally {
                persons.forEach(Person::close);
            }
        }
    }

    private void serverGot(String text, ClientFrame frame) {
        serverWatch.saw(text.getBytes(StandardCharsets.UTF_8));
        byte[] payload = switch (frame) {
            case ClientFrame.Enter enter -> null;
            case ClientFrame.Ticket ticket -> null;
            case ClientFrame.Ice ice -> null;
            case ClientFrame.Post post -> post.payload().bytes();
            case ClientFrame.Commit commit -> commit.payload().bytes();
            case ClientFrame.Send send -> send.payload().bytes();
        };
        if (payload != null) serverWatch.inside(payload);
    }

    private Report call(SottoServer server, Browser browser, Path folder) throws IOException {
        List<AppProcess> apps = startApps(server, folder);
        for (int i = 0; i < people; i++) persons.add(new Person(i + 1, NAMES.get(i), apps.get(i), browser, role(i)));
        Watch watch = new Watch(NAMES.subList(0, people));
        StreamFigures streams = new StreamFigures(watch, errors::add);
        persons.forEach(Person::openLobby);

        Person first = persons.getFirst();
        Person last = persons.getLast();
        String link = first.newRoom(path.text());
        progress.accept(first.name + " made a room.");
        joins.add(new Report.Join(first.name, null));
        for (Person person : persons.subList(1, people - 1)) join(person, link);
        if (people == 2) join(last, link);
        long start = System.nanoTime();
        List<Person> present = new ArrayList<>(people == 2 ? persons : persons.subList(0, people - 1));

        watch(watch, present, seconds * 0.35);
        if (people > 2) {
            join(last, link);
            present.add(last);
        }
        if (path == MediaPath.RELAY) listenAtTheRelay(link, server, browser, watch, present);
        else watch(watch, present, seconds * 0.35);
        screenshots.ifPresent(into -> photograph(into, present));

        boolean someoneLeaves = people > 2;
        double leftAt = 0;
        if (someoneLeaves) {
            Person leaver = persons.get(1);
            // Connections that were made anew just now would leave nothing to judge of whoever goes.
            for (Person person : present) Browser.until(person.page, 20_000, () -> opensEveryStream(person, present));
            for (Person person : present) streams.settle(person, present);
            long epoch = epoch(first);
            long click = System.nanoTime();
            leaver.leave();
            present.remove(leaver);
            for (Person person : present) Browser.until(person.page, 20_000, () -> epoch(person) > epoch);
            leftAt = ((Number) first.page.evaluate("() => performance.timeOrigin + performance.now()")).doubleValue();
            progress.accept(leaver.name + " left, and kept every key; everybody else had new ones "
                    + (System.nanoTime() - click) / 1_000_000 + " ms after the click.");
        }
        watch(watch, present, Math.max(seconds * 0.30, someoneLeaves ? GONE_AFTER.toSeconds() + 1.0 : 0));
        double length = (System.nanoTime() - start) / 1e9;

        boolean rosterEqual = equalAtAll(present, "JSON.stringify(stats.participants.map((one) => one.id).sort())");
        boolean safetyEqual = equalAtAll(present, "stats.safetyNumber");
        if (!rosterEqual) errors.add("the rosters differ");
        if (!safetyEqual) errors.add("the safety numbers differ or are missing");
        present.forEach(person -> streams.settle(person, present));

        progress.accept("Trying what an outsider can do …");
        Map<String, byte[]> secrets = new LinkedHashMap<>();
        persons.forEach(person -> secrets.put("the name " + person.name, person.name.getBytes(StandardCharsets.UTF_8)));
        listenOnTheWire(first);
        if (someoneLeaves)
            new Leaver(Leaver.stolen(persons.get(1)), first)
                    .listen(leftAt + GONE_AFTER.toMillis(), outsiders::add, secrets::putAll);

        present.forEach(Person::leave);
        sampleUsage();
        persons.forEach(person -> errors.addAll(person.pageErrors));
        persons.forEach(person -> person.warnings().forEach(line -> progress.accept(person.name + "'s page: " + line)));
        Report.Journal journal = endApps();
        Report.Server seen = serverWatch.report(secrets);
        outsiders.add(new Report.Outsider(
                "server", seen.messages(), 0, !seen.plaintextFound().isEmpty(), null));
        judge(streams.all(), seen, journal);
        List<Report.ProcessUsage> usage = new ArrayList<>();
        backends.forEach((name, used) -> usage.add(used.as(name)));
        usage.add(browsers.as("chromium, all participants"));
        return new Report(
                1,
                errors.isEmpty(),
                people,
                path.text(),
                "mls",
                Math.round(length * 10) / 10.0,
                joins,
                streams.all(),
                lastEpoch - firstEpoch,
                rosterEqual,
                safetyEqual,
                outsiders,
                seen,
                journal,
                usage,
                errors);
    }

    private Person.Role role(int index) {
        if (index == 0) return Person.Role.WIRE_TAP;
        return index == 1 && people > 2 ? Person.Role.KEY_THIEF : Person.Role.HONEST;
    }

    private List<AppProcess> startApps(SottoServer server, Path folder) throws IOException {
        List<AppProcess> apps = new ArrayList<>();
        try {
            for (int i = 0; i < people; i++)
                apps.add(AppProcess.start(folder.resolve(NAMES.get(i)), server.url(), folder.resolve("log")));
            for (AppProcess app : apps) app.awaitUrl();
        } catch (IOException e) {
            apps.forEach(AppProcess::close);
            throw e;
        }
        return apps;
    }

    private void join(Person person, String link) {
        person.join(link);
        person.see("call");
        Browser.until(person.page, 20_000, () ->
                (Boolean) person.page.evaluate("() => performance.getEntriesByName('sotto:first-picture').length > 0"));
        Object took = person.page.evaluate(
                "() => { const mark = (name) => performance.getEntriesByName(name).at(-1)?.startTime;"
                        + " const from = mark('sotto:join-click'), to = mark('sotto:first-picture');"
                        + " return from === undefined || to === undefined ? null : to - from; }");
        Double ms = took == null ? null : (double) Math.round(((Number) took).doubleValue());
        joins.add(new Report.Join(person.name, ms));
        if (ms == null) errors.add(person.name + " saw no picture after joining");
        progress.accept(
                person.name + " joined" + (ms == null ? "." : "; first picture after " + Math.round(ms) + " ms."));
    }

    /** A picture of each page, with drawn people in place of bar codes for as long as it takes. */
    private static void photograph(Path into, List<Person> present) {
        present.forEach(person -> person.portrait(true));
        Browser.pump(present.getFirst().page, 2_500);
        present.forEach(person -> person.screenshot(into));
        present.forEach(person -> person.portrait(false));
        Browser.pump(present.getFirst().page, 1_000);
    }

    /** Looks at all pages in turn, for about this long. */
    private void watch(Watch watch, List<Person> present, double seconds) {
        long end = System.nanoTime() + (long) (seconds * 1e9);
        do {
            for (Person person : present) {
                watch.look(person);
                Browser.pump(person.page, 100);
            }
            long epoch = epoch(persons.getFirst());
            if (firstEpoch < 0) firstEpoch = epoch;
            lastEpoch = Math.max(lastEpoch, epoch);
            sampleUsage();
        } while (System.nanoTime() < end);
    }

    private static long epoch(Person person) {
        return person.evaluate("() => window.sotto.call()").get("epoch").asLong(-1);
    }

    /** Whether a camera and a microphone of everybody else come out of this person's frame worker. */
    private static boolean opensEveryStream(Person person, List<Person> present) {
        int open = person.evaluate("""
                async () => {
                  const { participants, worker } = await window.sotto.stats();
                  const ids = new Set(participants.map((one) => one.id));
                  const opens = worker.filter((one) => one.direction === "receive" && one.passed > 0 && ids.has(one.participant));
                  return opens.filter((one) => ["camera", "microphone"].includes(one.track)).length;
                }
                """).asInt();
        return open >= 2 * (present.size() - 1);
    }

    private static boolean equalAtAll(List<Person> present, String what) {
        Set<String> values = new HashSet<>();
        for (Person person : present) {
            JsonNode value =
                    person.evaluate("async () => { const stats = await window.sotto.stats(); return " + what + "; }");
            if (value.isNull()) return false;
            values.add(value.asText());
        }
        return values.size() == 1;
    }

    private void listenOnTheWire(Person tap) {
        JsonNode wire = tap.evaluate("() => window.sottoTap.listen('wire')");
        JsonNode control = tap.evaluate("() => window.sottoTap.listen('control')");
        boolean found = wire.get("found").asInt() > 0 || wire.get("toneShare").asDouble() > 0.5;
        outsiders.add(new Report.Outsider(
                "wire",
                wire.get("seen").asLong(),
                wire.get("pictures").asLong(),
                found,
                control.get("found").asLong()));
        if (control.get("found").asInt() == 0 || control.get("toneShare").asDouble() < 0.5)
            errors.add("the tap could not read even decrypted frames, so it proves nothing: " + control);
    }

    /** Somebody with a ticket listens during this part of the call. */
    private void listenAtTheRelay(String link, SottoServer server, Browser browser, Watch watch, List<Person> present)
            throws IOException {
        try (RelaySubscriber outsider = new RelaySubscriber(
                link, URI.create(server.url()), browser, Repository.root().resolve(LIVEKIT_CLIENT))) {
            watch(watch, present, Math.max(seconds * 0.35, 4));
            RelaySubscriber.Heard heard = outsider.end();
            progress.accept("Somebody with a relay ticket and no keys received " + heard.frames() + " frames of "
                    + heard.tracks() + " tracks.");
            outsiders.add(
                    new Report.Outsider("relay-subscriber", heard.frames(), heard.decoded(), heard.followed(), null));
            if (heard.listened() == 0 || heard.audioPackets() == 0)
                errors.add("outsider relay-subscriber got no sound: nothing is proved");
            if (heard.tracks() < 2 * present.size())
                errors.add("outsider relay-subscriber got " + heard.tracks() + " tracks, not all of them");
        }
    }

    private Report.Journal endApps() {
        long made = 0;
        long destroyed = 0;
        long live = 0;
        for (Person person : persons) {
            JsonNode journal = person.app.end();
            if (journal == null) {
                errors.add(person.name + "'s backend did not tell of its keys");
                continue;
            }
            made += journal.get("keysMade").asLong();
            destroyed += journal.get("keysDestroyed").asLong();
            live += journal.get("keysLive").asLong();
        }
        return new Report.Journal(made, destroyed, live);
    }

    private void judge(List<Report.Stream> streams, Report.Server server, Report.Journal journal) {
        for (Report.Stream stream : streams) {
            String name = stream.track() + " from " + stream.from() + " to " + stream.to();
            if (stream.framesDecrypted() == 0) errors.add(name + ": nothing was decrypted");
            if (!stream.contentOk()) errors.add(name + ": the sender's bar code or tone was not recognised");
        }
        for (Report.Outsider outsider : outsiders) {
            if (outsider.framesSeen() == 0)
                errors.add("outsider " + outsider.kind() + " saw no frame: nothing is proved");
            if (outsider.contentFound()) errors.add("outsider " + outsider.kind() + " could follow");
        }
        server.plaintextFound().forEach(what -> errors.add("the server could read " + what));
        if (journal.keysLive() > 0) errors.add(journal.keysLive() + " keys are left after the end");
        if (people > 2 && lastEpoch - firstEpoch < 2) errors.add("the keys did not change during the call");
    }

    private void sampleUsage() {
        for (Person person : persons)
            backends.computeIfAbsent("backend of " + person.name, name -> new Usage())
                    .sample(Stream.of(person.app.handle()));
        browsers.sample(ProcessHandle.current()
                .descendants()
                .filter(process -> process.info().command().orElse("").contains("chrom")));
    }
}
