package sotto.bridge.gate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import sotto.bridge.gate.Effect.AdmitWorker;
import sotto.bridge.gate.Effect.Ask;
import sotto.bridge.gate.Effect.CloseMoved;
import sotto.bridge.gate.Effect.CloseWorker;
import sotto.bridge.gate.Effect.GiveTicket;
import sotto.bridge.gate.Effect.GiveToken;
import sotto.bridge.gate.Effect.LetIn;
import sotto.bridge.gate.Effect.PageLeft;
import sotto.bridge.gate.Effect.Subject;
import sotto.bridge.gate.Effect.TellToWait;
import sotto.bridge.gate.Effect.TurnAway;
import sotto.bridge.gate.Effect.Wake;

/** The rules on their own, with a clock that the test moves. */
class GateTest {
    private static final SocketId FIRST = new SocketId(1);
    private static final SocketId SECOND = new SocketId(2);
    private static final SocketId WORKER = new SocketId(11);
    private static final SocketId OTHER_WORKER = new SocketId(12);

    private final AtomicReference<Instant> now = new AtomicReference<>(Instant.EPOCH);
    private final Gate gate = new Gate(5000, now::get, new SecureRandom(), GateTimes.DEFAULT);

    private void pass(Duration time) {
        now.updateAndGet(instant -> instant.plus(time));
    }

    private String launched() {
        try {
            return gate.launch(gate.newLaunchSecret());
        } catch (RefusedException e) {
            throw new AssertionError(e);
        }
    }

    private static void refuses(Reason reason, ThrowingCallable call) {
        assertThatThrownBy(call)
                .isInstanceOfSatisfying(
                        RefusedException.class, e -> assertThat(e.reason()).isEqualTo(reason));
    }

    private static <T extends Effect> T one(List<Effect> effects, Class<T> type) {
        return effects.stream()
                .filter(type::isInstance)
                .map(type::cast)
                .reduce((a, b) -> {
                    throw new AssertionError("two of " + type);
                })
                .orElseThrow(() -> new AssertionError("no " + type + " in " + effects));
    }

    private static Visitor visitor(String method, boolean socket, String host, String origin, String site) {
        return new Visitor(method, socket, host, origin, site, List.of());
    }

    @Test
    void sourcesAreJudgedByHostOriginAndSite() {
        String host = "127.0.0.1:5000";
        String origin = "http://127.0.0.1:5000";
        for (Visitor good : List.of(
                visitor("GET", false, host, "", "none"),
                visitor("GET", false, host, "", ""),
                visitor("GET", false, host, origin, "same-origin"),
                visitor("POST", false, host, origin, "same-origin"),
                visitor("GET", true, host, origin, ""))) {
            assertThatCode(() -> gate.checkSource(good)).as(good.toString()).doesNotThrowAnyException();
        }
        refuses(Reason.WRONG_HOST, () -> gate.checkSource(visitor("GET", false, "localhost:5000", "", "none")));
        refuses(Reason.WRONG_HOST, () -> gate.checkSource(visitor("GET", false, "", "", "none")));
        for (Visitor bad : List.of(
                visitor("POST", false, host, "", ""),
                visitor("GET", true, host, "", ""),
                visitor("GET", true, host, "http://127.0.0.1:5001", ""),
                visitor("GET", true, host, origin, "none"),
                visitor("GET", false, host, "null", ""),
                visitor("GET", false, host, "", "same-site"),
                visitor("GET", false, host, "", "cross-site"),
                visitor("GET", false, host, origin + ", " + origin, ""))) {
            refuses(Reason.WRONG_ORIGIN, () -> gate.checkSource(bad));
        }
    }

    @Test
    void launchSecretsAreGoodOnceAndForAMinute() throws RefusedException {
        String secret = gate.newLaunchSecret();
        assertThat(secret).hasSize(43).isNotEqualTo(gate.newLaunchSecret());
        gate.launch(secret);
        refuses(Reason.BAD_SECRET, () -> gate.launch(secret));
        String late = gate.newLaunchSecret();
        pass(Duration.ofSeconds(59));
        String stillGood = gate.newLaunchSecret();
        pass(Duration.ofSeconds(1));
        refuses(Reason.BAD_SECRET, () -> gate.launch(late));
        gate.launch(stillGood);
    }

    @Test
    void aPageComesInWithALaunchTokenOnceAndThenOnlyWithItsOwn() {
        String token = launched();
        assertThat(gate.pageArrived(FIRST, token)).containsExactly(new LetIn(FIRST));
        assertThat(gate.pageGone(FIRST)).containsExactly(new PageLeft(FIRST));
        assertThat(gate.pageArrived(SECOND, token)).as("reload").containsExactly(new LetIn(SECOND));
        gate.pageGone(SECOND);
        SocketId third = new SocketId(3);
        assertThat(gate.pageArrived(third, launched())).containsExactly(new LetIn(third));
        gate.pageGone(third);
        assertThat(gate.pageArrived(FIRST, token)).containsExactly(new TurnAway(FIRST, Reason.NO_TOKEN));
        assertThat(gate.pageArrived(FIRST, "")).containsExactly(new TurnAway(FIRST, Reason.NO_TOKEN));
    }

    @Test
    void aLaunchTokenThatIsNotUsedExpires() {
        String token = launched();
        pass(Duration.ofSeconds(60));
        assertThat(gate.pageArrived(FIRST, token)).containsExactly(new TurnAway(FIRST, Reason.NO_TOKEN));
    }

    @Test
    void aYesMovesThePlaceAndTheWorkerGoes() throws RefusedException {
        String token = launched();
        gate.pageArrived(FIRST, token);
        gate.workerArrived(WORKER, gate.redeemTicket(ticket(FIRST)));
        List<Effect> asked = gate.pageArrived(SECOND, token);
        assertThat(asked.getFirst()).isEqualTo(new TellToWait(SECOND));
        Ask ask = one(asked, Ask.class);
        assertThat(ask.page()).isEqualTo(FIRST);
        assertThat(ask.subject()).isEqualTo(Subject.ANOTHER_PAGE);
        assertThat(one(asked, Wake.class).after()).isEqualTo(Duration.ofSeconds(60));

        assertThat(gate.answer(SECOND, ask.request(), true)).as("its own yes").isEmpty();
        assertThat(gate.answer(FIRST, "AAAAAAAAAAAAAAAAAAAAAA", true))
                .as("another request")
                .isEmpty();
        List<Effect> moved = gate.answer(FIRST, ask.request(), true);
        String newToken = one(moved, GiveToken.class).token();
        assertThat(newToken).isNotEqualTo(token);
        assertThat(moved)
                .containsExactly(
                        new CloseWorker(WORKER),
                        new PageLeft(FIRST),
                        new CloseMoved(FIRST),
                        new GiveToken(SECOND, newToken),
                        new LetIn(SECOND));
        assertThat(gate.answer(SECOND, ask.request(), true))
                .as("an old request")
                .isEmpty();
        assertThat(gate.pageGone(FIRST)).as("the old socket's end").isEmpty();
        gate.pageGone(SECOND);
        assertThat(gate.pageArrived(FIRST, token)).containsExactly(new TurnAway(FIRST, Reason.NO_TOKEN));
        assertThat(gate.pageArrived(FIRST, newToken)).containsExactly(new LetIn(FIRST));
    }

    @Test
    void aQuestionThatNobodyAnswersEnds() {
        String token = launched();
        gate.pageArrived(FIRST, token);
        Ask ask = one(gate.pageArrived(SECOND, token), Ask.class);
        assertThat(gate.tick()).isEmpty();
        pass(Duration.ofSeconds(60));
        assertThat(gate.tick()).containsExactly(new TurnAway(SECOND, Reason.NO_ANSWER));
        assertThat(gate.tick()).isEmpty();
        assertThat(gate.answer(FIRST, ask.request(), true)).as("too late").isEmpty();
    }

    @Test
    void aWaitingPageThatGoesIsForgotten() {
        String token = launched();
        gate.pageArrived(FIRST, token);
        Ask ask = one(gate.pageArrived(SECOND, token), Ask.class);
        assertThat(gate.pageGone(SECOND)).isEmpty();
        assertThat(gate.answer(FIRST, ask.request(), true)).isEmpty();
        assertThat(gate.pageGone(FIRST)).containsExactly(new PageLeft(FIRST));
    }

    @Test
    void withATokenTheWaitingPageFollowsWithoutItNot() {
        String token = launched();
        gate.pageArrived(FIRST, token);
        gate.pageArrived(SECOND, launched());
        List<Effect> effects = gate.pageGone(FIRST);
        assertThat(effects).startsWith(new PageLeft(FIRST)).endsWith(new LetIn(SECOND));
        gate.pageArrived(FIRST, "");
        assertThat(gate.pageGone(SECOND))
                .containsExactly(new PageLeft(SECOND), new TurnAway(FIRST, Reason.NOBODY_TO_ASK));
    }

    @Test
    void ticketsAreGoodOnceForTenSecondsAndForTheirPageOnly() throws RefusedException {
        assertThat(gate.ticketWanted(FIRST)).as("no page").isEmpty();
        String token = launched();
        gate.pageArrived(FIRST, token);
        assertThat(gate.ticketWanted(SECOND)).as("not the page").isEmpty();

        String used = ticket(FIRST);
        assertThat(gate.redeemTicket(used)).isEqualTo(FIRST);
        refuses(Reason.BAD_TICKET, () -> gate.redeemTicket(used));

        String late = ticket(FIRST);
        pass(Duration.ofSeconds(10));
        refuses(Reason.BAD_TICKET, () -> gate.redeemTicket(late));

        String replaced = ticket(FIRST);
        ticket(FIRST);
        refuses(Reason.BAD_TICKET, () -> gate.redeemTicket(replaced));

        String ofAnotherPage = ticket(FIRST);
        gate.pageGone(FIRST);
        refuses(Reason.BAD_TICKET, () -> gate.redeemTicket(ofAnotherPage));
        gate.pageArrived(SECOND, token);
        refuses(Reason.BAD_TICKET, () -> gate.redeemTicket(ofAnotherPage));
    }

    @Test
    void aWorkerWhosePageLeftWhileItConnectedIsTurnedAway() throws RefusedException {
        String token = launched();
        gate.pageArrived(FIRST, token);
        SocketId owner = gate.redeemTicket(ticket(FIRST));
        gate.pageGone(FIRST);
        gate.pageArrived(SECOND, token);
        assertThat(gate.workerArrived(WORKER, owner)).containsExactly(new TurnAway(WORKER, Reason.BAD_TICKET));
    }

    @Test
    void twoTicketsInFlightMakeOneWorker() throws RefusedException {
        gate.pageArrived(FIRST, launched());
        SocketId owner = gate.redeemTicket(ticket(FIRST));
        SocketId again = gate.redeemTicket(ticket(FIRST));
        assertThat(gate.workerArrived(WORKER, owner)).containsExactly(new AdmitWorker(WORKER));
        assertThat(gate.workerArrived(OTHER_WORKER, again))
                .containsExactly(new TurnAway(OTHER_WORKER, Reason.BAD_TICKET));
    }

    @Test
    void aSecondWorkerIsAskedAboutOnlyIfTheFirstStays() throws RefusedException {
        gate.pageArrived(FIRST, launched());
        gate.workerArrived(WORKER, gate.redeemTicket(ticket(FIRST)));

        assertThat(gate.ticketWanted(FIRST)).containsExactly(new Wake(Duration.ofSeconds(1)));
        assertThat(gate.tick()).isEmpty();
        assertThat(one(gate.workerGone(WORKER), GiveTicket.class).page()).isEqualTo(FIRST);
        pass(Duration.ofSeconds(1));
        assertThat(gate.tick()).as("nothing is left to ask").isEmpty();

        gate.workerArrived(WORKER, gate.redeemTicket(ticket(FIRST)));
        gate.ticketWanted(FIRST);
        pass(Duration.ofSeconds(1));
        Ask ask = one(gate.tick(), Ask.class);
        assertThat(ask.subject()).isEqualTo(Subject.ANOTHER_WORKER);
        String ticket =
                one(gate.answer(FIRST, ask.request(), true), GiveTicket.class).ticket();
        assertThat(gate.workerArrived(OTHER_WORKER, gate.redeemTicket(ticket)))
                .containsExactly(new CloseWorker(WORKER), new AdmitWorker(OTHER_WORKER));
        assertThat(gate.workerGone(WORKER)).as("the old socket's end").isEmpty();
    }

    @Test
    void nothingThatIsPrintedShowsASecret() {
        String token = launched();
        gate.pageArrived(FIRST, token);
        GiveTicket give = one(gate.ticketWanted(FIRST), GiveTicket.class);
        assertThat(give.toString()).doesNotContain(give.ticket());
        assertThat(new GiveToken(FIRST, token).toString()).doesNotContain(token);
    }

    private String ticket(SocketId page) {
        return one(gate.ticketWanted(page), GiveTicket.class).ticket();
    }
}
