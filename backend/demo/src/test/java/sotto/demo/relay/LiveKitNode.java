package sotto.demo.relay;

import java.io.IOException;
import java.util.List;
import java.util.Optional;
import sotto.demo.FreePort;
import sotto.demo.fault.Signals;
import sotto.server.relay.RelayEngine;
import sotto.server.relay.RelayKey;
import sotto.server.relay.livekit.LiveKit;
import sotto.server.relay.livekit.LiveKitProgram;

/** An operator's LiveKit on this machine, which the coordination server did not start. */
final class LiveKitNode implements AutoCloseable {
    final int port = FreePort.tcp();
    private final int tcp = FreePort.tcp();
    private final int udp = FreePort.udp();
    private Process process;

    LiveKitNode(RelayKey key) throws IOException {
        start(key);
    }

    /** Starts it on the same ports as before. */
    void start(RelayKey key) throws IOException {
        RelayEngine.Launch launch = new LiveKit()
                .launch(
                        LiveKitProgram.onThisMachine().present().orElseThrow(),
                        key,
                        new RelayEngine.Binding("127.0.0.1", port, tcp, udp, Optional.empty(), true, 10));
        ProcessBuilder builder = new ProcessBuilder(launch.command())
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD);
        builder.environment().putAll(launch.environment());
        process = builder.start();
    }

    /** As {@code systemctl stop} does: the first time it drains, the second time it ends at once. */
    void terminate() throws IOException {
        Signals.run(List.of("kill", "-TERM", Long.toString(process.pid())));
    }

    void awaitEnd() {
        process.onExit().join();
    }

    boolean runs() {
        return process.isAlive();
    }

    @Override
    public void close() {
        process.destroyForcibly();
        process.onExit().join();
    }
}
