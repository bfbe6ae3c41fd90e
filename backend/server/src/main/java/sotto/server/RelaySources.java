package sotto.server;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Option;
import sotto.rooms.wire.RelayTicket;
import sotto.server.relay.RelayKey;
import sotto.server.relay.RelaySettings;

/** Options that say where relays come from, for every command that runs a coordination server, the app's own included. */
public final class RelaySources {
    @Option(
            names = "--relay",
            paramLabel = "auto|off|URL",
            description = {
                "Relays for calls; may be repeated. off: none (default). auto: runs LiveKit beside the server; looks for"
                        + " livekit-server on the PATH and in the cache, else downloads the pinned release, else builds it"
                        + " with Go (once, minutes). URL: a LiveKit of yours, wss://…, with --relay-key-file."
            })
    private List<String> relays = new ArrayList<>();

    @Option(
            names = "--relay-key-file",
            paramLabel = "FILE",
            description = "API key of the LiveKit servers named by URL: \"key: secret\", or two lines.")
    private Path keyFile;

    /** Whether any of them was given. */
    public boolean given() {
        return !relays.isEmpty() || keyFile != null;
    }

    /**
     * @param auto the relay that {@code auto} stands for
     * @return the settings with what the options say
     * @throws IllegalArgumentException if options contradict each other
     * @throws IOException if the key's file can't be read; the message names it
     */
    public RelaySettings apply(RelaySettings settings, RelaySettings.Own auto) throws IOException {
        RelaySettings relay = settings;
        List<RelaySettings.Other> others = new ArrayList<>();
        boolean off = false;
        for (String named : relays) {
            switch (named) {
                case "off" -> off = true;
                case "auto" -> relay = relay.withOwn(auto);
                default -> others.add(new RelaySettings.Other(RelayTicket.nodeUrl(named), key()));
            }
        }
        if (off && relays.size() > 1) throw new IllegalArgumentException("--relay off excludes every other --relay");
        if (keyFile != null && others.isEmpty())
            throw new IllegalArgumentException("--relay-key-file is for a LiveKit that --relay names by its URL");
        return relay.withOthers(others);
    }

    private RelayKey key() throws IOException {
        if (keyFile == null)
            throw new IllegalArgumentException("a LiveKit named by its URL needs its API key: --relay-key-file");
        return RelayKey.read(keyFile);
    }
}
