package sotto.demo.fault;

import java.util.List;
import sotto.demo.Person;

final class CommitterKilled implements Fault {
    @Override
    public String name() {
        return "committer-killed";
    }

    @Override
    public String about() {
        return "The backend of whoever commits for the group is killed without warning, as by a crash.";
    }

    @Override
    public Setting setting() {
        return Setting.of(3, 1, 0);
    }

    @Override
    public void happen(FaultCall call) {
        Person committer = call.person(0);
        List<Person> rest = call.without(committer);
        KeptKeys keys = call.keysOf(committer);
        call.begin(committer);
        committer.app.kill();
        call.end();
        call.say("Killed the backend of " + committer.name + ", the committer.");
        call.togetherAgain(rest);
        double since = call.now();
        call.pass(5);
        call.cannotFollow(keys, since);
    }
}
