package sotto.app;

import sotto.app.cli.Cli;

/** Entry of the desktop app. */
public final class Main {
    private Main() {}

    public static void main(String[] arguments) {
        // Jetty asks the JMX server for it, which takes a tenth of a second to start and serves nothing else here.
        // It only keeps counters of different threads in different cache lines, of 64 bytes.
        System.setProperty("org.eclipse.jetty.util.referencesPerCacheLine", "16");
        int code = Cli.execute(App::start, arguments);
        System.exit(code);
    }
}
