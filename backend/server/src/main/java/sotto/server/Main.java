package sotto.server;

import java.util.Arrays;
import picocli.CommandLine;

/** Entry point of the server's own package: {@link ServerCommand}, or {@link RelayCommand} after {@code relay}. */
public final class Main {
    private Main() {}

    public static void main(String[] arguments) {
        // Set before the first logger is made. Messages of the web server may quote paths and addresses, which this
        // server promises not to log; what an operator must know, the command itself prints.
        System.setProperty("org.slf4j.simpleLogger.defaultLogLevel", "off");
        boolean relay = arguments.length > 0 && arguments[0].equals("relay");
        int code = relay
                ? new CommandLine(new RelayCommand()).execute(Arrays.copyOfRange(arguments, 1, arguments.length))
                : new CommandLine(new ServerCommand()).execute(arguments);
        // After a signal the process is ending already, and exit would wait for itself.
        if (code != CommandLine.ExitCode.OK) System.exit(code);
    }
}
