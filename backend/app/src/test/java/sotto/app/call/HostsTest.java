package sotto.app.call;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import sotto.bridge.messages.BackendToPage;
import sotto.bridge.messages.BackendToPage.CallProgress;
import sotto.bridge.messages.BackendToPage.CallState;
import sotto.bridge.messages.BackendToPage.Participant;
import sotto.bridge.messages.BackendToPage.Stage;
import sotto.bridge.messages.PageToBackend;
import sotto.server.ServerSettings;
import sotto.server.SottoServer;

/** Hosts of a room, between real engines over a real server: lock, waiting list, removal, named hosts, the path. */
class HostsTest {
    @TempDir
    private Path folder;

    private SottoServer server;
    private final List<TestPerson> people = new ArrayList<>();
    private TestPerson ada;
    private TestPerson bruno;
    private String link;
    private CallState two;

    @BeforeEach
    void twoInACallThatAdaMade() throws Exception {
        server = SottoServer.start(ServerSettings.defaults()
                .withListen(new ServerSettings.Listen("127.0.0.1", 0, Optional.empty(), false)));
        ada = person("ada");
        bruno = person("bruno");
        link = ada.newRoom();
        ada.join(link);
        ada.with("ada");
        bruno.join(link);
        bruno.with("ada", "bruno");
        two = ada.with("ada", "bruno");
    }

    @AfterEach
    void stop() {
        people.forEach(TestPerson::close);
        server.close();
    }

    private TestPerson person(String name) throws Exception {
        TestPerson person = new TestPerson(name, URI.create(server.url()), folder.resolve(name));
        people.add(person);
        return person;
    }

    private static String id(CallState state, String name) {
        return participant(state, name).id();
    }

    private static Participant participant(CallState state, String name) {
        return state.participants().stream()
                .filter(one -> one.name().equals(name))
                .findFirst()
                .orElseThrow();
    }

    private void lock() throws Exception {
        ada.say(new PageToBackend.SetRules(true, true));
        bruno.state(state -> state.rules().locked());
    }

    /** Comes to the locked room and waits; its id in the host's list. */
    private String waits(TestPerson newcomer) throws Exception {
        newcomer.join(link);
        newcomer.page.await(CallProgress.class, progress -> progress.stage() == Stage.WAITING_FOR_HOST);
        // A host lets nobody in whose fingerprint it has not seen; making it takes a moment.
        CallState state = ada.state(
                now -> waiting(now, newcomer).anyMatch(one -> !one.fingerprint().isEmpty()));
        return waiting(state, newcomer).findFirst().orElseThrow().id();
    }

    private static Stream<BackendToPage.Outsider> waiting(CallState state, TestPerson person) {
        return state.waiting().stream().filter(one -> one.name().equals(person.name));
    }

    @Test
    void whoMadeTheRoomIsItsHostAndEverybodySeesIt() throws Exception {
        bruno.say(new PageToBackend.SetMediaState(new sotto.bridge.messages.MediaState(true, true, false, false)));
        CallState atBruno = bruno.state(state -> state.participants().size() == 2);
        assertThat(participant(atBruno, "ada").host()).isTrue();
        assertThat(participant(atBruno, "bruno").host()).isFalse();
        assertThat(atBruno.rules()).isEqualTo(new BackendToPage.Rules(false, true, false, false));
    }

    @Test
    void intoALockedRoomAHostLetsPeopleInOrNot() throws Exception {
        lock();
        TestPerson cleo = person("cleo");
        String waiting = waits(cleo);
        bruno.say(new PageToBackend.Admit(waiting, true)); // no host: comes to nothing
        bruno.settle();
        ada.say(new PageToBackend.Admit(waiting, true));
        CallState atCleo = cleo.with("ada", "bruno", "cleo");
        assertThat(atCleo.rules().locked()).as("the newcomer knows the rules").isTrue();
        TestPerson dora = person("dora");
        ada.say(new PageToBackend.Admit(waits(dora), false));
        assertThat(dora.page
                        .await(BackendToPage.CallFailed.class, any -> true)
                        .problem()
                        .code())
                .isEqualTo("host.refused");
        ada.say(new PageToBackend.SetRules(false, true));
        TestPerson emil = person("emil");
        bruno.state(state -> !state.rules().locked());
        emil.join(link);
        emil.with("ada", "bruno", "cleo", "emil");
    }

    @Test
    void whoIsRemovedIsToldAndStaysOutUntilTheHostLiftsIt() throws Exception {
        TestPerson cleo = person("cleo");
        cleo.join(link);
        CallState three = ada.with("ada", "bruno", "cleo");
        bruno.say(new PageToBackend.RemoveParticipant(id(three, "cleo"))); // no host: comes to nothing
        bruno.settle();
        ada.say(new PageToBackend.RemoveParticipant(id(three, "cleo")));
        assertThat(cleo.page
                        .await(BackendToPage.CallEnded.class, any -> true)
                        .problem()
                        .code())
                .isEqualTo("host.removed");
        cleo.settle();
        assertThat(cleo.worker.forgotAll()).isTrue();
        bruno.state(state -> state.participants().size() == 2 && state.epoch() > three.epoch());
        cleo.join(link);
        assertThat(cleo.page
                        .await(BackendToPage.CallFailed.class, any -> true)
                        .problem()
                        .code())
                .isEqualTo("host.removed");
        CallState without = ada.state(
                state -> !state.removed().isEmpty() && state.participants().size() == 2);
        assertThat(without.removed().getFirst().name()).isEqualTo("cleo");
        ada.say(new PageToBackend.LiftRemoval(without.removed().getFirst().id()));
        ada.state(state -> state.removed().isEmpty());
        cleo.join(link);
        cleo.with("ada", "bruno", "cleo");
    }

    @Test
    void aNamedHostHasASayWhileTheMakerWantsIt() throws Exception {
        ada.say(new PageToBackend.NameHost(id(two, "bruno"), true));
        bruno.state(state -> state.rules().mayChange());
        bruno.say(new PageToBackend.SetRules(true, true));
        ada.state(state -> state.rules().locked());
        ada.say(new PageToBackend.NameHost(id(two, "bruno"), false));
        bruno.state(state -> !state.rules().mayChange());
        bruno.say(new PageToBackend.SetRules(false, true));
        bruno.settle();
        TestPerson cleo = person("cleo");
        waits(cleo);
    }

    @Test
    void thePathIsSwitchedForAllAndOnlyByWhoMay() throws Exception {
        bruno.say(new PageToBackend.SetPath(BackendToPage.Path.RELAY));
        CallState switched = ada.state(state -> state.path() == BackendToPage.Path.RELAY);
        assertThat(switched.pathNumber()).isEqualTo(1);
        ada.say(new PageToBackend.SetRules(false, false));
        CallState bound = bruno.state(state -> !state.maySetPath());
        bruno.say(new PageToBackend.SetPath(BackendToPage.Path.DIRECT));
        bruno.settle();
        ada.say(new PageToBackend.SetPath(BackendToPage.Path.HIDDEN));
        CallState last = bruno.state(state -> state.pathNumber() > bound.pathNumber());
        assertThat(last.path()).isEqualTo(BackendToPage.Path.HIDDEN);
        TestPerson cleo = person("cleo");
        cleo.join(link);
        assertThat(cleo.with("ada", "bruno", "cleo").path()).isEqualTo(BackendToPage.Path.HIDDEN);
    }
}
