package sotto.demo.fault;

import java.io.IOException;
import java.util.List;
import java.util.stream.Stream;
import sotto.demo.Person;

final class TwoLowestKilled implements Fault {
    @Override
    public String name() {
        return "two-lowest-killed";
    }

    @Override
    public String about() {
        return "The committer's backend and that of the next in rank are killed at the same moment.";
    }

    @Override
    public Setting setting() {
        return Setting.of(4, 2, 0, 1);
    }

    @Override
    public void happen(FaultCall call) throws IOException {
        Person committer = call.person(0);
        Person next = call.person(1);
        List<Person> rest = call.without(committer, next);
        List<KeptKeys> keys = List.of(call.keysOf(committer), call.keysOf(next));
        call.begin(committer, next);
        Signals.kill(Stream.of(committer.app.handle(), next.app.handle()));
        call.end();
        call.say("Killed the backends of " + committer.name + " and " + next.name + ", the two lowest ranks.");
        call.togetherAgain(rest);
        double since = call.now();
        call.pass(5);
        for (KeptKeys kept : keys) call.cannotFollow(kept, since);
    }
}
