package sotto.app.call;

import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import sotto.bridge.local.WorkerLink;
import sotto.bridge.messages.BackendToPage;
import sotto.bridge.messages.BackendToPage.CallState;
import sotto.bridge.messages.BackendToPage.Participant;
import sotto.bridge.messages.BackendToPage.Path;
import sotto.bridge.messages.BackendToPage.ServerState;
import sotto.bridge.messages.MediaState;
import sotto.bridge.messages.Problem;
import sotto.keys.frames.LinkPart;
import sotto.rooms.RoomLink;
import sotto.rooms.RoomPath;
import sotto.rooms.group.Bytes;
import sotto.rooms.group.GroupView;
import sotto.rooms.group.KeyPackageInfo;
import sotto.rooms.group.Member;
import sotto.rooms.group.ParticipantId;
import sotto.rooms.machine.Alarm;
import sotto.rooms.machine.End;
import sotto.rooms.machine.Stage;
import sotto.rooms.rules.Agreed;
import sotto.rooms.session.RelayRefusal;
import sotto.rooms.session.RoomListener;
import sotto.rooms.session.RoomPorts;
import sotto.rooms.session.RoomSession;
import sotto.rooms.session.Tracks;
import sotto.rooms.wire.IceServer;
import sotto.rooms.wire.RelayTicket;

/**
 * One stay in one room, from <i>Join</i> to the end. Turns what the room session tells into the whole state that the
 * page shows, and each new epoch into keys for the worker. Call thread only.
 */
final class Call implements RoomListener {
    /** Told by a call. */
    interface Owner {
        void toPage(BackendToPage message);

        /** A way to a relay, for the page. */
        void relayTicket(RelayTicket ticket);

        /** The call is over and its keys are wiped; nothing is told after this. */
        void over();
    }

    /** How long an alarm of one kind is followed by no other of its kind. */
    static final Duration ALARM_PAUSE = Duration.ofSeconds(2);

    /** How long a member that says too much waits to be shown as it is. */
    private static final Duration TELL_PAUSE = Duration.ofMillis(500);

    private static final Logger LOG = LoggerFactory.getLogger(Call.class);

    private final RoomLink link;
    private final ParticipantId self;
    private final Hosts hosts;
    private final RoomGroup group;
    private final LinkPart linkPart;
    private final WorkerKeys keys;
    private final RoomSession session;
    private final CallThread thread;
    private final LeafWatch leafWatch;
    private final IceServers ice;
    private final SafetyNumbers numbers;
    private final Owner owner;

    private final Map<ParticipantId, MediaState> media = new HashMap<>();
    private final SignalLimit limit = new SignalLimit(System::nanoTime);
    /** Alarms told a moment ago. */
    private final Set<Alarm> told = EnumSet.noneOf(Alarm.class);

    private List<BackendToPage.IceServer> iceServers = List.of();
    private Optional<Roster> roster = Optional.empty();
    private boolean serverConnected = true;
    private boolean relayOffered;
    private boolean watchingLeaf;
    private boolean tellingLater;
    private boolean failed;
    private boolean over;

    /** @param link taken over, closed when the call is over */
    Call(RoomLink link, String name, CallTools tools, CallThread thread, Owner owner) {
        this.link = link;
        this.thread = thread;
        this.owner = owner;
        leafWatch = tools.leafWatch();
        var participant = sotto.keys.identity.ParticipantId.random(tools.random());
        self = ParticipantId.of(participant.bytes());
        hosts = new Hosts(link, Bytes.of(tools.identity().publicKey().bytes()));
        group = new RoomGroup(tools.engine(), tools.identity(), link.room(), participant, name);
        linkPart =
                link.secret().with(secret -> LinkPart.derive(secret, link.room().bytes()));
        keys = new WorkerKeys(tools.ledger(), tools.journal(), () -> session().rekey(), thread::later);
        session = new RoomSession(
                link, new RoomPorts(group, tools.server(), thread, tools.random()::nextBytes, thread), this);
        ice = new IceServers(thread, tools.names(), session::askIceServers, found -> {
            iceServers = found;
            tellPage();
        });
        numbers = new SafetyNumbers(group, thread, this::tellPage);
    }

    private RoomSession session() {
        return session;
    }

    void enter(Optional<WorkerLink> worker) {
        worker.ifPresent(keys::workerCame);
        session.enter();
    }

    void leave() {
        session.leave();
    }

    void workerCame(WorkerLink worker) {
        keys.workerCame(worker);
    }

    void workerWent(WorkerLink worker) {
        keys.workerWent(worker);
    }

    void workerSwitched(long keyId) {
        keys.switched(keyId);
    }

    void workerForgot(long keyId) {
        keys.forgot(keyId);
    }

    void signalTo(String to, String mediaSession, String data) {
        session.signal(ParticipantId.fromString(to), mediaSession, data);
    }

    void setMedia(MediaState state) {
        media.put(self, state);
        session.setState(new Tracks(state.microphone(), state.camera(), state.screen(), state.screenAudio()));
        tellPage();
    }

    /** The page was loaded anew and has to hear everything again. */
    void tellPage() {
        roster.ifPresent(now -> owner.toPage(state(now)));
    }

    /** Once for all that happens until then. */
    private void tellPageLater() {
        if (tellingLater) return;
        tellingLater = true;
        later(TELL_PAUSE, call -> {
            tellingLater = false;
            tellPage();
        });
    }

    private CallState state(Roster now) {
        List<Participant> people = new ArrayList<>();
        for (Member member : now.view().members()) {
            boolean own = member.participant().equals(self);
            people.add(new Participant(
                    member.participant().toString(),
                    member.name(),
                    numbers.fingerprint(member.identity()),
                    own,
                    own ? serverConnected : now.connected(member),
                    hosts.host(member.identity()),
                    media.getOrDefault(member.participant(), new MediaState(false, false, false, false))));
        }
        return new CallState(
                self.toString(),
                link.text(),
                Path.valueOf(hosts.agreed().path().name()),
                hosts.agreed().number(),
                hosts.maySetPath(),
                relayOffered,
                now.view().epoch(),
                numbers.safetyNumber().orElse(null),
                serverConnected ? ServerState.CONNECTED : ServerState.RECONNECTING,
                iceServers,
                people,
                hosts.rules(),
                hosts.outside(numbers::fingerprint),
                hosts.removed(numbers::fingerprint));
    }

    void setPath(RoomPath path) {
        session.setPath(path);
    }

    @Override
    public void agreed(Agreed now) {
        hosts.agreed(now);
        numbers.outsiders(hosts.outsiders());
        tellPage();
    }

    @Override
    public void waiting(List<KeyPackageInfo> people) {
        hosts.waiting(people);
        numbers.outsiders(hosts.outsiders());
        tellPage();
    }

    void setRules(boolean locked, boolean membersSwitchPath) {
        hosts.set(session, locked, membersSwitchPath);
    }

    void admit(String id, boolean allow) {
        hosts.admit(session, id, allow);
    }

    void removeParticipant(String id) {
        hosts.remove(session, member(id));
    }

    void liftRemoval(String id) {
        hosts.lift(session, id);
    }

    void nameHost(String id, boolean host) {
        hosts.name(session, member(id), host);
    }

    private Optional<Member> member(String id) {
        return roster.flatMap(now -> now.view().member(ParticipantId.fromString(id)));
    }

    @Override
    public void stage(Stage stage) {
        owner.toPage(new BackendToPage.CallProgress(
                switch (stage) {
                    case CONNECTING -> BackendToPage.Stage.CONNECTING;
                    case ASKING_TO_JOIN -> BackendToPage.Stage.ASKING_TO_JOIN;
                    case WAITING_FOR_HOST -> BackendToPage.Stage.WAITING_FOR_HOST;
                    case WAITING_FOR_ABSENT_HOST -> BackendToPage.Stage.WAITING_FOR_ABSENT_HOST;
                    case AGREEING_KEYS -> BackendToPage.Stage.AGREEING_KEYS;
                }));
    }

    @Override
    public void iceServers(List<IceServer> servers) {
        ice.came(servers);
    }

    @Override
    public void relayOffered(boolean offered) {
        relayOffered = offered;
        tellPage();
    }

    /** @param failed node that the page has lost */
    void askRelay(Optional<String> failed) {
        try {
            session.askTicket(Optional.empty(), failed);
        } catch (IllegalArgumentException notANode) {
            owner.toPage(new BackendToPage.RelayRefused(Problems.noRelay()));
        }
    }

    @Override
    public void relayTicket(RelayTicket ticket) {
        owner.relayTicket(ticket);
    }

    @Override
    public void relayRefused(RelayRefusal refusal, String text) {
        owner.toPage(new BackendToPage.RelayRefused(
                switch (refusal) {
                    case NONE -> Problems.noRelay();
                    case PASS -> Problems.relayPass();
                }));
    }

    @Override
    public void rosterChanged(Roster now) {
        GroupView view = now.view();
        hosts.saw(view);
        boolean newEpoch = roster.map(Roster::view)
                .filter(before -> before.group().equals(view.group()) && before.epoch() == view.epoch())
                .isEmpty();
        if (newEpoch) {
            // Keys first: the sooner the worker has them, the fewer frames have to be held.
            keys.epochBegan(group.frameKeys(linkPart), view);
            List<ParticipantId> there =
                    view.members().stream().map(Member::participant).toList();
            media.keySet().retainAll(there);
            limit.keep(Set.copyOf(there));
            numbers.epochBegan(view);
        }
        roster = Optional.of(now);
        tellPage();
        if (newEpoch) watchLeaf();
    }

    /**
     * Newcomers refuse a leaf that is older than a day and never made a commit. Long before, this member makes one; and
     * tries again while others were faster. Members who joined together take turns by chance.
     */
    private void watchLeaf() {
        if (watchingLeaf || group.leafExpires().isEmpty()) return;
        watchingLeaf = true;
        later(leafWatch.every(), call -> {
            watchingLeaf = false;
            if (group.leafExpires().filter(leafWatch::soon).isPresent()) session.renew();
            watchLeaf();
        });
    }

    @Override
    public void signal(ParticipantId from, String mediaSession, String data) {
        if (limit.pass(from)) owner.toPage(new BackendToPage.Signal(from.toString(), mediaSession, data));
    }

    @Override
    public void state(ParticipantId from, Tracks tracks) {
        media.put(from, new MediaState(tracks.microphone(), tracks.camera(), tracks.screen(), tracks.screenAudio()));
        if (limit.pass(from)) tellPage();
        else tellPageLater();
    }

    @Override
    public void alarm(Alarm alarm, String detail) {
        // Whoever can cause one can cause thousands; a page that drowns in them is a call that ends.
        if (!told.add(alarm)) return;
        thread.later(ALARM_PAUSE, () -> told.remove(alarm));
        owner.toPage(new BackendToPage.Alarm(Problems.alarm(alarm, detail)));
    }

    @Override
    public void serverState(boolean connected) {
        serverConnected = connected;
        tellPage();
    }

    @Override
    public void ended(End reason, String detail) {
        if (failed) {
            close(); // the page knows
            return;
        }
        Optional<Problem> problem = Problems.ended(reason, detail, link.server().toString());
        if (roster.isEmpty() && problem.isPresent()) owner.toPage(new BackendToPage.CallFailed(problem.get()));
        else owner.toPage(new BackendToPage.CallEnded(problem.orElse(null)));
        close();
    }

    /**
     * Something in the call failed in a way that nobody foresaw. It ends: a call of which half works could show people
     * who are not there, or hide some who are. The worker forgets its keys at once; leaving is still said, if possible.
     */
    void fail() {
        if (over || failed) return;
        failed = true;
        owner.toPage(new BackendToPage.CallEnded(Problems.internal()));
        try {
            keys.close();
        } finally {
            session.leave();
            // After the leave, which is a task of its own and is signed with a key of the group.
            thread.execute(() -> thread.execute(this::close));
        }
    }

    /** Wipes every key of the call, whatever state it is in. */
    void close() {
        if (over) return;
        over = true;
        ice.close();
        numbers.close();
        // Each in its own right: whatever fails, the rest is wiped.
        try (link;
                linkPart;
                group;
                keys) {
            LOG.debug("the call is over");
        } finally {
            owner.over();
        }
    }

    /** Used by the desk to schedule the end of a call whose page stays away. */
    void later(Duration delay, Consumer<Call> task) {
        thread.later(delay, () -> {
            if (!over) task.accept(this);
        });
    }
}
