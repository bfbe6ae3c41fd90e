package sotto.app.net;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import sotto.rooms.session.ServerPort;
import sotto.rooms.wire.ServerFrame;
import sotto.rooms.wire.WireCodec;

/** Keeps what a connection tells, and fails if it tells two things at once or goes on after the end. */
final class Recorder implements ServerPort.Events {
    /** How long anything may take before a test gives up; no test passes because of it. */
    static final int PATIENCE_SECONDS = 30;

    sealed interface Told {
        record Opened() implements Told {}

        record Frame(String text) implements Told {}

        record Closed(String detail) implements Told {}
    }

    private final BlockingQueue<Told> told = new LinkedBlockingQueue<>();
    private final AtomicInteger inside = new AtomicInteger();

    @Override
    public void opened() {
        tell(new Told.Opened());
    }

    @Override
    public void frame(String text) {
        tell(new Told.Frame(text));
    }

    @Override
    public void closed(String detail) {
        tell(new Told.Closed(detail));
    }

    private void tell(Told what) {
        boolean alone = inside.incrementAndGet() == 1;
        told.add(alone ? what : new Told.Closed("told two things at once"));
        inside.decrementAndGet();
    }

    Told next() throws InterruptedException {
        Told next = told.poll(PATIENCE_SECONDS, TimeUnit.SECONDS);
        assertThat(next).as("the connection said nothing more").isNotNull();
        return next;
    }

    void awaitOpened() throws InterruptedException {
        assertThat(next()).isEqualTo(new Told.Opened());
    }

    ServerFrame nextFrame() throws Exception {
        Told next = next();
        assertThat(next).isInstanceOf(Told.Frame.class);
        return WireCodec.decodeServer(((Told.Frame) next).text());
    }

    <F extends ServerFrame> F nextFrame(Class<F> type) throws Exception {
        ServerFrame frame = nextFrame();
        assertThat(frame).isInstanceOf(type);
        return type.cast(frame);
    }

    /** Skips frames up to the end. */
    String awaitClosed() throws InterruptedException {
        while (true) if (next() instanceof Told.Closed closed) return closed.detail();
    }

    boolean silent() {
        return told.isEmpty();
    }
}
