package sotto.rooms.explore;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

/** Runs that once ended badly: what the exploration found in the machine, one test for each. */
class FoundTest {
    private static final String LATE_ATTACH = """
            enter Ann; read Ann; read Ann; take Ann; read Ann; drop Ann; fire Ann reconnect; read Ann;
            fire Ann flight; fire Ann reconnect; read Ann; read Ann; take Ann; read Ann; enter Ben; read Ann;
            read Ben; read Ben; take Ben; read Ann; read Ben; take Ann; read Ann; read Ben; late Ann 2
            """;

    private static final String LATE_COMMIT = """
            enter Ann; read Ann; read Ann; take Ann; read Ann; enter Ben; read Ann; read Ben; read Ben; take Ben;
            read Ann; read Ben; take Ann; read Ann; read Ben; enter Cat; read Ann; read Ben; read Cat; read Cat;
            take Cat; read Ann; read Ben; read Cat; drop Ann; fire Ann reconnect; read Ann; read Ann; read Ben;
            read Cat; take Ann; read Ann; read Ben; read Cat; take Ben; read Ann; late Ann 1; read Ann; read Ben;
            read Cat; notice Ann 1; read Ann; read Ben; read Cat; take Ben
            """;

    private static final String LATE_REQUEST =
            """
            enter Ann; read Ann; read Ann; take Ann; read Ann; enter Ben; read Ann; read Ben; read Ben; take Ben;
            read Ben; fire Ben admission; read Ann; take Ann; read Ann; read Ben; enter Cat; read Cat; read Cat;
            take Cat; read Cat; fire Cat admission; take Cat; read Cat; take Cat; read Ben; read Ben; read Ben;
            read Ben; take Ben;
            """ + "read Ben; read Cat; read Cat; take Cat; read Cat; read Ben; take Ben;".repeat(5);

    private static final String SILENT_CONNECTION = """
            enter Ann; enter Dan; enter Eve; read Eve; read Dan; read Dan; read Eve; take Dan; read Dan;
            fire Eve admission; take Eve; take Eve; read Eve; read Eve; read Dan; read Dan; hang Ann; read Eve;
            take Eve; read Dan; leave Eve; late Eve 1; read Dan; read Dan; fire Dan flight
            """;

    private static final String ADMITS_AND_IS_REMOVED = """
            enter Ann; read Ann; read Ann; take Ann; read Ann; enter Ben; read Ann; read Ben; read Ben; take Ben;
            read Ann; read Ben; take Ann; read Ann; read Ben; name Ann Ben; take Ann; read Ann; read Ben; lock Ann;
            take Ann; read Ann; read Ben; enter Cat; read Ann; read Ben; read Cat; read Cat; remove Ann Ben; take Cat;
            read Ann; read Ben; read Cat; admit Ben Cat
            """;

    private static final String FOUNDS_WHEN_TOLD_TO_WAIT = """
            enter Ann; read Ann; take Ann; read Ann; read Ann; lock Ann; take Ann; enter Ben; read Ben; take Ben;
            fire Ben admission; take Ben; read Ben; read Ben; read Ben
            """;

    private static final String OUTSIDERS_AMONG_THEMSELVES = """
            enter Ann; read Ann; read Ann; take Ann; read Ann; lock Ann; take Ann; restart; enter Dan; enter Eve
            """;

    /** What the tests on hosts run. */
    static final List<String> HOSTS =
            List.of(ADMITS_AND_IS_REMOVED, FOUNDS_WHEN_TOLD_TO_WAIT, OUTSIDERS_AMONG_THEMSELVES);

    /** What the other tests below run. */
    static final List<String> RUNS = List.of(LATE_ATTACH, LATE_COMMIT, LATE_REQUEST, SILENT_CONNECTION);

    private static void endsWell(String actions) {
        assertThat(Runs.failure(Symbols.PEOPLE, Runs.PLENTY, false, Action.parseAll(actions))
                        .map(Failure::story))
                .isEmpty();
    }

    /**
     * Ann's connection broke twice. What she had posted on the second reached the server after she was attached on the
     * third: the others looked for her on the second, which went, and she could not be reached any more.
     */
    @Test
    void anAttachFromAConnectionGivenUpDoesNotMoveAMemberBack() {
        endsWell(LATE_ATTACH);
    }

    /**
     * A commit of Ann's landed from a connection that she had given up, after she was attached on another. The others
     * looked for her on the older one and removed her when it went, though she was there.
     */
    @Test
    void aCommitFromAConnectionGivenUpDoesNotMoveItsCommitterBack() {
        endsWell(LATE_COMMIT);
    }

    /**
     * Ben repeated his request just before it was granted, and then had to ask anew. The repetition came into the log first
     * and was taken for the new request: every answer after that was to the request before, and after five of them he was
     * thrown out.
     */
    @Test
    void aRepeatedRequestIsNotTakenForTheOneAfterIt() {
        endsWell(LATE_REQUEST);
    }

    /**
     * Ben let Cat in at the moment in which Ann took that right from him: Ann took his word for that of somebody who never
     * was a host, with an alarm.
     */
    @Test
    void aHostWhoIsNoneAnyMoreMayNotHaveKnownYet() {
        endsWell(ADMITS_AND_IS_REMOVED);
    }

    /**
     * Ben was told to wait while the group that he founded was under way. Nobody counted it, and he stayed in it, alone.
     */
    @Test
    void whoWasToldToWaitGivesUpAGroupThatWasUnderWay() {
        endsWell(FOUNDS_WHEN_TOLD_TO_WAIT);
    }

    /**
     * After a restart Dan and Eve came into Ann's locked room before her, and she would not have them in hers. Each thought
     * the other had been inside, and let it in again and again, in a group that Ann did not count.
     */
    @Test
    void whoIsToldToWaitDoesNotTakeItselfForOneWhoWasInside() {
        endsWell(OUTSIDERS_AMONG_THEMSELVES);
    }

    /**
     * Eve left while Dan's connection broke, so he could not tell whether she was on Ann's connection, which was silent: he
     * kept her in the roster for as long as Ann said nothing.
     */
    @Test
    void nobodyStaysInTheRosterForASilentConnection() {
        endsWell(SILENT_CONNECTION);
    }
}
