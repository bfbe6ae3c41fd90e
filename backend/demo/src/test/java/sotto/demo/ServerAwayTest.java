package sotto.demo;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestReporter;

/** The coordination server dies in the middle of a call and comes back, having forgotten everything. */
class ServerAwayTest extends BrowserTest {
    @Test
    void theCallGoesOnAndMembersComeBackAndNewcomersGetIn(TestReporter report) throws Exception {
        ServerProcess server = server();
        Person ada = person("Ada", server.url());
        Person bruno = person("Bruno", server.url());
        Person chiara = person("Chiara", server.url());
        String link = ada.newRoom();
        bruno.join(link);
        awaitPictures(ada, bruno);

        server.kill();
        ada.see("server-reconnecting");
        bruno.see("server-reconnecting");
        awaitDecoded(ada, 30);
        awaitDecoded(bruno, 30);
        awaitPictures(ada, bruno);
        assertThat(ada.at("server-reconnecting").isVisible()).isTrue();
        var before = stats(ada).get("safetyNumber");

        server.restart();
        long returned = System.nanoTime();
        chiara.join(link);
        chiara.see("call");
        report.publishEntry(
                "newcomer in the call after the server's return, ms",
                String.valueOf((System.nanoTime() - returned) / 1_000_000));
        awaitPicture(chiara, ada);
        awaitPicture(chiara, bruno);
        report.publishEntry(
                "newcomer's pictures after the server's return, ms",
                String.valueOf((System.nanoTime() - returned) / 1_000_000));
        awaitPictures(ada, bruno, chiara);
        for (Person person : new Person[] {ada, bruno, chiara}) {
            person.gone("server-reconnecting");
            assertThat(person.at("alarm").count())
                    .as("alarms at " + person.name)
                    .isZero();
        }
        // Epoch numbers say nothing here: the group founded after the restart counts from the beginning.
        assertThat(stats(ada).get("safetyNumber"))
                .isEqualTo(stats(bruno).get("safetyNumber"))
                .isEqualTo(stats(chiara).get("safetyNumber"))
                .isNotEqualTo(before);
    }
}
