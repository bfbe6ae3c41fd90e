package sotto.demo.crowd;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import sotto.rooms.RoomLink;
import sotto.rooms.RoomPath;
import sotto.rooms.group.Bytes;
import sotto.server.ServerSettings;
import sotto.server.SottoServer;

/** Headless members do what members do. */
class CrowdTest {
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private SottoServer server;
    private String link;

    @BeforeEach
    void startServer() throws Exception {
        server = SottoServer.start(ServerSettings.defaults()
                .withListen(new ServerSettings.Listen("127.0.0.1", 0, Optional.empty(), false)));
        try (RoomLink made = RoomLink.create(
                URI.create(server.url()), new SecureRandom(), RoomPath.DIRECT, Bytes.of(new byte[33]))) {
            link = made.text();
        }
    }

    @AfterEach
    void stop() {
        server.close();
    }

    @Test
    void aCrowdMeetsLeavesCrashesHangsAndComesBack() throws Exception {
        try (Crowd crowd = Crowd.here()) {
            comeAndGo(crowd);
        }
    }

    @Test
    void aCrowdInSeveralProcessesDoesTheSame(@TempDir Path folder) throws Exception {
        try (Crowd crowd = Crowd.inProcesses(2, folder.resolve("log"))) {
            comeAndGo(crowd);
            assertThat(crowd.processes()).hasSize(2).allMatch(ProcessHandle::isAlive);
        }
    }

    private void comeAndGo(Crowd crowd) throws Exception {
        List<CrowdMember> all = new ArrayList<>();
        for (int i = 0; i < 6; i++) {
            CrowdMember member = crowd.member("member " + i);
            all.add(member);
            member.enter(link);
        }
        crowd.awaitTogether(all, PATIENCE);

        List<CrowdMember> rest = new ArrayList<>(all);
        CrowdMember leaver = rest.removeLast();
        leaver.leave();
        assertThat(leaver.await("its end", PATIENCE, Seen::ended).end()).isEqualTo("left");
        CrowdMember crasher = rest.removeLast();
        crasher.crash();
        crowd.awaitTogether(rest, PATIENCE);

        CrowdMember committer = rest.stream()
                .min(java.util.Comparator.comparingInt(one -> one.seen().leaf()))
                .orElseThrow();
        long before = committer.seen().epoch();
        committer.freeze();
        rest.stream().filter(one -> one != committer).findFirst().orElseThrow().rekey();
        for (CrowdMember one : rest)
            if (one != committer) one.await("the next in rank commits", PATIENCE, seen -> seen.epoch() == before + 1);
        committer.thaw();
        crowd.awaitTogether(rest, PATIENCE);

        rest.getFirst().cut();
        rest.getFirst().await("the loss", PATIENCE, seen -> !seen.server());
        leaver.enter(link);
        crasher.enter(link);
        crowd.awaitTogether(all, PATIENCE);
        assertThat(all).allSatisfy(one -> {
            assertThat(one.seen().alarms()).isEmpty();
            assertThat(one.seen().failure()).isEmpty();
        });
    }
}
