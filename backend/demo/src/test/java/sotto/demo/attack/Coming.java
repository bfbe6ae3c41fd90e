package sotto.demo.attack;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import sotto.demo.crowd.CrowdMember;
import sotto.demo.crowd.Seen;

/** What somebody is to see from now on, one after the other and however briefly: to be made before that can happen. */
final class Coming {
    private final CrowdMember at;
    private final String what;
    private final CountDownLatch seen = new CountDownLatch(1);

    Coming(CrowdMember at, String what, List<Predicate<Seen>> inOrder) {
        this.at = at;
        this.what = what;
        Deque<Predicate<Seen>> left = new ArrayDeque<>(inOrder);
        at.listen(now -> {
            if (!left.isEmpty() && left.peek().test(now)) left.poll();
            if (left.isEmpty()) seen.countDown();
        });
    }

    /** Somebody is to be without a connection, and to have one again. */
    static Coming anotherConnection(CrowdMember at) {
        return new Coming(at, "another connection", List.of(now -> !now.server(), Seen::server));
    }

    /** Somebody is to have a roster without this name. */
    static Coming removal(CrowdMember at, String name) {
        return new Coming(
                at,
                name + "'s removal",
                List.of(now -> now.epoch() > 0 && !now.names().contains(name)));
    }

    void await() throws InterruptedException {
        if (!seen.await(Scene.PATIENCE.toMillis(), TimeUnit.MILLISECONDS))
            throw new AssertionError(at + " waited in vain: " + what + "; it sees " + at.seen());
    }
}
