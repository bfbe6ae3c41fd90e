package sotto.bridge.local;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import org.eclipse.jetty.websocket.api.Session;
import sotto.bridge.gate.SocketId;
import sotto.bridge.messages.BackendToWorker;
import sotto.bridge.messages.BridgeCodec;
import sotto.bridge.seal.SealedChannel;
import sotto.bridge.seal.WorkerCommands;

/** One worker's socket and the sealed channel to it. */
final class WorkerSocket implements WorkerLink {
    private final SocketId id;
    private final Outbox outbox;
    /** Sent and not yet acknowledged, by sequence number. */
    private final Map<Long, CompletableFuture<Void>> unacknowledged = new HashMap<>();

    private SealedChannel channel;
    private boolean gone;

    /** Messages handed to the bridge's thread that it has not taken up. */
    final AtomicInteger unread = new AtomicInteger();

    // Of the bridge's thread alone
    boolean admitted;
    int faults;

    WorkerSocket(SocketId id, Session session) {
        this.id = id;
        this.outbox = new Outbox(session);
    }

    SocketId id() {
        return id;
    }

    /** Whether the worker has shown its key. */
    synchronized boolean isOpen() {
        return channel != null;
    }

    synchronized void open(SealedChannel opened) {
        channel = opened;
        outbox.send(BridgeCodec.BACKEND_TO_WORKER.encode(opened.opening()));
    }

    @Override
    public synchronized CompletableFuture<Void> send(WorkerCommands commands) {
        if (gone) return CompletableFuture.failedFuture(new WorkerGoneException());
        // Sealing and queueing under one lock: the numbers go out in their order.
        BackendToWorker.Sealed sealed = channel.seal(commands);
        CompletableFuture<Void> done = new CompletableFuture<>();
        unacknowledged.put(sealed.sequence(), done);
        outbox.send(BridgeCodec.BACKEND_TO_WORKER.encode(sealed));
        return done;
    }

    /** @return false if nothing with this number waits for its acknowledgement */
    boolean acknowledge(long sequence) {
        CompletableFuture<Void> done;
        synchronized (this) {
            done = unacknowledged.remove(sequence);
        }
        if (done != null) done.complete(null);
        return done != null;
    }

    @Override
    public void close() {
        close(Close.DONE, "");
    }

    void close(int code, String reason) {
        outbox.close(code, reason);
    }

    void ping() {
        outbox.ping();
    }

    /** Without a word: for a socket that floods. */
    void cutOff() {
        outbox.cutOff();
    }

    /** Nothing can be sent any more: wipes the channel and fails what was not acknowledged. */
    void end() {
        List<CompletableFuture<Void>> failed;
        synchronized (this) {
            gone = true;
            if (channel != null) channel.close();
            failed = new ArrayList<>(unacknowledged.values());
            unacknowledged.clear();
        }
        failed.forEach(future -> future.completeExceptionally(new WorkerGoneException()));
    }

    @Override
    public String toString() {
        return "worker " + id.number();
    }
}
