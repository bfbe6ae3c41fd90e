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
import sotto.demo.FreePort;
import sotto.demo.Person;
import sotto.demo.ServerProcess;

/**
 * The coordination server dies and comes back in a relayed call, and the node that registers with it goes on. The server
 * has forgotten what it called the call there and names it anew, while those who were in it have noticed nothing: without
 * another seat on the same node they and a newcomer would be in two calls for good.
 */
class RelayServerAwayTest extends RelayTest {
    @BeforeEach
    void livekitIsThere() {
        RelayCall.assumeLiveKit();
    }

    @Test
    void aNewcomerAndThoseWhoWereThereFindEachOther() throws Exception {
        Path secret = Files.writeString(folder.resolve("secret"), "what-the-server-and-its-relay-nodes-share");
        ServerProcess server = ends(ServerProcess.start("--relay-node-secret-file", secret.toString()));
        Process node = node(server.url(), secret);
        ends(node::destroyForcibly);
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

    /** A node as an operator runs it; its LiveKit ends with it. */
    private static Process node(String server, Path secret) throws IOException {
        int port = FreePort.tcp();
        return new ProcessBuilder(
                        ProcessHandle.current().info().command().orElse("java"),
                        "-cp",
                        System.getProperty("java.class.path"),
                        "sotto.server.Main",
                        "relay",
                        "--register",
                        server,
                        "--node-secret-file",
                        secret.toString(),
                        "--public-url",
                        "ws://127.0.0.1:" + port,
                        "--port",
                        Integer.toString(port),
                        "--media-port",
                        "0",
                        "--media-tcp-port",
                        "0")
                .inheritIO()
                .start();
    }

    private Person person(int number, String name, ServerProcess server, Browser browser) throws IOException {
        AppProcess app = ends(AppProcess.start(folder.resolve(name), server.url(), folder.resolve(name + ".log")));
        app.awaitUrl();
        Person person = ends(new Person(number, name, app, browser, Person.Role.HONEST));
        person.openLobby();
        return person;
    }
}
