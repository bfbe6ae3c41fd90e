package sotto.demo.fault;

import java.io.IOException;
import sotto.demo.Person;

final class ServerRestart implements Fault {
    @Override
    public String name() {
        return "server-restart";
    }

    @Override
    public String about() {
        return "The coordination server is killed and comes back 5 s later, having forgotten the room.";
    }

    @Override
    public Setting setting() {
        return Setting.of(3, 1);
    }

    @Override
    public void happen(FaultCall call) throws IOException {
        call.begin();
        call.stage().server().kill();
        call.say("Killed the coordination server. The call goes on without it.");
        for (Person person : call.people()) person.see("server-reconnecting");
        call.pass(5);
        call.stage().server().restart();
        call.end();
        call.say("The server is back, and knows nothing.");
        call.togetherAgain(call.people());
    }
}
