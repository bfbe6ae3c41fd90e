package sotto.bridge.gate;

import java.time.Duration;

/** What is to be done after the gate has been told of something; in order. */
public sealed interface Effect {

    /** This socket is the page from now on. */
    record LetIn(SocketId page) implements Effect {}

    /** This socket is not the page any more: it has closed, or its place was given to another. */
    record PageLeft(SocketId page) implements Effect {}

    /** Give the page that is about to be let in a token of its own. */
    record GiveToken(SocketId page, String token) implements Effect {
        @Override
        public String toString() {
            return "GiveToken[" + page + "]";
        }
    }

    /** Tell this page that it waits for an answer in the first page. */
    record TellToWait(SocketId waiting) implements Effect {}

    /** Ask the user in the connected page; the answer comes back as {@link Gate#answer}. */
    record Ask(SocketId page, String request, Subject subject) implements Effect {}

    /** What the user is asked about. */
    enum Subject {
        ANOTHER_PAGE,
        ANOTHER_WORKER
    }

    /** The call has moved to another window: tell this page, which has left, and close its socket. */
    record CloseMoved(SocketId page) implements Effect {}

    /** Tell this socket why it is not let in, and close it. */
    record TurnAway(SocketId socket, Reason reason) implements Effect {}

    /** Give the page a ticket for one worker. */
    record GiveTicket(SocketId page, String ticket) implements Effect {
        @Override
        public String toString() {
            return "GiveTicket[" + page + "]";
        }
    }

    /** Tell the page that there will be no ticket. */
    record RefuseTicket(SocketId page) implements Effect {}

    /** This socket is the worker from now on. */
    record AdmitWorker(SocketId worker) implements Effect {}

    /** The worker is not wanted any more; close its socket. */
    record CloseWorker(SocketId worker) implements Effect {}

    /** Call {@link Gate#tick} after this time. */
    record Wake(Duration after) implements Effect {}
}
