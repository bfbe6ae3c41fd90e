package sotto.demo.bench;

import java.io.BufferedReader;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStreamWriter;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import sotto.demo.Repository;

/** OpenMLS's side of {@link CommitBench}: a Rust program that is told what to do over its standard input. */
final class OpenMlsPair implements CommitBench.Pair {
    private static final String SOURCE = "backend/demo/src/main/rust/openmls-commit";

    private final Program program;

    private OpenMlsPair(Program program) {
        this.program = program;
    }

    /** @throws IOException if it cannot be built; says what is missing */
    static Program build() throws IOException {
        Path folder = Repository.root().resolve(SOURCE);
        Process cargo;
        try {
            cargo = new ProcessBuilder("cargo", "build", "--release", "--locked", "--quiet")
                    .directory(folder.toFile())
                    .inheritIO()
                    .start();
        } catch (IOException missing) {
            throw new IOException(
                    "OpenMLS is built with cargo, which is not installed: https://rustup.rs tells how to get it",
                    missing);
        }
        try {
            if (cargo.waitFor() != 0) throw new IOException("cargo could not build " + folder);
        } catch (InterruptedException interrupted) {
            cargo.destroy();
            Thread.currentThread().interrupt();
            throw new IOException("interrupted", interrupted);
        }
        return new Program(new ProcessBuilder(
                        folder.resolve("target/release/openmls-commit").toString())
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start());
    }

    /** The running program. */
    static final class Program implements AutoCloseable {
        private final Process process;
        private final Writer orders;
        private final BufferedReader answers;

        private Program(Process process) {
            this.process = process;
            orders = new BufferedWriter(new OutputStreamWriter(process.getOutputStream(), StandardCharsets.UTF_8));
            answers = new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
        }

        /** A pair in a new group; the one before is gone. */
        OpenMlsPair pair(int size) throws IOException {
            ask("setup " + size);
            return new OpenMlsPair(this);
        }

        private String ask(String order) throws IOException {
            orders.write(order + '\n');
            orders.flush();
            String answer = answers.readLine();
            if (answer == null) throw new IOException("OpenMLS's program ended");
            return answer;
        }

        @Override
        public void close() {
            process.destroy();
        }
    }

    @Override
    public CommitBench.Cost commit(boolean add) throws IOException {
        String[] parts = program.ask(add ? "add" : "rekey").split(" ");
        return new CommitBench.Cost(
                Integer.parseInt(parts[0]) / 1e3, Integer.parseInt(parts[1]) / 1e3, Integer.parseInt(parts[2]));
    }

    /** The program is closed by itself; a group more or less in it is nothing. */
    @Override
    public void close() {}
}
