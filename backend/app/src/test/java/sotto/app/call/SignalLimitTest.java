package sotto.app.call;

import static org.assertj.core.api.Assertions.assertThat;

import java.security.SecureRandom;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import sotto.rooms.group.ParticipantId;

class SignalLimitTest {
    private final ParticipantId ada = participant();
    private final ParticipantId mallory = participant();
    private long now = Long.MAX_VALUE - 5; // the clock may run over
    private final SignalLimit limit = new SignalLimit(() -> now);

    private static ParticipantId participant() {
        byte[] bytes = new byte[16];
        new SecureRandom().nextBytes(bytes);
        return ParticipantId.of(bytes);
    }

    private int passing(ParticipantId from, int tried) {
        int passed = 0;
        for (int i = 0; i < tried; i++) if (limit.pass(from)) passed++;
        return passed;
    }

    @Test
    void aFloodEndsAtTheBurstAndOthersAreHeard() {
        assertThat(passing(mallory, 10_000)).isEqualTo(SignalLimit.BURST);
        assertThat(passing(ada, SignalLimit.BURST)).isEqualTo(SignalLimit.BURST);
    }

    @Test
    void whatWasUsedComesBackWithTime() {
        passing(mallory, SignalLimit.BURST);
        now += TimeUnit.SECONDS.toNanos(2);
        assertThat(passing(mallory, 10_000)).isEqualTo(2 * SignalLimit.PER_SECOND);
        now += TimeUnit.HOURS.toNanos(1);
        assertThat(passing(mallory, 10_000)).isEqualTo(SignalLimit.BURST);
    }

    @Test
    void whoHasLeftIsForgotten() {
        passing(mallory, SignalLimit.BURST);
        limit.keep(Set.of(ada));
        assertThat(passing(mallory, 1)).isEqualTo(1);
    }
}
