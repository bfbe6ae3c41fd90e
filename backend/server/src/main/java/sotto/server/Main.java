package sotto.server;

import picocli.CommandLine;

/** Entry point of the server's own package; see {@link ServerCommand}. */
public final class Main {
    private Main() {}

    public static void main(String[] arguments) {
        // Set before the first logger is made. Messages of the web server may quote paths and addresses, which this
        // server promises not to log; what an operator must know, the command itself prints.
        System.setProperty("org.slf4j.simpleLogger.defaultLogLevel", "off");
        int code = new CommandLine(new ServerCommand()).execute(arguments);
        // After a signal the process is ending already, and exit would wait for itself.
        if (code != CommandLine.ExitCode.OK) System.exit(code);
    }
}
