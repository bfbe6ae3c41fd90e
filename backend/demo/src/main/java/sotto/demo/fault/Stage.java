package sotto.demo.fault;

import com.microsoft.playwright.PlaywrightException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import sotto.demo.AppProcess;
import sotto.demo.AppProcess.Surroundings;
import sotto.demo.Browser;
import sotto.demo.Person;
import sotto.demo.ServerProcess;
import sotto.server.relay.RelayKey;

/** Everything that a fault's call runs on: server, relays, backends, browsers, networks, clocks. All ends with it. */
final class Stage implements AutoCloseable {
    /**
     * Slower than usual: what is measured is how soon a room is whole again, and four people's browsers on the two cores
     * that many computers have would otherwise wait for a turn of them for most of that time.
     */
    private static final Person.Camera CAMERA = new Person.Camera(320, 180, 6);

    private static final List<String> NAMES =
            List.of("Ada Lovett", "Bruno Sarti", "Chiara Weiss", "Dmitri Olsen", "Esi Mensah", "Farid Haddad");

    private static final Duration RELAY_STARTS_WITHIN = Duration.ofSeconds(20);

    private final Path folder = Files.createTempDirectory("sotto-fault-");
    private final Deque<AutoCloseable> closing = new ArrayDeque<>();
    private final List<Person> people = new ArrayList<>();
    private final Map<Person, Browser> computers = new HashMap<>();
    private final Map<Person, OwnClock> clocks = new HashMap<>();
    private final List<RelayNode> relays = new ArrayList<>();
    private ServerProcess server;
    private Cable cable;

    private Stage() throws IOException {}

    static Stage set(Setting setting) throws IOException {
        Stage stage = new Stage();
        try {
            stage.fill(setting);
            return stage;
        } catch (IOException | RuntimeException e) {
            stage.close();
            throw e;
        }
    }

    private void fill(Setting setting) throws IOException {
        Surroundings here = Surroundings.PLAIN;
        Surroundings far = Surroundings.PLAIN;
        if (setting.relays() > 0) {
            if (setting.cable()) cable = ends(Cable.lay());
            server = serverWithRelays(setting.relays());
        } else if (setting.cable()) {
            cable = ends(Cable.lay());
            TestCertificate certificate = TestCertificate.make(folder, cable.here());
            server = ServerProcess.startWithTls(cable.here(), certificate.certificate(), certificate.key());
            here = new Surroundings(List.of(), certificate.java(), Map.of());
            far = new Surroundings(cable.far(), certificate.java(), Map.of());
        } else server = ServerProcess.start();
        closing.push(server);
        if (setting.relays() > 0) startRelay(0);

        List<AppProcess> apps = new ArrayList<>();
        Map<Integer, OwnClock> ownClocks = new HashMap<>();
        for (int i = 0; i < setting.people(); i++) {
            Surroundings around = setting.cable() && setting.ownComputer().contains(i) ? far : here;
            if (setting.ownClock().contains(i)) {
                OwnClock clock = OwnClock.at(folder.resolve("clock-" + i));
                ownClocks.put(i, clock);
                around = clock.surroundings();
            }
            apps.add(ends(AppProcess.start(
                    folder.resolve("profile-" + i), server.url(), folder.resolve("log"), around.asProduct())));
        }
        Browser shared = ends(new Browser());
        for (int i = 0; i < setting.people(); i++) {
            apps.get(i).awaitUrl();
            boolean own = setting.ownComputer().contains(i);
            Browser browser = own ? ends(Browser.ofItsOwn(cable == null ? List.of() : cable.far())) : shared;
            Person person = new Person(
                    i + 1,
                    NAMES.get(i),
                    apps.get(i),
                    browser,
                    role(setting, i),
                    CAMERA,
                    Person.resource("picture-log.js"),
                    Person.resource("group-log.js"));
            people.add(person);
            if (own) computers.put(person, browser);
            if (ownClocks.containsKey(i)) clocks.put(person, ownClocks.get(i));
        }
    }

    private ServerProcess serverWithRelays(int nodes) throws IOException {
        byte[] secret = new byte[32];
        new SecureRandom().nextBytes(secret);
        RelayKey key = new RelayKey("fault", HexFormat.of().formatHex(secret));
        Path file = folder.resolve("relay-key");
        Files.writeString(file, key.name() + ": " + key.secret());
        List<String> options = new ArrayList<>(List.of("--relay-key-file", file.toString()));
        for (int i = 0; i < nodes; i++) {
            RelayNode node = ends(cable == null ? RelayNode.here(key) : RelayNode.behind(cable, key));
            relays.add(node);
            options.addAll(List.of("--relay", node.url()));
        }
        return ServerProcess.start(options.toArray(String[]::new));
    }

    /** Starts one of the relay's nodes; returns when the server sends calls there. */
    void startRelay(int node) throws IOException {
        relays.get(node).start();
        awaitRelays(node + 1);
    }

    private void awaitRelays(int wanted) throws IOException {
        HttpRequest question =
                HttpRequest.newBuilder(URI.create(server.url() + "/metrics")).build();
        String up = "sotto_relay_nodes{state=\"up\"} " + wanted + "\n";
        long end = System.nanoTime() + RELAY_STARTS_WITHIN.toNanos();
        try (HttpClient http = HttpClient.newHttpClient()) {
            while (!http.send(question, HttpResponse.BodyHandlers.ofString())
                    .body()
                    .contains(up)) {
                if (System.nanoTime() > end) throw new IOException("a relay's node did not start");
                Thread.sleep(100); // it tells of its relays only when asked
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted", e);
        }
    }

    private static Person.Role role(Setting setting, int index) {
        // What travels is of use only with the keys of somebody who was out.
        if (index == setting.tap() && !setting.hit().isEmpty()) return Person.Role.WIRE_TAP;
        return setting.hit().contains(index) ? Person.Role.KEY_THIEF : Person.Role.HONEST;
    }

    private <T extends AutoCloseable> T ends(T one) {
        closing.push(one);
        return one;
    }

    List<Person> people() {
        return people;
    }

    ServerProcess server() {
        return server;
    }

    RelayNode relay(int node) {
        return relays.get(node);
    }

    Cable cable() {
        return cable;
    }

    OwnClock clock(Person person) {
        return clocks.get(person);
    }

    /** All processes of a person who has a computer of their own: the backend, the browser with its children. */
    Stream<ProcessHandle> computer(Person person) {
        return Stream.concat(browser(person), Stream.of(person.app.handle()));
    }

    Stream<ProcessHandle> browser(Person person) {
        return computers.get(person).processes();
    }

    /** What the backends said on standard error, without what each says at its start. */
    String log() {
        try {
            Path log = folder.resolve("log");
            if (!Files.exists(log)) return "";
            return Files.readAllLines(log).stream()
                    .filter(line -> !line.contains("] INFO "))
                    .collect(Collectors.joining("\n"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void close() {
        while (!closing.isEmpty())
            try {
                closing.pop().close();
            } catch (PlaywrightException browserGone) {
                // It was killed: that was the fault.
            } catch (Exception e) {
                throw new IllegalStateException(e);
            }
        try (Stream<Path> all = Files.walk(folder)) {
            for (Path one : all.sorted(Comparator.reverseOrder()).toList()) Files.deleteIfExists(one);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
