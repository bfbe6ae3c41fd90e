package sotto.bridge.messages;

import static sotto.bridge.messages.Limits.id;
import static sotto.bridge.messages.Limits.text;

import java.util.List;
import java.util.Objects;

/** What the backend says to the page. Never a key byte: see {@code NoKeyReachesThePageTest}. */
public sealed interface BackendToPage {

    /**
     * Answer to {@link PageToBackend.Hello}.
     *
     * @param embedded true in the app's own window, where the app asks for permissions and offers its own screen picker
     * @param server address of the coordination server that new rooms are made on
     * @param fingerprint own identity fingerprint, for people: 30 digits in groups of five
     * @param openLink link that the app was started with, joined from the lobby; null if none
     */
    record Welcome(
            int version,
            String app,
            boolean embedded,
            String server,
            String fingerprint,
            Preferences preferences,
            @Nullable String openLink)
            implements BackendToPage {
        /** Tells nothing of what lets somebody in. */
        @Override
        public String toString() {
            return "Welcome";
        }
    }

    /** A single-use ticket, 32 bytes in base64url, good for 10 seconds. */
    record WorkerTicket(String ticket) implements BackendToPage {
        public WorkerTicket {
            Limits.key32("ticket", ticket);
        }

        /** Tells nothing of what lets somebody in. */
        @Override
        public String toString() {
            return "WorkerTicket";
        }
    }

    /** The new room's link. It holds the link secret: the page shows it to its user and to nobody else. */
    record RoomCreated(String link) implements BackendToPage {
        /** Tells nothing of what lets somebody in. */
        @Override
        public String toString() {
            return "RoomCreated";
        }
    }

    /** @param problem null if the link is good */
    record LinkChecked(String link, @Nullable Problem problem) implements BackendToPage {
        /** Tells nothing of what lets somebody in. */
        @Override
        public String toString() {
            return "LinkChecked";
        }
    }

    /** @param stage what is being done now */
    record CallProgress(Stage stage) implements BackendToPage {}

    /** The steps of getting into a call, in order. */
    enum Stage {
        CONNECTING,
        ASKING_TO_JOIN,
        /** The room is locked, and a host is there to let this person in. */
        WAITING_FOR_HOST,
        /** The room is locked, and no host is there. */
        WAITING_FOR_ABSENT_HOST,
        AGREEING_KEYS
    }

    /**
     * The whole state of the running call, sent anew at each change and to a page that was reloaded.
     *
     * @param self own participant id
     * @param link the room's link, for <i>copy link</i>
     * @param path how media travels; agreed among the members, never with the server
     * @param pathNumber how often the path was switched; the highest is the newest
     * @param maySetPath whether this person may switch the path for all
     * @param relayOffered whether the coordination server has a relay now
     * @param epoch MLS epoch; each change of the people in the call brings a new one
     * @param safetyNumber 60 digits; equal at everyone in the call; null while nobody else is there, and for the moment
     *     that it takes to make it
     * @param server whether the coordination server is reachable; media goes on without it
     * @param iceServers STUN or TURN addresses, empty when none are needed
     * @param waiting who asks to come into the locked room; empty for those who are no hosts
     * @param removed whom a host removed, and who cannot come back; empty for those who are no hosts
     */
    record CallState(
            String self,
            String link,
            Path path,
            long pathNumber,
            boolean maySetPath,
            boolean relayOffered,
            long epoch,
            @Nullable String safetyNumber,
            ServerState server,
            List<IceServer> iceServers,
            List<Participant> participants,
            Rules rules,
            List<Outsider> waiting,
            List<Outsider> removed)
            implements BackendToPage {
        public CallState {
            id("self", self);
            Limits.count("pathNumber", pathNumber);
            participants = List.copyOf(participants);
            iceServers = List.copyOf(iceServers);
            waiting = List.copyOf(waiting);
            removed = List.copyOf(removed);
        }

        /** Tells neither link nor passwords. */
        @Override
        public String toString() {
            return "CallState[epoch=" + epoch + ", server=" + server + ", participants=" + participants + "]";
        }
    }

    /**
     * What the hosts have set.
     *
     * @param locked nobody comes in whom no host lets in
     * @param membersSwitchPath whether those who are no hosts may switch the path
     * @param mayChange this person is a host
     * @param mayNameHosts this person made the room
     */
    record Rules(boolean locked, boolean membersSwitchPath, boolean mayChange, boolean mayNameHosts) {}

    /**
     * Somebody who is not in the call.
     *
     * @param id names this one towards the backend: 16 bytes in base64url
     * @param name as that person chose it; empty where nobody here has heard it
     * @param fingerprint identity fingerprint for people: 30 digits in groups of five
     */
    record Outsider(String id, String name, String fingerprint) {
        public Outsider {
            Limits.id("id", id);
            if (!name.isEmpty()) Limits.othersName(name);
        }
    }

    /** How media travels. */
    enum Path {
        /** Straight between the participants, who see each other's address. */
        DIRECT,
        /** Between the participants through TURN alone: nobody's address is shown to another. */
        HIDDEN,
        /** Through a relay, which alone sees addresses. */
        RELAY
    }

    /**
     * The way to the relay, answering {@link PageToBackend.GetRelayTunnel}.
     *
     * @param node id of the relay node, to be named should it fail
     * @param tunnel 32 bytes in base64url, good for one connection to {@code /relay/<tunnel>}, which the backend carries to
     *     the node
     */
    record RelayTunnel(String node, String tunnel) implements BackendToPage {
        public RelayTunnel {
            text("node", node, 64);
            Limits.key32("tunnel", tunnel);
        }

        /** Tells nothing of what lets somebody in. */
        @Override
        public String toString() {
            return "RelayTunnel[" + node + "]";
        }
    }

    /**
     * A tunnel came to nothing: the node can't be reached from here, or refuses this client.
     *
     * @param tunnel as named in {@link RelayTunnel}; good for nothing any more
     */
    record RelayTunnelFailed(String tunnel, Problem problem) implements BackendToPage {
        public RelayTunnelFailed {
            Limits.key32("tunnel", tunnel);
        }
    }

    /** There is no way to a relay now. */
    record RelayRefused(Problem problem) implements BackendToPage {}

    /** State of the connection to the coordination server. */
    enum ServerState {
        CONNECTED,
        RECONNECTING
    }

    /** One STUN or TURN server, as WebRTC takes it. */
    record IceServer(
            String url, @Nullable String username, @Nullable String credential) {}

    /**
     * One person in the call.
     *
     * @param id participant id: 16 random bytes, new for each time a person enters a room
     * @param fingerprint identity fingerprint for people: 30 digits in groups of five; empty for the moment that it takes
     *     to make it
     * @param host made the room or was named by who made it
     * @param connected false while the coordination server has lost this person; media may still flow
     */
    record Participant(
            String id,
            String name,
            String fingerprint,
            boolean self,
            boolean connected,
            boolean host,
            MediaState media) {
        public Participant {
            Limits.id("id", id);
            Limits.othersName(name);
        }
    }

    /** The call could not be entered. */
    record CallFailed(Problem problem) implements BackendToPage {}

    /** The call is over for this page. {@code problem} is null after the user's own leave. */
    record CallEnded(@Nullable Problem problem) implements BackendToPage {}

    /** A signal from {@code from}, unsealed and authenticated by the sender's leaf key. */
    record Signal(String from, String session, String data) implements BackendToPage {
        public Signal {
            id("from", from);
            id("session", session);
            text("data", data, Limits.SIGNAL_CHARS);
        }
    }

    /** Something that threatens the call's privacy; shown until dismissed. */
    record Alarm(Problem problem) implements BackendToPage {}

    /** Something worth a passing word. */
    record Notice(String text) implements BackendToPage {}

    /** Key journal entries with numbers above the asked one, oldest first, at most 500. */
    record Journal(List<JournalEntry> entries) implements BackendToPage {
        public Journal {
            entries = List.copyOf(entries);
        }
    }

    /**
     * One event in a key's life, with its id, never a byte of it.
     *
     * @param time milliseconds since 1970, UTC
     * @param event made, derived, delivered, switched, destroyed
     * @param key key id, for example {@code frame/17}
     * @param detail for people: whose, which track, which epoch
     */
    record JournalEntry(long number, long time, String event, String key, String detail) {}

    /** @param sources screens and windows that can be shared */
    record ScreenSources(List<ScreenSource> sources) implements BackendToPage {
        public ScreenSources {
            sources = List.copyOf(sources);
        }
    }

    /** @param id for {@code chromeMediaSourceId}, for example {@code window:4194307:0} */
    record ScreenSource(String id, String title, boolean window) {}

    /** Another page wants to take this one's place; answered by {@link PageToBackend.AnswerPage}. */
    record AnotherPageAsks(String request, String userAgent) implements BackendToPage {
        public AnotherPageAsks {
            id("request", request);
        }
    }

    /** First and only message to a page that waits for the first page's user to say yes. */
    record WaitForYes() implements BackendToPage {}

    /** First message to a page that a user let in: the token for its session storage. */
    record PageToken(String token) implements BackendToPage {
        public PageToken {
            Limits.key32("token", token);
        }

        /** Tells nothing of what lets somebody in. */
        @Override
        public String toString() {
            return "PageToken";
        }
    }

    /** Last message before the backend closes the page's socket. */
    record Closed(Problem problem) implements BackendToPage {
        public Closed {
            Objects.requireNonNull(problem);
        }
    }
}
