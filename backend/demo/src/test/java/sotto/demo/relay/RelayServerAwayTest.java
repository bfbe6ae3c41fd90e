package sotto.demo.relay;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import sotto.demo.AppProcess;
import sotto.demo.Browser;
import sotto.demo.BrowserTest;
import sotto.demo.Person;
import sotto.demo.ServerProcess;
import sotto.server.relay.RelayKey;

/**
 * The coordination server dies and comes back in a relayed call, and the operator's relay goes on. What the server told
 * the relay of the call it has forgotten: it names the call anew, while those who were in it have noticed nothing.
 */
class RelayServerAwayTest extends RelayTest {
    private static final RelayKey KEY = new RelayKey("operator", "the-secret-of-a-relay-that-goes-on");

    @BeforeEach
    void livekitIsThere() {
        RelayCall.assumeLiveKit();
    }

    @Test
    void aNewcomerAndThoseWhoWereThereFindEachOther() throws Exception {
        LiveKitNode node = ends(new LiveKitNode(KEY));
        Path key = Files.writeString(folder.resolve("key"), KEY.name() + ":" + KEY.secret());
        ServerProcess server =
                ends(ServerProcess.start("--relay", "ws://127.0.0.1:" + node.port, "--relay-key-file", key.toString()));
        Browser browser = ends(new Browser());
        Person ada = person(1, "Ada", server, browser);
        Person bruno = person(2, "Bruno", server, browser);
        Person chiara = person(3, "Chiara", server, browser);
        String link = ada.newRoom("relay");
        bruno.join(link);
        BrowserTest.awaitPictures(ada, bruno);

        server.kill();
        ada.see("server-reconnecting");
        bruno.see("server-reconnecting");
        server.restart();
        chiara.join(link);
        chiara.see("call");
        BrowserTest.awaitPictures(ada, bruno, chiara);
        RelayCall.awaitPath("relay", ada, bruno, chiara);
        for (Person one : new Person[] {ada, bruno, chiara})
            assertThat(one.at("alarm").count()).as("alarms at " + one.name).isZero();
    }

    private Person person(int number, String name, ServerProcess server, Browser browser) throws IOException {
        AppProcess app = ends(AppProcess.start(folder.resolve(name), server.url(), folder.resolve(name + ".log")));
        app.awaitUrl();
        Person person = ends(new Person(number, name, app, browser, Person.Role.HONEST));
        person.openLobby();
        return person;
    }
}
