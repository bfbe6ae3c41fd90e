package sotto.app.call;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.BiConsumer;
import java.util.stream.Collectors;
import sotto.bridge.local.WorkerLink;
import sotto.bridge.messages.Track;
import sotto.bridge.seal.WorkerCommand;
import sotto.bridge.seal.WorkerCommands;
import sotto.keys.frames.EpochFrameKeys;
import sotto.keys.frames.FrameKey;
import sotto.keys.frames.SendKeyLedger;
import sotto.keys.frames.SendKeySpentException;
import sotto.keys.journal.KeyJournal;
import sotto.rooms.group.Bytes;
import sotto.rooms.group.GroupView;
import sotto.rooms.group.Member;

/**
 * Which frame keys the worker has. At each epoch it gets the keys of everybody in it, and is told a little later to
 * forget those of the epoch before. A send key goes out once (protocol §6): a worker that came too late for it makes
 * this class ask for a new epoch. Call thread only.
 */
final class WorkerKeys implements AutoCloseable {
    /**
     * How long receivers keep the keys of the epoch before. Bounds how long frames of somebody who was removed could
     * still be shown, and covers frames on their way when the epoch changed.
     */
    static final Duration KEPT = Duration.ofSeconds(5);

    /**
     * How long a sender waits before it uses a new key when nobody was removed: receivers have the key by then, and no
     * frame has to be held. Nobody who should not have the old key has it. Who was alone has sent nothing yet, and does
     * not wait.
     */
    static final Duration SETTLE = Duration.ofMillis(100);

    /** How long to wait for a new epoch before asking for it again. */
    static final Duration ASK_AGAIN = Duration.ofSeconds(5);

    /** Commands in one sealed message: each is 88 bytes at most, of the 64 KiB allowed. */
    private static final int BATCH = 700;

    private final SendKeyLedger ledger;
    private final KeyJournal journal;
    private final Runnable askForEpoch;
    private final BiConsumer<Duration, Runnable> later;

    private WorkerLink worker;
    private EpochFrameKeys epoch;
    private GroupView view;
    private final Map<Integer, Held> held = new HashMap<>();
    private int generation;

    /** A key that the worker has. */
    private record Held(FrameKey key, boolean send, int generation) {}

    /**
     * @param askForEpoch called when the worker needs a send key that was handed out before
     * @param later runs a task on the call thread after a while
     */
    WorkerKeys(SendKeyLedger ledger, KeyJournal journal, Runnable askForEpoch, BiConsumer<Duration, Runnable> later) {
        this.ledger = ledger;
        this.journal = journal;
        this.askForEpoch = askForEpoch;
        this.later = later;
    }

    /** A worker has come; it starts with no keys, whatever another one had before. */
    void workerCame(WorkerLink link) {
        forgetHeld("its worker is gone");
        worker = link;
        if (epoch == null) return;
        List<WorkerCommand> commands = new ArrayList<>(receiveKeys());
        boolean complete = addSendKeys(commands, Duration.ZERO);
        deliver(commands);
        if (!complete) askUntilNew();
    }

    /**
     * Asks for a new epoch, and again until it has come: what was asked may be lost with a connection, and nothing can
     * be sent until then.
     */
    private void askUntilNew() {
        int lacking = generation;
        WorkerLink without = worker;
        askForEpoch.run();
        later.accept(ASK_AGAIN, () -> {
            if (worker == without && generation == lacking && epoch != null) askUntilNew();
        });
    }

    /** The worker is gone, and every key in it. */
    void workerWent(WorkerLink link) {
        if (worker != link) return;
        worker = null;
        forgetHeld("its worker is gone");
    }

    /**
     * The group has a new epoch.
     *
     * @param keys taken over, closed here
     */
    void epochBegan(EpochFrameKeys keys, GroupView roster) {
        boolean someoneLeft = view != null && !leafKeys(roster).containsAll(leafKeys(view));
        boolean sending = epoch != null && view.members().size() > 1;
        if (epoch != null) epoch.close();
        epoch = keys;
        view = roster;
        generation++;
        int now = generation;
        if (worker != null) {
            List<WorkerCommand> commands = new ArrayList<>(receiveKeys());
            boolean complete = addSendKeys(commands, sending && !someoneLeft ? SETTLE : Duration.ZERO);
            deliver(commands);
            if (!complete) askUntilNew();
        }
        later.accept(KEPT, () -> forgetBefore(now));
    }

    /** What tells members apart for certain: a leaf's signature key is fresh at each join. */
    private static Set<Bytes> leafKeys(GroupView view) {
        return view.members().stream().map(Member::signatureKey).collect(Collectors.toSet());
    }

    private List<WorkerCommand> receiveKeys() {
        List<WorkerCommand> commands = new ArrayList<>();
        for (Member member : view.members()) {
            if (member.leaf() == view.ownLeaf()) continue;
            for (Track track : Track.values()) {
                FrameKey key = epoch.receiveKey(member.leaf(), track.ordinal());
                commands.add(new WorkerCommand.InstallReceive(sealable(key, track, member)));
                hold(key, false);
            }
        }
        return commands;
    }

    /** Adds what the worker encrypts with; false if a key was handed out before. Alone there is nobody to send to. */
    private boolean addSendKeys(List<WorkerCommand> commands, Duration settle) {
        if (view.members().size() < 2) return true;
        for (Track track : Track.values()) {
            try {
                FrameKey key = epoch.sendKey(track.ordinal(), ledger);
                commands.add(new WorkerCommand.InstallSend(sealable(key, track, view.self()), (int) settle.toMillis()));
                hold(key, true);
            } catch (SendKeySpentException spent) {
                return false;
            }
        }
        return true;
    }

    private void hold(FrameKey key, boolean send) {
        held.put(key.number(), new Held(key, send, generation));
    }

    private static sotto.bridge.seal.FrameKey sealable(FrameKey key, Track track, Member member) {
        byte[] bytes = key.key();
        byte[] salt = key.salt();
        try {
            return new sotto.bridge.seal.FrameKey(
                    key.number(),
                    key.kid().value(),
                    track,
                    key.epoch(),
                    member.participant().toString(),
                    bytes,
                    salt);
        } finally {
            Arrays.fill(bytes, (byte) 0);
            Arrays.fill(salt, (byte) 0);
        }
    }

    private void deliver(List<WorkerCommand> commands) {
        for (int from = 0; from < commands.size(); from += BATCH) {
            send(worker, commands.subList(from, Math.min(commands.size(), from + BATCH)));
        }
        for (WorkerCommand command : commands) {
            switch (command) {
                case WorkerCommand.InstallSend send -> delivered(send.key().keyId());
                case WorkerCommand.InstallReceive receive ->
                    delivered(receive.key().keyId());
                case WorkerCommand.Forget forget -> {}
                case WorkerCommand.ForgetAll all -> {}
            }
        }
    }

    private static void send(WorkerLink to, List<WorkerCommand> commands) {
        try (WorkerCommands sealed = new WorkerCommands(commands)) {
            to.send(sealed);
        }
    }

    private void delivered(long keyId) {
        FrameKey key = held.get((int) keyId).key();
        key.delivered("sealed to the worker");
        key.close();
    }

    /** The worker encrypts with this key now; it has dropped the track's key before. */
    void switched(long keyId) {
        Held now = held.get((int) keyId);
        if (now == null || !now.send()) return;
        journal.switched(now.key().id(), "now encrypts");
        held.values().removeIf(old -> {
            boolean replaced = old.send()
                    && old.key().kid().track() == now.key().kid().track()
                    && old.generation() < now.generation();
            if (replaced) old.key().forgotten("replaced by " + now.key().id());
            return replaced;
        });
    }

    /** The worker has dropped this key by itself. */
    void forgot(long keyId) {
        Held old = held.remove((int) keyId);
        if (old != null) old.key().forgotten("dropped by the worker");
    }

    private void forgetBefore(int keep) {
        List<WorkerCommand> commands = new ArrayList<>();
        held.values().removeIf(old -> {
            if (old.generation() >= keep) return false;
            commands.add(
                    new WorkerCommand.Forget(Integer.toUnsignedLong(old.key().number())));
            old.key().forgotten("epoch " + old.key().epoch() + " is over");
            return true;
        });
        if (worker != null && !commands.isEmpty()) deliver(commands);
    }

    private void forgetHeld(String why) {
        held.values().forEach(old -> old.key().forgotten(why));
        held.clear();
    }

    /** The call is over: worker and backend forget everything. */
    @Override
    public void close() {
        WorkerLink last = worker;
        EpochFrameKeys ended = epoch;
        worker = null;
        epoch = null;
        view = null;
        forgetHeld("the call is over");
        if (ended != null) ended.close();
        if (last != null) send(last, List.of(new WorkerCommand.ForgetAll()));
    }
}
