package sotto.demo.fault;

import java.io.IOException;
import java.util.List;
import sotto.demo.Person;

final class CommitterPageClosed implements Fault {
    @Override
    public String name() {
        return "committer-page-closed";
    }

    @Override
    public String about() {
        return "The browser of whoever commits for the group is killed; the backend waits 10 s for the page, then leaves.";
    }

    @Override
    public Setting setting() {
        return Setting.of(3, 1, 0).onOwnComputer(0);
    }

    @Override
    public void happen(FaultCall call) throws IOException {
        Person committer = call.person(0);
        List<Person> rest = call.without(committer);
        KeptKeys keys = call.keysOf(committer);
        call.begin(committer);
        call.unreachable(committer);
        Signals.kill(call.stage().browser(committer));
        double closed = call.now();
        call.say("Killed the browser of " + committer.name
                + ", the committer. The backend waits 10 s for it to come back.");
        call.pass(9);
        // From here on the backend must have given up at 10 s.
        call.together(
                "without whose page is gone, 10 s and 3 s after", rest, closed, 10_000 + FaultCall.TOGETHER_WITHIN);
        double since = call.now();
        call.pass(5);
        call.cannotFollow(keys, since);
    }
}
