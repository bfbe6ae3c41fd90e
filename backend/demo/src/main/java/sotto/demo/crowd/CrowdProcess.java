package sotto.demo.crowd;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.ObjectReader;
import java.io.BufferedReader;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStreamWriter;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Another Java process full of headless members, told what to do over its standard input: see {@link CrowdHost}. */
final class CrowdProcess implements AutoCloseable {
    static final ObjectMapper JSON = new ObjectMapper();
    private static final ObjectReader REPORTS = JSON.readerFor(CrowdHost.Report.class);

    private final Process process;
    private final Writer orders;
    private final List<Remote> members = new ArrayList<>();

    private CrowdProcess(Process process) {
        this.process = process;
        orders = new BufferedWriter(new OutputStreamWriter(process.getOutputStream(), StandardCharsets.UTF_8));
        Thread.ofVirtual().start(this::read);
    }

    /** @param dead silence after which members take the server for gone; empty for the usual */
    static CrowdProcess start(Path log, Optional<Duration> dead) throws IOException {
        List<String> command = new ArrayList<>(List.of(
                ProcessHandle.current().info().command().orElse("java"),
                "--enable-native-access=ALL-UNNAMED",
                "-XX:+UseSerialGC",
                // Dozens of people live in it, each of whom has a computer of their own elsewhere.
                "-XX:MaxRAMPercentage=30",
                "-XX:InitialRAMPercentage=10",
                "-cp",
                System.getProperty("java.class.path"),
                CrowdHost.class.getName()));
        dead.ifPresent(silence -> command.add(Long.toString(silence.toMillis())));
        return new CrowdProcess(new ProcessBuilder(command)
                .redirectError(ProcessBuilder.Redirect.appendTo(log.toFile()))
                .start());
    }

    ProcessHandle handle() {
        return process.toHandle();
    }

    synchronized CrowdMember member(String name) {
        Remote member = new Remote(name, members.size());
        members.add(member);
        member.order(CrowdHost.Verb.MAKE, name);
        return member;
    }

    private void read() {
        try (var lines = new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8))) {
            for (String line; (line = lines.readLine()) != null; ) {
                CrowdHost.Report report = REPORTS.readValue(line);
                Remote member;
                synchronized (this) {
                    member = members.get(report.member());
                }
                member.tell(report.seen());
            }
        } catch (IOException ended) {
            // The process was closed.
        }
    }

    private synchronized void send(CrowdHost.Order order) {
        try {
            orders.write(JSON.writeValueAsString(order));
            orders.write('\n');
            orders.flush();
        } catch (JsonProcessingException impossible) {
            throw new UncheckedIOException(impossible);
        } catch (IOException gone) {
            throw new UncheckedIOException("a crowd's process is gone", gone);
        }
    }

    @Override
    public void close() {
        process.destroyForcibly();
        try {
            process.waitFor();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** A member over there. */
    private final class Remote extends CrowdMember {
        private final int number;

        Remote(String name, int number) {
            super(name);
            this.number = number;
        }

        void order(CrowdHost.Verb verb, String text) {
            send(new CrowdHost.Order(number, verb, text));
        }

        @Override
        public void enter(String link) {
            order(CrowdHost.Verb.ENTER, link);
        }

        @Override
        public void leave() {
            order(CrowdHost.Verb.LEAVE, "");
        }

        @Override
        public void crash() {
            order(CrowdHost.Verb.CRASH, "");
        }

        @Override
        public void cut() {
            order(CrowdHost.Verb.CUT, "");
        }

        @Override
        public void freeze() {
            order(CrowdHost.Verb.FREEZE, "");
        }

        @Override
        public void thaw() {
            order(CrowdHost.Verb.THAW, "");
        }

        @Override
        public void rekey() {
            order(CrowdHost.Verb.REKEY, "");
        }

        @Override
        public void close() {
            order(CrowdHost.Verb.CLOSE, "");
        }
    }
}
