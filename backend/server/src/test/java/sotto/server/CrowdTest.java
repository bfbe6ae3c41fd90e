package sotto.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import sotto.rooms.wire.LogEntry;

@Tag("slow")
class CrowdTest extends ServerTest {
    private static final int PEOPLE = 300;

    @Override
    ServerSettings settings() {
        return super.settings().withCapacity(new ServerSettings.Capacity(10, PEOPLE, 1_000, 1_000, 10, 4 << 20));
    }

    @Test
    void threeHundredPeopleShareOneRoomAndOneOrder() throws Exception {
        List<TestClient> clients = new ArrayList<>();
        for (int n = 0; n < PEOPLE; n++) clients.add(enter());
        for (int n = 0; n < PEOPLE; n += 50) clients.get(n).post("from " + n);
        int posts = PEOPLE / 50;
        List<LogEntry> messages = null;
        for (int n = 0; n < PEOPLE; n++) {
            TestClient client = clients.get(n);
            assertThat(client.entered().present()).hasSize(n);
            List<LogEntry> entries = client.nextEntries(PEOPLE - 1 - n + posts);
            List<LogEntry> last = entries.subList(entries.size() - posts, entries.size());
            if (messages == null) messages = last;
            assertThat(last).isEqualTo(messages);
        }
        assertThat(clients)
                .extracting(TestClient::head)
                .containsOnly(clients.getFirst().head());
        clients.getLast().close();
        assertThat(clients.getFirst().nextEntry())
                .isEqualTo(new LogEntry.Gone(
                        clients.getFirst().head().sequence(), clients.getLast().id()));
    }
}
