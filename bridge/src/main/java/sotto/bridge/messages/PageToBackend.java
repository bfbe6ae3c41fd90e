package sotto.bridge.messages;

import static sotto.bridge.messages.Limits.id;
import static sotto.bridge.messages.Limits.text;

/** What the page may say on its socket. Unknown types and fields are refused. */
public sealed interface PageToBackend {

    /** First message. {@code version} must be {@link Protocol#VERSION}. */
    record Hello(int version) implements PageToBackend {}

    /**
     * Asks for a ticket with which one frame worker may open its own socket. Answered by {@link
     * BackendToPage.WorkerTicket}.
     */
    record GetWorkerTicket() implements PageToBackend {}

    /** Remembers the lobby's choices in the profile. Device labels, not ids: ids change with the origin. */
    record SavePreferences(Preferences preferences) implements PageToBackend {}

    /** Asks for a new room that begins on this path. Answered by {@link BackendToPage.RoomCreated}. */
    record NewRoom(BackendToPage.Path path) implements PageToBackend {}

    /** Switches the path for everybody in the call. Followed by {@link BackendToPage.CallState} once it is agreed. */
    record SetPath(BackendToPage.Path path) implements PageToBackend {}

    /**
     * Asks for a way to the relay. Answered by {@link BackendToPage.RelayTunnel} or {@link BackendToPage.RelayRefused}.
     *
     * @param failed id of the node that was lost; null if none was
     */
    record GetRelayTunnel(@Nullable String failed) implements PageToBackend {
        public GetRelayTunnel {
            if (failed != null) text("failed", failed, 64);
        }
    }

    /** Asks whether a pasted link is well formed. Answered by {@link BackendToPage.LinkChecked}. */
    record CheckLink(String link) implements PageToBackend {
        public CheckLink {
            text("link", link, Limits.LINK_CHARS);
        }

        /** Tells nothing of what lets somebody in. */
        @Override
        public String toString() {
            return "CheckLink";
        }
    }

    /**
     * Enters the link's room under a name. The worker must be connected. Followed by {@link BackendToPage.CallProgress}
     * and then {@link BackendToPage.CallState} or {@link BackendToPage.CallFailed}.
     */
    record Join(String link, String name) implements PageToBackend {
        public Join {
            text("link", link, Limits.LINK_CHARS);
            Limits.name(name);
        }

        /** Tells nothing of what lets somebody in. */
        @Override
        public String toString() {
            return "Join";
        }
    }

    /** Leaves the call; answered by {@link BackendToPage.CallEnded}. */
    record Leave() implements PageToBackend {}

    /**
     * An SDP description or ICE candidate for one participant, as JSON text that the backend seals and does not read.
     *
     * @param to participant id
     * @param session media session of the sending page: 16 random bytes, new at each load of the page in a call
     */
    record Signal(String to, String session, String data) implements PageToBackend {
        public Signal {
            id("to", to);
            id("session", session);
            text("data", data, Limits.SIGNAL_CHARS);
        }
    }

    /** Sets the room's rules, if this person is a host. */
    record SetRules(boolean locked, boolean membersSwitchPath) implements PageToBackend {}

    /** Lets somebody who waits into the locked room, or refuses. */
    record Admit(String id, boolean allow) implements PageToBackend {
        public Admit {
            Limits.id("id", id);
        }
    }

    /** Removes somebody from the call for good, if this person is a host. */
    record RemoveParticipant(String id) implements PageToBackend {
        public RemoveParticipant {
            Limits.id("id", id);
        }
    }

    /** Lets somebody who was removed come again. */
    record LiftRemoval(String id) implements PageToBackend {
        public LiftRemoval {
            Limits.id("id", id);
        }
    }

    /** Makes somebody a host, or no longer, if this person made the room. */
    record NameHost(String id, boolean host) implements PageToBackend {
        public NameHost {
            Limits.id("id", id);
        }
    }

    /** What this person sends now; the backend tells the others, sealed. */
    record SetMediaState(MediaState state) implements PageToBackend {}

    /** Asks for the key journal from entry {@code after} on. Answered by {@link BackendToPage.Journal}. */
    record GetJournal(long after) implements PageToBackend {
        public GetJournal {
            Limits.count("after", after);
        }
    }

    /** Asks for what can be shared; only in the app's own window. Answered by {@link BackendToPage.ScreenSources}. */
    record GetScreenSources() implements PageToBackend {}

    /** The user's answer to {@link BackendToPage.AnotherPageAsks}. */
    record AnswerPage(String request, boolean allow) implements PageToBackend {
        public AnswerPage {
            id("request", request);
        }
    }
}
