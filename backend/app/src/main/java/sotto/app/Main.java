package sotto.app;

import sotto.app.cli.Cli;

/** Entry of the desktop app. */
public final class Main {
    private Main() {}

    public static void main(String[] arguments) {
        int code = Cli.execute(App::start, arguments);
        System.exit(code);
    }
}
