package sotto.app;

import java.net.URI;
import sotto.keys.journal.KeyJournal;

/** A started app, as the command line sees it. */
public interface RunningApp extends AutoCloseable {
    /** How to start one. */
    @FunctionalInterface
    interface Starter {
        /**
         * @param profileIsOurs called once, as soon as the profile is locked for this process; what needs it may start
         * @throws sotto.keys.store.ProfileException if the profile is in use or cannot be used
         * @throws java.net.BindException if the page's port is taken
         * @throws java.io.IOException if anything else of the machine stands in the way
         */
        RunningApp start(AppSettings settings, Runnable profileIsOurs) throws java.io.IOException;
    }

    /** An address that lets one page in, once: {@code http://127.0.0.1:<port>/open/<secret>}. Whoever has it, is in. */
    URI newOneTimeUrl();

    /** The page's loopback port. */
    int port();

    /** The coordination server that new rooms are made on. */
    URI server();

    /** Own identity fingerprint, for people: 30 digits in groups of five. */
    String fingerprint();

    /** Every key event of this process. */
    KeyJournal journal();

    /** Leaves the call, wipes the keys, lets go of profile and ports. */
    @Override
    void close();
}
