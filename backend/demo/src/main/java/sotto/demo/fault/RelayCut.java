package sotto.demo.fault;

import java.io.IOException;

final class RelayCut implements Fault {
    private final double seconds;

    RelayCut(double seconds) {
        this.seconds = seconds;
    }

    @Override
    public String name() {
        return "relay-cut";
    }

    @Override
    public String about() {
        return "The network to the relay is cut for " + Math.round(seconds)
                + " s: neither media nor signalling get there, and nobody is told. Needs root.";
    }

    @Override
    public Setting setting() {
        return Setting.of(3, 1).withRelays(1).onCable();
    }

    @Override
    public void happen(FaultCall call) throws IOException {
        RelayedCall relayed = RelayedCall.begin(call);
        double cut = call.now();
        call.stage().cable().cut();
        call.say("Cut the network to the relay.");
        call.pass(seconds);
        call.stage().cable().mend();
        call.end();
        call.say("Mended the network after " + FaultCall.ms(call.now() - cut) + ".");
        call.togetherAgain(call.people());
        relayed.picturesAgain("after the network was mended", null);
    }
}
