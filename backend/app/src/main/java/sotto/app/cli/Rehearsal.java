package sotto.app.cli;

import java.io.IOException;
import java.net.http.HttpClient;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import sotto.app.AppSettings;
import sotto.app.RunningApp;
import sotto.bridge.messages.BackendToPage;
import sotto.bridge.messages.BackendToPage.CallEnded;
import sotto.bridge.messages.BackendToPage.CallState;
import sotto.bridge.messages.BackendToPage.LinkChecked;
import sotto.bridge.messages.BackendToPage.RoomCreated;
import sotto.bridge.messages.MediaState;
import sotto.bridge.messages.PageToBackend;
import sotto.server.relay.RelaySettings;

/**
 * A whole call without a browser: a page of the app comes into the lobby and makes a room, and a second person, who is
 * an app of their own in this process, joins it by its link. Both get the keys of their group, say what browsers would
 * say, and leave. What the app does for its first page and its first call it has then done once, on the way that every
 * call takes: through the bridge, MLS and the coordination server. For {@code --end-when-ready}, after which the virtual
 * machine keeps the classes that were used.
 */
final class Rehearsal {
    /** As browsers say it, in kind and about in length: the backend seals it and does not read it. */
    private static final String SOME_SIGNAL = "{\"type\":\"candidates\",\"candidates\":[]}" + " ".repeat(2_000);

    private static final String SOME_MEDIA_SESSION = "A".repeat(22);
    private static final MediaState CAMERA_AND_MICROPHONE = new MediaState(true, true, false, false);

    private final RehearsedPage host;
    private final RehearsedPage guest;

    private Rehearsal(RehearsedPage host, RehearsedPage guest) {
        this.host = host;
        this.guest = guest;
    }

    /**
     * Nothing of it is left afterwards but the app's own profile as it was.
     *
     * @param starter starts the second person
     * @param guestsProfile folder for the second person's profile, which is deleted in the end
     */
    static void play(RunningApp app, RunningApp.Starter starter, Path guestsProfile)
            throws IOException, InterruptedException {
        AppSettings guests = new AppSettings(
                guestsProfile,
                Optional.of(app.server()),
                RelaySettings.off(),
                said -> {},
                0,
                false,
                Optional.empty(),
                List::of);
        // Version 2 would be asked for with an Upgrade, which the gate takes for a socket.
        try (HttpClient http =
                HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build()) {
            try (RunningApp second = starter.start(guests, () -> {});
                    RehearsedPage host = new RehearsedPage(http, app.newOneTimeUrl());
                    RehearsedPage guest = new RehearsedPage(http, second.newOneTimeUrl())) {
                new Rehearsal(host, guest).call();
            } finally {
                http.shutdownNow(); // closing alone waits for sockets that are left open by a failure
            }
        } finally {
            delete(guestsProfile);
        }
    }

    private void call() throws IOException, InterruptedException {
        host.say(new PageToBackend.NewRoom(BackendToPage.Path.DIRECT));
        String link = host.await(RoomCreated.class, any -> true).link();
        host.say(new PageToBackend.Join(link, "Host"));
        host.awaitPeople(1);

        guest.say(new PageToBackend.CheckLink(link));
        guest.await(LinkChecked.class, checked -> checked.problem() == null);
        guest.say(new PageToBackend.Join(link, "Guest"));
        host.workerDoes(); // installs the group's keys
        guest.workerDoes();
        CallState atHost = host.awaitPeople(2);
        CallState atGuest = guest.awaitPeople(2);
        signal(host, atGuest.self(), guest);
        signal(guest, atHost.self(), host);

        leave(guest);
        host.awaitPeople(1);
        leave(host);
    }

    private static void leave(RehearsedPage page) throws IOException, InterruptedException {
        page.say(new PageToBackend.Leave());
        page.await(CallEnded.class, any -> true);
        page.workerDoes(); // forgets every key
    }

    private static void signal(RehearsedPage from, String to, RehearsedPage there)
            throws IOException, InterruptedException {
        from.say(new PageToBackend.SetMediaState(CAMERA_AND_MICROPHONE));
        from.say(new PageToBackend.Signal(to, SOME_MEDIA_SESSION, SOME_SIGNAL));
        there.await(BackendToPage.Signal.class, any -> true);
    }

    private static void delete(Path folder) throws IOException {
        if (!Files.exists(folder)) return;
        try (Stream<Path> files = Files.list(folder)) {
            for (Path file : files.toList()) Files.delete(file);
        }
        Files.delete(folder);
    }
}
