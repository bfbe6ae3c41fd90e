package sotto.demo.fault;

import java.io.IOException;

final class RelayKilled implements Fault {
    @Override
    public String name() {
        return "relay-killed";
    }

    @Override
    public String about() {
        return "The relay node that carries the call is killed; there is another one.";
    }

    @Override
    public Setting setting() {
        return Setting.of(3, 1).withRelays(2);
    }

    @Override
    public void happen(FaultCall call) throws IOException {
        call.stage().startRelay(1);
        RelayedCall relayed = RelayedCall.begin(call);
        call.stage().relay(0).kill();
        call.end();
        call.say("Killed the relay's node.");
        call.togetherAgain(call.people());
        relayed.otherSeats();
        relayed.picturesAgain("after the node was killed", RelayedCall.OTHER_NODE_WITHIN);
    }
}
