package sotto.demo.fault;

import java.io.IOException;
import java.util.List;
import sotto.demo.Person;

final class CutOff implements Fault {
    private final double seconds;

    CutOff(double seconds) {
        this.seconds = seconds;
    }

    @Override
    public String name() {
        return "cut-off";
    }

    @Override
    public String about() {
        return "The committer's network is cut for " + Math.round(seconds)
                + " s: neither the server nor the others' pictures get through. Needs root.";
    }

    @Override
    public Setting setting() {
        return Setting.of(3, 1, 0).onOwnComputer(0).onCable();
    }

    @Override
    public void happen(FaultCall call) throws IOException {
        Person away = call.person(0);
        List<Person> rest = call.without(away);
        KeptKeys keys = call.keysOf(away);
        call.begin(away);
        double cut = call.now();
        call.stage().cable().cut();
        call.say("Cut the network of " + away.name + ", the committer.");
        call.together("without the one who is cut off, whom the server took for gone", rest, cut, null);
        double since = call.now();
        call.pass(seconds - (since - cut) / 1000);
        call.cannotFollow(keys, since);
        call.stage().cable().mend();
        call.end();
        call.say("Mended the network after " + FaultCall.ms(call.now() - cut) + ".");
        call.togetherAgain(call.people());
        call.picturesBack(away);
    }
}
