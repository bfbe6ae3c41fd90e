package sotto.demo.bench;

import com.microsoft.playwright.Route;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import sotto.demo.AppProcess;
import sotto.demo.Browser;
import sotto.demo.Person;
import sotto.demo.WorkFolder;
import sotto.server.ServerObserver;
import sotto.server.ServerSettings;
import sotto.server.SottoServer;
import sotto.server.relay.RelaySettings;

/** A coordination server, a browser, and people who are in the lobby. Ends all of them, and leaves no file behind. */
final class CallStage implements AutoCloseable {
    private static final Duration RELAY_STARTS_WITHIN = Duration.ofMinutes(1);

    private final WorkFolder folder;
    private final SottoServer server;
    private final Browser browser;
    private final List<Person> people = new ArrayList<>();

    /** @param observer sees what clients send to the server; may be null */
    CallStage(ServerObserver observer) throws IOException {
        this(observer, RelaySettings.off());
    }

    /**
     * Waits until the relay is up, if there is to be one.
     *
     * @param observer sees what clients send to the server; may be null
     */
    CallStage(ServerObserver observer, RelaySettings relay) throws IOException {
        folder = new WorkFolder("sotto-bench-");
        server = SottoServer.start(
                ServerSettings.defaults().withPort(0).withMetrics(false).withRelay(relay), observer);
        try {
            if (relay.any()) server.awaitRelay(RELAY_STARTS_WITHIN);
            browser = new Browser();
        } catch (IOException | RuntimeException e) {
            server.close();
            folder.close();
            throw e;
        }
    }

    /**
     * Somebody in the lobby, with a backend of their own.
     *
     * @param beforeWorker put before the product's frame worker, or empty
     * @param beforePage scripts that run before the page's own
     */
    Person add(String name, String beforeWorker, String... beforePage) throws IOException {
        int number = people.size() + 1;
        AppProcess app = AppProcess.start(
                folder.path().resolve("person-" + number),
                server.url(),
                folder.path().resolve("log"),
                AppProcess.Surroundings.PLAIN.asProduct());
        try {
            app.awaitUrl();
        } catch (IOException e) {
            app.close();
            throw e;
        }
        Person person = new Person(number, name, app, browser, Person.Role.HONEST);
        people.add(person);
        for (String script : beforePage) person.page.addInitScript(script);
        if (!beforeWorker.isEmpty())
            person.page.context().route("**/frame-worker.js", route -> {
                var response = route.fetch();
                route.fulfill(new Route.FulfillOptions()
                        .setResponse(response)
                        .setBody(beforeWorker + "\n" + response.text()));
            });
        person.openLobby();
        return person;
    }

    /** What everybody shows, to find out why something did not come about. */
    String story() {
        StringBuilder text = new StringBuilder();
        for (Person person : people) text.append(person.story()).append('\n');
        Path log = folder.path().resolve("log");
        try {
            if (Files.exists(log)) text.append(Files.readString(log));
        } catch (IOException unreadable) {
            text.append(unreadable);
        }
        return text.toString();
    }

    @Override
    public void close() throws IOException {
        people.forEach(Person::close);
        browser.close();
        server.close();
        folder.close();
    }
}
