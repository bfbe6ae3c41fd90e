package sotto.rooms.session;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.junit.jupiter.api.Test;
import sotto.rooms.machine.RoomTimer;

class RoomTimersTest {
    private record Due(long at, Runnable task) {}

    private final List<Due> waiting = new ArrayList<>();
    private final List<String> fired = new ArrayList<>();
    private long now;
    private final RoomTimers timers =
            new RoomTimers(this::schedule, Runnable::run, timer -> fired.add(now + " " + timer));

    private Timers.Timer schedule(long delayMillis, Runnable task) {
        Due due = new Due(now + delayMillis, task);
        waiting.add(due);
        return () -> waiting.remove(due);
    }

    private void passUntil(long time) {
        while (true) {
            var next = waiting.stream()
                    .filter(due -> due.at <= time)
                    .min(Comparator.comparingLong(Due::at))
                    .orElse(null);
            if (next == null) break;
            waiting.remove(next);
            now = next.at;
            next.task.run();
        }
        now = time;
    }

    @Test
    void whoWaitsForAnAnswerWaitsWhileTheLogIsStillBeingRead() {
        timers.set(RoomTimer.ADMISSION, 2_000);
        passUntil(2_050);
        timers.reading();
        passUntil(2_150);
        timers.reading();
        passUntil(10_000);
        assertThat(fired).containsExactly("2300 ADMISSION");
    }

    @Test
    void inAQuietLogItWaitsAMomentLonger() {
        timers.reading();
        timers.set(RoomTimer.GRACE, 10_000);
        passUntil(20_000);
        assertThat(fired).containsExactly("10100 GRACE");
    }

    @Test
    void aTurnToCommitIsNotPutOff() {
        timers.set(RoomTimer.TURN, 600);
        timers.reading();
        passUntil(1_000);
        assertThat(fired).containsExactly("600 TURN");
    }

    @Test
    void whatIsCancelledOrSetAnewMeanwhileDoesNotRunOut() {
        timers.set(RoomTimer.ADMISSION, 2_000);
        passUntil(2_050);
        timers.cancel(RoomTimer.ADMISSION);
        timers.set(RoomTimer.GRACE, 1_000);
        passUntil(3_060);
        timers.set(RoomTimer.GRACE, 1_000);
        passUntil(4_100);
        assertThat(fired).isEmpty();
        passUntil(5_000);
        assertThat(fired).containsExactly("4160 GRACE");
        timers.set(RoomTimer.TURN, 10);
        timers.cancelAll();
        passUntil(9_000);
        assertThat(fired).hasSize(1);
    }

    @Test
    void nobodyKeepsATimerFromRunningOutBySayingThings() {
        timers.set(RoomTimer.ADMISSION, 2_000);
        for (long time = 2_000; time < 60_000; time += 50) {
            timers.reading();
            passUntil(time);
        }
        assertThat(fired).containsExactly("32000 ADMISSION");
    }
}
