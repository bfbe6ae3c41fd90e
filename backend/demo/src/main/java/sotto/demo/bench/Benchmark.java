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

    /** @param progress told what is being done, line by line */
    Result run(int rounds, Consumer<String> progress) throws IOException;
}
