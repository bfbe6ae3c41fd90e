package sotto.demo.relay;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.extension.AfterTestExecutionCallback;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import sotto.demo.FreePort;
import sotto.demo.fault.TestCertificate;
import sotto.server.ServerSettings;
import sotto.server.relay.RelaySettings;

/** A call of its own for each test; what everybody saw is told when it fails, and all that it starts ends with it. */
@Tag("slow")
abstract class RelayTest {
    @TempDir
    Path folder;

    /** Set by the test: what is under a call has to be there before it. */
    RelayCall call;

    private final List<AutoCloseable> closing = new ArrayList<>();

    @RegisterExtension
    final AfterTestExecutionCallback stories = context -> {
        if (context.getExecutionException().isPresent() && call != null) call.tellStories();
    };

    @AfterEach
    void end() throws Exception {
        if (call != null) call.close();
        for (AutoCloseable one : closing.reversed()) one.close();
    }

    /** For what the call runs on: it ends after the call. */
    <T extends AutoCloseable> T ends(T one) {
        closing.add(one);
        return one;
    }

    /** A server with a relay of its own, both at this computer's address in the homes' network, and both over TLS. */
    ServerSettings serverFor(Homes homes, TestCertificate certificate) throws IOException {
        int signalling = FreePort.tcp();
        TlsFront front = ends(new TlsFront(certificate.context(), homes.here(), signalling));
        var tls = new ServerSettings.Tls(certificate.certificate(), certificate.key());
        return ServerSettings.defaults()
                .withListen(new ServerSettings.Listen(homes.here(), 0, Optional.of(tls), false))
                .withRelay(RelaySettings.off()
                        .withOwn(new RelaySettings.Own(
                                "127.0.0.1", signalling, 0, 0, Optional.of(homes.here()), Optional.of(front.url()))));
    }
}
