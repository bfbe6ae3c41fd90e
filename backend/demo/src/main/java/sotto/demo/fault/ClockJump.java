package sotto.demo.fault;

import java.io.IOException;
import java.util.List;
import sotto.demo.Person;

/**
 * Two members judge each other's KeyPackages by clocks that are hours apart: the one with the wrong clock has to let
 * somebody in, and then has to be let in itself. How long that takes is told and not judged: libfaketime makes every look
 * at a clock slow, and the backend with it.
 */
final class ClockJump implements Fault {
    /** The process reads its clock's offset once a second. */
    private static final double SET_WITHIN = 1.5;

    @Override
    public String name() {
        return "clock-jump";
    }

    @Override
    public String about() {
        return "The committer's clock jumps 2 h ahead, then 2 h behind; each time people leave and join. Needs faketime.";
    }

    @Override
    public Setting setting() {
        return Setting.of(4, 1).withOwnClock(0);
    }

    @Override
    public void happen(FaultCall call) throws IOException {
        Person jumper = call.person(0);
        Person other = call.person(3);
        call.begin(jumper, other);
        for (String offset : List.of("+2h", "-2h")) {
            call.stage().clock(jumper).set(offset);
            call.say("Set the clock of " + jumper.name + ", the committer, to " + offset + ".");
            call.end();
            call.pass(SET_WITHIN);
            call.togetherAgain(call.people());
            leaveAndJoin(call, other, offset);
            leaveAndJoin(call, jumper, offset);
        }
    }

    private static void leaveAndJoin(FaultCall call, Person person, String offset) {
        double left = call.now();
        person.leave();
        call.together(offset + ": without " + person.name, call.without(person), left, null);
        double asked = call.now();
        call.join(person);
        person.see("call");
        call.together(offset + ": " + person.name + " in again", call.people(), asked, null);
    }
}
