package sotto.app.call;

import java.security.SecureRandom;
import java.util.Objects;
import sotto.keys.frames.SendKeyLedger;
import sotto.keys.groups.GroupEngine;
import sotto.keys.identity.Identity;
import sotto.keys.journal.KeyJournal;
import sotto.rooms.session.ServerPort;

/**
 * What every call of this process shares.
 *
 * @param ledger one for the process: it is what keeps a send key from being handed out twice
 * @param server how coordination servers are reached
 * @param leafWatch when leaves are renewed in long calls
 * @param names how the addresses of STUN and TURN servers are found
 * @param dryRun what is done once in the lobby so that the first join is as fast as the next
 */
public record CallTools(
        Identity identity,
        GroupEngine engine,
        SendKeyLedger ledger,
        KeyJournal journal,
        ServerPort server,
        SecureRandom random,
        LeafWatch leafWatch,
        NameLookup names,
        Runnable dryRun) {
    public CallTools {
        Objects.requireNonNull(identity, "identity");
        Objects.requireNonNull(engine, "engine");
        Objects.requireNonNull(ledger, "ledger");
        Objects.requireNonNull(journal, "journal");
        Objects.requireNonNull(server, "server");
        Objects.requireNonNull(random, "random");
        Objects.requireNonNull(leafWatch, "leafWatch");
        Objects.requireNonNull(names, "names");
        Objects.requireNonNull(dryRun, "dryRun");
    }
}
