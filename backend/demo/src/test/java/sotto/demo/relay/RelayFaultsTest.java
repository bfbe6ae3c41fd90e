package sotto.demo.relay;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestReporter;
import sotto.demo.Browser;
import sotto.demo.BrowserTest;
import sotto.demo.Person;
import sotto.server.ServerSettings;
import sotto.server.relay.RelayKey;
import sotto.server.relay.RelaySettings;

/**
 * What happens to a relayed call between two when the network or the relay fails under it, or the relay wants its clients
 * to connect anew: pictures come back alone, and none is anybody else's.
 */
class RelayFaultsTest extends RelayTest {
    private static final RelayKey KEY = new RelayKey("operator", "the-secret-of-this-relay");

    /** {@code SignalRequest.sync_state} with a track that LiveKit knows nothing of: it asks for a full reconnect. */
    private static final byte[] FULL_RECONNECT = {0x62, 0x02, 0x1a, 0x00};
    /** {@code SignalRequest.simulate}, migration: it asks its client to resume. */
    private static final byte[] RESUME = {0x6a, 0x02, 0x18, 0x01};
    /** {@code SignalRequest.simulate}, server leave: it sends its client away. */
    private static final byte[] SENT_AWAY = {0x6a, 0x02, 0x20, 0x01};

    /** A seat is missed after some seconds of silence, another one looked for in vain for ten. */
    private static final double TOLD_WITHIN_MS = 60_000;

    private Person ada;
    private Person bruno;

    @Test
    void aCutNetworkToTheRelayIsToldAndPicturesComeBackByThemselvesWhenItIsMended(TestReporter report)
            throws Exception {
        RelayTap tap = ends(new RelayTap());
        call = new RelayCall(ServerSettings.defaults().withRelay(tap.relay()));
        talkThroughTheRelay();
        List<Long> epochs = epochs();

        long cut = System.nanoTime();
        tap.cut(true);
        for (Person one : List.of(ada, bruno))
            Browser.until(one.page, TOLD_WITHIN_MS, () -> one.at("path-lost").isVisible());
        report.publishEntry("told that the relay is lost after, ms", since(cut));
        RelayCall.assertPath("relay", ada, bruno);
        long mended = System.nanoTime();
        tap.cut(false);
        for (Person one : List.of(ada, bruno)) one.gone("path-lost");
        BrowserTest.awaitPictures(ada, bruno);
        report.publishEntry("pictures both ways after the network was mended, ms", since(mended));
        talk();
        RelayCall.assertPath("relay", ada, bruno);
        assertThat(epochs()).isEqualTo(epochs);
    }

    @Test
    void aRelayThatDrainsKeepsItsCallAndWhenItEndsAnotherTakesIt(TestReporter report) throws Exception {
        LiveKitNode first = ends(new LiveKitNode(KEY));
        Doorman door = ends(new Doorman(first.port));
        LiveKitNode second = ends(new LiveKitNode(KEY));
        Doorman other = ends(new Doorman(second.port));
        other.answer = Doorman.Answer.AWAY;
        call = new RelayCall(ServerSettings.defaults()
                .withRelay(RelaySettings.off()
                        .withOthers(List.of(
                                new RelaySettings.Other(door.url(), KEY), new RelaySettings.Other(other.url(), KEY)))));
        talkThroughTheRelay();
        other.answer = Doorman.Answer.PASS;
        List<Long> epochs = epochs();

        first.terminate();
        // It goes on for those who are in it: so many more pictures come as it takes a while to paint.
        BrowserTest.awaitDecoded(ada, 30);
        BrowserTest.awaitDecoded(bruno, 30);
        assertThat(rebuilds()).isZero();
        assertThat(first.runs()).isTrue();

        long ended = System.nanoTime();
        door.answer = Doorman.Answer.AWAY;
        first.terminate();
        first.awaitEnd();
        // One may lose the seat, and the other see that and follow before losing the own: only pictures tell.
        BrowserTest.awaitPicturesSince(System.nanoTime(), ada, bruno);
        report.publishEntry("pictures both ways after the node ended, ms", since(ended));
        talk();
        RelayCall.assertPath("relay", ada, bruno);
        assertThat(epochs()).isEqualTo(epochs);
        assertThat(ada.at("path-lost").count() + bruno.at("path-lost").count()).isZero();
    }

    @Test
    void whomTheRelayTellsToReconnectToResumeOrToGoTakesAnotherSeatAndShowsNothingWrong(TestReporter report)
            throws Exception {
        RelayTap tap = ends(new RelayTap());
        call = new RelayCall(ServerSettings.defaults().withRelay(tap.relay()));
        talkThroughTheRelay();
        List<Long> epochs = epochs();

        // All of it is said by LiveKit itself, which is made to by what its client seems to have said.
        newSeats(
                report,
                "one full reconnect",
                1,
                () -> tap.connections.getFirst().say(FULL_RECONNECT));
        newSeats(report, "one was sent away", 1, () -> tap.connections.getLast().say(SENT_AWAY));
        newSeats(report, "both were to resume", 2, () -> tap.connections.forEach(one -> one.say(RESUME)));
        newSeats(report, "full reconnects of both", 2, () -> tap.connections.forEach(one -> one.say(FULL_RECONNECT)));
        RelayCall.assertPath("relay", ada, bruno);
        assertThat(epochs()).isEqualTo(epochs);
        assertThat(ada.at("path-lost").count() + bruno.at("path-lost").count()).isZero();
    }

    /** Waits until so many have given up their seats, and all see and hear each other again. */
    private void newSeats(TestReporter report, String after, int people, Runnable event) {
        long[] before = {RelayCall.rebuilds(ada), RelayCall.rebuilds(bruno)};
        long began = System.nanoTime();
        event.run();
        // From here on the path is open only for who has the new seat.
        Browser.until(ada.page, RelayCall.SOON, () -> {
            int moved = (RelayCall.rebuilds(ada) > before[0] ? 1 : 0) + (RelayCall.rebuilds(bruno) > before[1] ? 1 : 0);
            return moved >= people;
        });
        talk();
        report.publishEntry("pictures and sound both ways again after " + after + ", ms", since(began));
    }

    private void talkThroughTheRelay() throws Exception {
        ada = call.person();
        bruno = call.person();
        bruno.join(ada.newRoom("relay"));
        talk();
    }

    private void talk() {
        RelayCall.awaitTalk("relay", ada, bruno);
        call.assertNothingWrong(ada, bruno);
        assertThat(call.looked()).isPositive();
    }

    private List<Long> epochs() {
        return List.of(BrowserTest.epoch(ada), BrowserTest.epoch(bruno));
    }

    private long rebuilds() {
        return RelayCall.rebuilds(ada) + RelayCall.rebuilds(bruno);
    }

    private static String since(long start) {
        return String.valueOf((System.nanoTime() - start) / 1_000_000);
    }
}
