package sotto.app.cli;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.net.URI;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;
import sotto.app.AppSettings;
import sotto.app.RunningApp;
import sotto.app.window.CallWindow;
import sotto.app.window.Displays;
import sotto.app.window.ScreenSources;
import sotto.app.window.StartingWindow;
import sotto.app.window.WindowException;
import sotto.app.window.WindowOptions;
import sotto.keys.journal.KeyJournal;
import sotto.rooms.LinkException;
import sotto.rooms.RoomLink;
import sotto.server.RelaySources;
import sotto.server.relay.RelaySettings;

/** {@code sotto run}: the app with its window, or without. Ends when the window is closed or the process is told to. */
@Command(
        name = "run",
        aliases = "app",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        description = {
            "Starts the app and opens its window. Without a screen it prints an address for a browser instead.",
            "Ends when the window is closed, or with Ctrl+C.",
            ""
        })
final class RunCommand implements Callable<Integer> {
    private final RunningApp.Starter starter;

    @Spec
    private CommandSpec spec;

    @Option(
            names = "--server",
            paramLabel = "URL",
            description = "Coordination server for new rooms, https://… (http://… on this machine)."
                    + " Without it the app runs one of its own, which only this machine reaches.")
    private Optional<URI> server = Optional.empty();

    @Mixin
    private RelaySources relays = new RelaySources();

    @Option(names = "--link", paramLabel = "LINK", description = "Call to join; the lobby asks for your name first.")
    private Optional<String> link = Optional.empty();

    @Mixin
    private ProfileOption profile;

    @Option(
            names = "--headless",
            description = "Opens no window: prints an address that opens the app in a browser, once.")
    private boolean headless;

    @Option(names = "--port", paramLabel = "N", description = "Loopback port of the page; a free one if not given.")
    private int port;

    @Option(
            names = "--json",
            description =
                    "Prints one line of JSON when ready: port, server, pid, and url if there is no window; and one at the end:"
                            + " how many keys were made and destroyed, and how many are left.")
    private boolean json;

    @Option(
            names = "--end-when-ready",
            description = "For builds: makes a call with itself as soon as everything runs, and ends. With"
                    + " -XX:AOTCacheOutput the Java virtual machine then keeps its classes ready for the next"
                    + " starts.")
    private boolean endWhenReady;

    private final AtomicBoolean told = new AtomicBoolean();

    @Option(
            names = "--devtools-port",
            paramLabel = "N",
            description = "For tests: opens Chromium's DevTools on this loopback port. Whoever reaches it can do in the"
                    + " window all that you can.")
    private Optional<Integer> devToolsPort = Optional.empty();

    RunCommand(RunningApp.Starter starter) {
        this.starter = starter;
    }

    @Override
    public Integer call() throws IOException, InterruptedException {
        checkLink();
        PrintWriter err = spec.commandLine().getErr();
        boolean window = !headless && Displays.available();
        boolean rehearsed = true;
        try (StartingWindow starting = window ? startingWindow() : null) {
            RunningApp app = starter.start(settings(window), window ? starting::startChromium : () -> {});
            CountDownLatch ended = new CountDownLatch(1);
            Thread onSignal = Thread.ofPlatform().unstarted(() -> end(app));
            Runtime.getRuntime().addShutdownHook(onSignal);
            ControlSocket control = ControlSocket.serve(profile.folder(), app);
            try (control) {
                if (!headless && !window) err.println("There is no screen to open a window on.");
                server.ifPresent(address -> ServerCheck.inBackground(address, err));
                if (endWhenReady) rehearsed = rehearse(app);
                if (window) {
                    CallWindow opened = starting.open(app.newOneTimeUrl(), ended::countDown);
                    if (endWhenReady) opened.awaitPage();
                    announce(app, Optional.empty());
                    if (!endWhenReady) ended.await();
                    opened.close();
                } else {
                    announce(app, Optional.of(app.newOneTimeUrl()));
                    if (!endWhenReady) ended.await(); // until a signal ends the process
                }
            } finally {
                end(app);
                forget(onSignal);
            }
        } catch (WindowException failure) {
            return Cli.tell(
                    err, Exit.NO_WINDOW, failure.getMessage(), "Start with --headless to use the app in a browser.");
        }
        return rehearsed ? Exit.OK : Exit.FAILED;
    }

    /** Whether it went well. If not, the rest of the start is gone through all the same: its classes are worth keeping. */
    private boolean rehearse(RunningApp app) throws InterruptedException {
        try {
            Rehearsal.play(app, starter, profile.folder().resolve("rehearsal"));
            return true;
        } catch (IOException | RuntimeException failure) {
            spec.commandLine().getErr().println("sotto: the rehearsed call failed: " + failure.getMessage());
            return false;
        }
    }

    private StartingWindow startingWindow() {
        spec.commandLine().getOut(); // kept, before Chromium's Java part talks to standard output
        System.setOut(new PrintStream(OutputStream.nullOutputStream()));
        return new StartingWindow(new WindowOptions(
                profile.folder(), devToolsPort.map(OptionalInt::of).orElse(OptionalInt.empty())));
    }

    private AppSettings settings(boolean window) throws IOException {
        if (server.isPresent() && relays.given())
            throw new ParameterException(
                    spec.commandLine(),
                    "--relay is for the app's own coordination server; the one that --server names has relays of its"
                            + " own, or none.");
        PrintWriter err = spec.commandLine().getErr();
        try {
            return new AppSettings(
                    profile.folder(),
                    server,
                    relays.apply(RelaySettings.off(), RelaySettings.Own.onLoopback()),
                    said -> tellOfRelay(err, said),
                    port,
                    window,
                    link,
                    window ? ScreenSources::list : List::of);
        } catch (IllegalArgumentException wrong) {
            throw new ParameterException(spec.commandLine(), wrong.getMessage());
        }
    }

    private static void tellOfRelay(PrintWriter err, String said) {
        err.println("sotto: " + said);
        err.flush();
    }

    private void checkLink() {
        if (link.isEmpty()) return;
        try {
            RoomLink.parse(link.get()).close();
        } catch (LinkException wrong) {
            // The link holds a secret: it is not repeated here, where a log may keep it.
            throw new ParameterException(
                    spec.commandLine(), "The link is not a call link: " + wrong.getMessage() + " Ask for it again.");
        }
    }

    private void announce(RunningApp app, Optional<URI> url) {
        PrintWriter out = spec.commandLine().getOut();
        if (json) {
            ObjectNode line = new ObjectMapper().createObjectNode();
            url.ifPresent(address -> line.put("url", address.toString()));
            line.put("port", app.port());
            line.put("server", app.server().toString());
            line.put("pid", ProcessHandle.current().pid());
            out.println(line);
        } else if (url.isPresent()) {
            out.println("Open this address in a browser on this machine. It works once; keep it to yourself:");
            out.println();
            out.println("  " + url.get());
            out.println();
            out.println("Ctrl+C ends the app.");
        }
        out.flush();
    }

    /** Ends the app; with --json, says what has become of its keys. */
    private void end(RunningApp app) {
        app.close();
        if (!json || told.getAndSet(true)) return;
        KeyJournal.Counts counts = app.journal().counts();
        ObjectNode line = new ObjectMapper().createObjectNode();
        line.putObject("journal")
                .put("keysMade", counts.keysMade())
                .put("keysDestroyed", counts.keysDestroyed())
                .put("keysLive", counts.keysLive());
        PrintWriter out = spec.commandLine().getOut();
        out.println(line);
        out.flush();
    }

    /** The hook has no more to do; it cannot be taken back once the process is ending. */
    private static void forget(Thread hook) {
        try {
            Runtime.getRuntime().removeShutdownHook(hook);
        } catch (IllegalStateException ending) {
            // Then it has run, or is running.
        }
    }
}
