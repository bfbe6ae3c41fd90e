package sotto.demo.bench;

import java.io.IOException;
import java.util.function.Consumer;

/** One benchmark. Runs once. */
interface Benchmark {
    String name();

    /** What is measured, and how, in a sentence or two. */
    String explanation();

    /** Rounds if the user names no other number. */
    int defaultRounds();

    /** Whether it takes so long that it runs only when it is asked for. */
    default boolean onlyIfNamed() {
        return false;
    }

    /** @param progress told what is being done, line by line */
    Result run(int rounds, Consumer<String> progress) throws IOException;
}
