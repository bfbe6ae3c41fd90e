package sotto.demo.fault;

import java.io.IOException;
import java.util.List;
import sotto.demo.Person;

final class LaptopSleep implements Fault {
    private final double seconds;

    LaptopSleep(double seconds) {
        this.seconds = seconds;
    }

    @Override
    public String name() {
        return "sleep";
    }

    @Override
    public String about() {
        return "The committer's computer sleeps for " + Math.round(seconds)
                + " s: backend and browser stand still, and wake again.";
    }

    @Override
    public Setting setting() {
        return Setting.of(3, 1, 0).onOwnComputer(0);
    }

    @Override
    public void happen(FaultCall call) throws IOException {
        Person sleeper = call.person(0);
        List<Person> rest = call.without(sleeper);
        KeptKeys keys = call.keysOf(sleeper);
        call.begin(sleeper);
        call.unreachable(sleeper);
        double asleep = call.now();
        Signals.stop(call.stage().computer(sleeper));
        try {
            call.say("The computer of " + sleeper.name + ", the committer, sleeps.");
            call.together("without the sleeper, whom the server took for gone", rest, asleep, null);
            double since = call.now();
            call.pass(Math.max(4, seconds - (since - asleep) / 1000));
            call.cannotFollow(keys, since);
        } finally {
            Signals.goOn(call.stage().computer(sleeper));
        }
        call.end();
        call.reachable(sleeper);
        call.say("It wakes after " + FaultCall.ms(call.now() - asleep) + ".");
        call.togetherAgain(call.people());
        call.picturesBack(sleeper);
    }
}
