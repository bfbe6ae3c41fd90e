package sotto.demo.fault;

import java.io.IOException;
import java.util.List;
import java.util.stream.Stream;
import sotto.demo.Person;

/**
 * Nothing tells the others that the committer hangs: its connection is there. So the one who waits at the door is let in
 * by the next in rank, and the server notices by the silence.
 */
final class CommitterFrozen implements Fault {
    @Override
    public String name() {
        return "committer-frozen";
    }

    @Override
    public String about() {
        return "The backend of whoever commits hangs for 12 s while somebody wants to join, and then goes on.";
    }

    @Override
    public Setting setting() {
        return Setting.of(4, 1, 0).comingLater(1);
    }

    @Override
    public void happen(FaultCall call) throws IOException {
        Person committer = call.person(0);
        Person newcomer = call.person(3);
        List<Person> rest = call.without(committer);
        KeptKeys keys = call.keysOf(committer);
        call.begin(committer);
        double frozen = call.now();
        Signals.stop(Stream.of(committer.app.handle()));
        try {
            call.say("Froze the backend of " + committer.name + ", the committer. " + newcomer.name + " asks to join.");
            double asked = call.now();
            call.join(newcomer);
            newcomer.see("call");
            call.together(
                    "newcomer in, though the committer hangs",
                    rest,
                    List.of(committer),
                    asked,
                    FaultCall.TOGETHER_WITHIN);
            call.together("without the frozen one, whom the server took for gone", rest, frozen, null);
            double since = call.now();
            call.pass(Math.max(4, 12 - (since - frozen) / 1000));
            call.cannotFollow(keys, since);
        } finally {
            Signals.goOn(Stream.of(committer.app.handle()));
        }
        call.end();
        call.say("Let the backend of " + committer.name + " go on.");
        call.togetherAgain(call.people());
        call.picturesBack(committer);
    }
}
