package sotto.demo.fault;

import java.io.IOException;

final class RelayDrained implements Fault {
    private static final double DRAINS = 5;

    @Override
    public String name() {
        return "relay-drained";
    }

    @Override
    public String about() {
        return "The relay node that carries the call is told to end (SIGTERM): it drains for " + Math.round(DRAINS)
                + " s, then ends; there is another one.";
    }

    @Override
    public Setting setting() {
        return Setting.of(3, 1).withRelays(2);
    }

    @Override
    public void happen(FaultCall call) throws IOException {
        call.stage().startRelay(1);
        RelayedCall relayed = RelayedCall.begin(call);
        double drains = call.now();
        call.stage().relay(0).terminate();
        call.say("Told the relay's node to end. It takes nobody new, and goes on for those who are in a call.");
        call.pass(DRAINS);
        relayed.wentOn("while the node drained", drains);
        call.stage().relay(0).terminate();
        call.end();
        call.say("Told it again: it ends.");
        call.togetherAgain(call.people());
        relayed.otherSeats();
        relayed.picturesAgain("after the node ended", RelayedCall.OTHER_NODE_WITHIN);
    }
}
