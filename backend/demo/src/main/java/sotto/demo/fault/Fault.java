package sotto.demo.fault;

import java.io.IOException;

/** Something that goes wrong in a running call. Each run has a call of its own. */
public interface Fault {
    /** For {@code --fault}. */
    String name();

    /** What happens to whom, in a sentence for people. */
    String about();

    Setting setting();

    /** Lets it happen in a call in which all see all, and says to the call what begins, ends, and must hold when. */
    void happen(FaultCall call) throws IOException;
}
