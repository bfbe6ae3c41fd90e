package sotto.demo.fault;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import sotto.demo.FreePort;
import sotto.server.relay.RelayEngine;
import sotto.server.relay.RelayKey;
import sotto.server.relay.livekit.LiveKit;
import sotto.server.relay.livekit.LiveKitProgram;

/**
 * A LiveKit of a fault's call, as an operator runs it: a process of its own, which can be killed and told to end, or which
 * stands at the far end of a cable. One thread uses it.
 */
final class RelayNode implements AutoCloseable {
    private static final int MOST_PEOPLE = 10;

    private final RelayKey key;
    private final RelayEngine.Binding binding;
    private final List<String> before;
    private final Optional<Forward> signalling;
    /** Told to end, LiveKit would go on for its call: it must not outlive this process. */
    private final Thread clean = new Thread(this::end);

    private Process process;

    private RelayNode(RelayKey key, RelayEngine.Binding binding, List<String> before, Optional<Forward> signalling) {
        this.key = key;
        this.binding = binding;
        this.before = before;
        this.signalling = signalling;
    }

    /** Why there can be none here; empty if there can. */
    static String missing() {
        return LiveKitProgram.onThisMachine().present().isPresent()
                ? ""
                : "livekit-server is not there yet; this gets it: ./sotto relay --fetch";
    }

    /** One on this computer; not started yet. */
    static RelayNode here(RelayKey key) throws IOException {
        return new RelayNode(
                key,
                new RelayEngine.Binding(
                        "127.0.0.1",
                        FreePort.tcp(),
                        FreePort.tcp(),
                        FreePort.udp(),
                        Optional.empty(),
                        true,
                        MOST_PEOPLE),
                List.of(),
                Optional.empty());
    }

    /**
     * One at the far end of a cable; not started yet. Clients send media straight to it. Signalling, which must not leave
     * a computer without TLS, goes by loopback to this end of the cable.
     */
    static RelayNode behind(Cable cable, RelayKey key) throws IOException {
        String there = cable.there();
        RelayEngine.Binding binding =
                new RelayEngine.Binding(there, 7880, 7881, 7882, Optional.of(there), false, MOST_PEOPLE);
        return new RelayNode(key, binding, cable.far(), Optional.of(new Forward(there, binding.port())));
    }

    /** Where clients and server find it. */
    String url() {
        return "ws://127.0.0.1:" + signalling.map(Forward::port).orElse(binding.port());
    }

    void start() throws IOException {
        RelayEngine.Launch launch =
                new LiveKit().launch(LiveKitProgram.onThisMachine().present().orElseThrow(), key, binding);
        List<String> command = new ArrayList<>(before);
        command.addAll(launch.command());
        ProcessBuilder builder =
                new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(ProcessBuilder.Redirect.DISCARD);
        builder.environment().putAll(launch.environment());
        process = builder.start();
        Runtime.getRuntime().addShutdownHook(clean);
    }

    /** As {@code systemctl stop} does: the first time it takes nobody new and goes on, the second time it ends. */
    void terminate() throws IOException {
        Signals.run(List.of("kill", "-TERM", Long.toString(process.pid())));
    }

    void kill() throws IOException {
        Signals.kill(Stream.of(process.toHandle()));
        process.onExit().join();
    }

    @Override
    public void close() throws IOException {
        if (signalling.isPresent()) signalling.get().close();
        if (process == null) return;
        end();
        Runtime.getRuntime().removeShutdownHook(clean);
    }

    private void end() {
        process.destroyForcibly();
        process.onExit().join();
    }
}
