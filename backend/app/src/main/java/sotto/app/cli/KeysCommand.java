package sotto.app.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.time.Clock;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;
import sotto.keys.identity.Identities;
import sotto.keys.identity.Identity;
import sotto.keys.journal.KeyJournal;
import sotto.keys.store.FileProfileStore;
import sotto.keys.store.ProfileStore;

/** {@code sotto keys}: what a person needs to audit the keys of a profile. Never prints a byte of a key. */
@Command(
        name = "keys",
        mixinStandardHelpOptions = true,
        description = {
            "Shows the profile's identity fingerprint and, while the app runs on it, the key journal: every key that"
                    + " was made, derived, handed to the frame worker, switched to, destroyed; by key id, never a byte.",
            "The journal lives in the running app's memory alone and ends with it.",
            ""
        })
final class KeysCommand implements Callable<Integer> {
    @Spec
    private CommandSpec spec;

    @Mixin
    private ProfileOption profile;

    @Override
    public Integer call() throws IOException {
        PrintWriter out = spec.commandLine().getOut();
        Optional<List<String>> running = ControlSocket.ask(profile.folder());
        if (running.isPresent()) running.get().forEach(out::println);
        else atRest(out);
        out.flush();
        return Exit.OK;
    }

    private void atRest(PrintWriter out) throws IOException {
        KeyJournal journal = new KeyJournal(Clock.systemUTC(), 100);
        try (ProfileStore store = FileProfileStore.open(profile.folder());
                Identity identity = Identities.loadOrCreate(store, journal)) {
            JournalText.of(identity.publicKey().fingerprint(), journal).forEach(out::println);
        }
        out.println();
        out.println("The app is not running on this profile; while it is, its journal is shown here.");
    }
}
