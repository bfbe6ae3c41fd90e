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

    /** What the tests below run. */
    static final List<String> RUNS = List.of(LATE_ATTACH, LATE_COMMIT);

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
}
