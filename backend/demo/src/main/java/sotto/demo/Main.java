package sotto.demo;

import picocli.CommandLine;
import picocli.CommandLine.Command;

/** Entry of {@code ./sotto demo} and {@code ./sotto bench}. */
@Command(
        name = "sotto",
        description = "Real calls between real browsers, for people to look at and for measuring.",
        mixinStandardHelpOptions = true,
        subcommands = {DemoCommand.class, sotto.demo.bench.BenchCommand.class})
public final class Main {
    private Main() {}

    public static void main(String[] args) {
        System.exit(new CommandLine(new Main())
                .setExecutionExceptionHandler(Main::failed)
                .execute(args));
    }

    private static int failed(Exception e, CommandLine line, CommandLine.ParseResult parsed) {
        line.getErr().println("sotto: " + e.getMessage());
        if (System.getenv("SOTTO_TRACE") != null) e.printStackTrace(line.getErr());
        return 1;
    }
}
