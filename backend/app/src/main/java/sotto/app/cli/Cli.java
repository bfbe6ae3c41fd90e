package sotto.app.cli;

import io.javalin.util.JavalinBindException;
import java.io.PrintWriter;
import java.net.BindException;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.IExecutionExceptionHandler;
import sotto.app.RunningApp;
import sotto.keys.store.ProfileException;
import sotto.server.RelayCommand;

/** The commands of the desktop app. */
@Command(
        name = "sotto",
        mixinStandardHelpOptions = true,
        version = "Sotto 0.1.0",
        synopsisSubcommandLabel = "COMMAND",
        description = "Voice and video calls that nobody but the people in the call can listen to.",
        footer = {
            "",
            "Exit codes: 0 all went well, 1 something failed, 2 an option or link is malformed, 3 the profile is in use,"
                    + " 4 the profile cannot be used, 5 the port is taken, 6 the window cannot be opened."
        })
public final class Cli {
    private Cli() {}

    /**
     * Runs one command; {@code run} if none is named. Returns when the command has ended.
     *
     * @return the exit code
     */
    public static int execute(RunningApp.Starter starter, String... arguments) {
        CommandLine commands = commands(starter);
        return arguments.length == 0 ? commands.execute("run") : commands.execute(arguments);
    }

    static CommandLine commands(RunningApp.Starter starter) {
        CommandLine commands = new CommandLine(new Cli())
                .addSubcommand(new RunCommand(starter))
                .addSubcommand(new KeysCommand())
                .addSubcommand(new RelayCommand())
                .addSubcommand(new CommandLine.HelpCommand());
        IExecutionExceptionHandler handler = (failure, of, parsed) -> explain(failure, of.getErr());
        commands.setExecutionExceptionHandler(handler);
        for (CommandLine command : commands.getSubcommands().values()) command.setExecutionExceptionHandler(handler);
        return commands;
    }

    /** Says what happened and what to do, and picks the exit code. No stack trace: the log has it at debug level. */
    private static int explain(Exception failure, PrintWriter err) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            switch (cause) {
                case ProfileException.InUse inUse -> {
                    return tell(err, Exit.PROFILE_IN_USE, inUse.getMessage(), "Another one: --profile FOLDER");
                }
                case ProfileException broken -> {
                    return tell(err, Exit.PROFILE_BROKEN, broken.getMessage(), "Another one: --profile FOLDER");
                }
                case BindException taken -> {
                    return portTaken(err);
                }
                case JavalinBindException taken -> {
                    return portTaken(err);
                }
                default -> {
                    continue;
                }
            }
        }
        String message = failure.getMessage() == null ? failure.getClass().getSimpleName() : failure.getMessage();
        return tell(
                err,
                Exit.FAILED,
                message,
                "More is printed with SOTTO_JAVA_OPTIONS=" + "-Dorg.slf4j.simpleLogger.log.sotto=debug ./sotto …");
    }

    private static int portTaken(PrintWriter err) {
        return tell(
                err,
                Exit.PORT_IN_USE,
                "The port of the page is in use by another program.",
                "Leave --port out, and a free one is taken.");
    }

    static int tell(PrintWriter err, int code, String what, String next) {
        err.println("sotto: " + what);
        err.println("       " + next);
        err.flush();
        return code;
    }
}
