package sotto.bridge.gate;

import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Objects;
import sotto.bridge.gate.Effect.AdmitWorker;
import sotto.bridge.gate.Effect.Ask;
import sotto.bridge.gate.Effect.CloseMoved;
import sotto.bridge.gate.Effect.CloseWorker;
import sotto.bridge.gate.Effect.GiveTicket;
import sotto.bridge.gate.Effect.GiveToken;
import sotto.bridge.gate.Effect.LetIn;
import sotto.bridge.gate.Effect.PageLeft;
import sotto.bridge.gate.Effect.RefuseTicket;
import sotto.bridge.gate.Effect.Subject;
import sotto.bridge.gate.Effect.TellToWait;
import sotto.bridge.gate.Effect.TurnAway;
import sotto.bridge.gate.Effect.Wake;

/**
 * The gate's memory and rules for one port. There is one page at a time and one worker at a time; a worker belongs to the
 * page connection that got its ticket, and goes with it.
 *
 * <p>Who reaches {@link #pageArrived} has shown Host, Origin and cookie. With the current token, or one from a launch, a
 * page is let in while none is connected. While one is connected every newcomer waits for its user's yes, also one with
 * the token: a duplicated tab has it. Thread-safe; effects are to be run one after the other, in the order of the calls.
 */
public final class Gate {
    private static final int SECRETS_AT_A_TIME = 16;
    private static final int WRONG_SECRETS_A_MINUTE = 20;
    private static final int QUESTIONS_A_MINUTE = 5;

    private final String host;
    private final String origin;
    private final String cookieName;
    private final String cookieValue;
    private final InstantSource clock;
    private final SecureRandom random;
    private final GateTimes times;
    private final Secrets launchSecrets;
    private final Secrets launchTokens;
    private final Secrets tickets;
    private final RateLimit wrongSecrets;
    private final RateLimit questions;

    private SocketId page;
    /** Token of the page that is or was connected; null before the first. */
    private String pageToken;

    private Waiting waiting;

    private SocketId worker;
    /** Until when the page's wish for a ticket waits for its old worker to close; null if there is none. */
    private Instant ticketHeldUntil;
    /** The question about a second worker that is open; null if there is none. */
    private String workerQuestion;
    /** Set by a yes to a second worker; used up by that worker. */
    private boolean workerMayBeReplaced;

    /** @param token whether the page showed a good token, so that it is let in when the first page goes */
    private record Waiting(SocketId socket, String request, boolean token, Instant until) {}

    public Gate(int port, InstantSource clock, SecureRandom random, GateTimes times) {
        this.host = "127.0.0.1:" + port;
        this.origin = "http://" + host;
        this.cookieName = "sotto-" + port;
        this.cookieValue = Secrets.random(random);
        this.clock = Objects.requireNonNull(clock);
        this.random = random;
        this.times = times;
        this.launchSecrets = new Secrets(random, clock, times.launchSecret(), SECRETS_AT_A_TIME);
        this.launchTokens = new Secrets(random, clock, times.launchToken(), SECRETS_AT_A_TIME);
        this.tickets = new Secrets(random, clock, times.ticket(), 1);
        Duration minute = Duration.ofMinutes(1);
        this.wrongSecrets = new RateLimit(WRONG_SECRETS_A_MINUTE, minute, clock);
        this.questions = new RateLimit(QUESTIONS_A_MINUTE, minute, clock);
    }

    /** The name holds the port: cookies of two bridges on one host do not overwrite each other. */
    public String cookieName() {
        return cookieName;
    }

    public String cookieValue() {
        return cookieValue;
    }

    // Requests

    /** Checks Host, Origin and Sec-Fetch-Site of any request. */
    public void checkSource(Visitor visitor) throws RefusedException {
        if (!visitor.host().equals(host)) throw new RefusedException(Reason.WRONG_HOST);
        boolean reads = !visitor.socket()
                && (visitor.method().equals("GET") || visitor.method().equals("HEAD"));
        // Browsers leave Origin out of plain reads; where it matters, or where it is sent, it has to be ours.
        boolean originGood =
                visitor.origin().isEmpty() ? reads : visitor.origin().equals(origin);
        // "none" is the user's own doing: address bar, bookmark, or a program that opened the browser.
        boolean siteGood = switch (visitor.fetchSite()) {
            case "", "same-origin" -> true;
            case "none" -> reads;
            default -> false;
        };
        if (!originGood || !siteGood) throw new RefusedException(Reason.WRONG_ORIGIN);
    }

    /** Checks the cookie. */
    public void checkCookie(Visitor visitor) throws RefusedException {
        boolean found = false;
        // Another server on this host may have set a cookie of the same name for a longer path: look at all of them.
        for (String cookie : visitor.cookies()) found |= Secrets.same(cookie, cookieValue);
        if (!found) throw new RefusedException(Reason.NO_COOKIE);
    }

    /** A secret that lets one browser in, once. */
    public synchronized String newLaunchSecret() {
        return launchSecrets.issue();
    }

    /** Redeems a launch secret for a page token. */
    public synchronized String launch(String secret) throws RefusedException {
        if (launchSecrets.redeem(secret)) return launchTokens.issue();
        // The limit slows guessing and can't shut out whoever has a good secret.
        throw new RefusedException(wrongSecrets.take() ? Reason.BAD_SECRET : Reason.TOO_MANY_TRIES);
    }

    // Pages

    /** @param token what the page showed, or an empty string */
    public synchronized List<Effect> pageArrived(SocketId socket, String token) {
        boolean known = pageToken != null && Secrets.same(token, pageToken);
        boolean fresh = !known && launchTokens.redeem(token);
        if (page == null) {
            if (!known && !fresh) return List.of(new TurnAway(socket, Reason.NO_TOKEN));
            pageToken = token;
            page = socket;
            return List.of(new LetIn(socket));
        }
        if (waiting != null) return List.of(new TurnAway(socket, Reason.ANOTHER_WAITS));
        if (!questions.take()) return List.of(new TurnAway(socket, Reason.TOO_MANY_TRIES));
        waiting = new Waiting(
                socket, newRequest(), known || fresh, clock.instant().plus(times.question()));
        return List.of(
                new TellToWait(socket),
                new Ask(page, waiting.request(), Subject.ANOTHER_PAGE),
                new Wake(times.question()));
    }

    /** The user's answer to an {@link Ask}, as it came on a page's socket. Old and unknown requests are ignored. */
    public synchronized List<Effect> answer(SocketId from, String request, boolean allow) {
        if (!from.equals(page)) return List.of();
        if (waiting != null && request.equals(waiting.request())) {
            SocketId newcomer = waiting.socket();
            waiting = null;
            if (!allow) return List.of(new TurnAway(newcomer, Reason.SAID_NO));
            List<Effect> effects = new ArrayList<>();
            SocketId first = page;
            pageLeaves(effects);
            effects.add(new CloseMoved(first));
            admitWithNewToken(newcomer, effects);
            return effects;
        }
        if (request.equals(workerQuestion)) {
            workerQuestion = null;
            if (!allow) return List.of(new RefuseTicket(page));
            workerMayBeReplaced = true;
            return List.of(new GiveTicket(page, tickets.issue()));
        }
        return List.of();
    }

    /** A page's socket, let in or waiting, has closed. */
    public synchronized List<Effect> pageGone(SocketId socket) {
        List<Effect> effects = new ArrayList<>();
        if (waiting != null && waiting.socket().equals(socket)) waiting = null;
        if (socket.equals(page)) {
            pageLeaves(effects);
            if (waiting != null) {
                SocketId newcomer = waiting.socket();
                boolean token = waiting.token();
                waiting = null;
                // A reload's new socket can be seen before the old one's end: it has the token, nobody needs asking.
                if (token) admitWithNewToken(newcomer, effects);
                else effects.add(new TurnAway(newcomer, Reason.NOBODY_TO_ASK));
            }
        }
        return effects;
    }

    private void admitWithNewToken(SocketId newcomer, List<Effect> effects) {
        page = newcomer;
        pageToken = Secrets.random(random);
        effects.add(new GiveToken(newcomer, pageToken));
        effects.add(new LetIn(newcomer));
    }

    private void pageLeaves(List<Effect> effects) {
        tickets.clear();
        ticketHeldUntil = null;
        workerQuestion = null;
        workerMayBeReplaced = false;
        if (worker != null) effects.add(new CloseWorker(worker));
        worker = null;
        effects.add(new PageLeft(page));
        page = null;
    }

    // Workers

    /** The page wants a ticket for a worker. */
    public synchronized List<Effect> ticketWanted(SocketId from) {
        if (!from.equals(page)) return List.of();
        if (worker == null) return List.of(new GiveTicket(page, tickets.issue()));
        if (ticketHeldUntil != null || workerQuestion != null) return List.of();
        // A page that replaces its worker ends the old one first, but the two sockets' news may cross.
        ticketHeldUntil = clock.instant().plus(times.workerClosing());
        return List.of(new Wake(times.workerClosing()));
    }

    /**
     * Redeems a worker's ticket.
     *
     * @return the page whose worker it is, to be given to {@link #workerArrived}
     */
    public synchronized SocketId redeemTicket(String ticket) throws RefusedException {
        if (page != null && tickets.redeem(ticket)) return page;
        throw new RefusedException(Reason.BAD_TICKET);
    }

    /** @param owner what {@link #redeemTicket} answered */
    public synchronized List<Effect> workerArrived(SocketId socket, SocketId owner) {
        boolean replaces = worker != null;
        if (!owner.equals(page) || (replaces && !workerMayBeReplaced))
            return List.of(new TurnAway(socket, Reason.BAD_TICKET));
        List<Effect> effects = new ArrayList<>();
        if (replaces) effects.add(new CloseWorker(worker));
        workerMayBeReplaced = false;
        worker = socket;
        effects.add(new AdmitWorker(socket));
        return effects;
    }

    public synchronized List<Effect> workerGone(SocketId socket) {
        if (!socket.equals(worker)) return List.of();
        worker = null;
        workerMayBeReplaced = false;
        boolean ticketIsWanted = ticketHeldUntil != null || workerQuestion != null;
        ticketHeldUntil = null;
        workerQuestion = null;
        return ticketIsWanted ? List.of(new GiveTicket(page, tickets.issue())) : List.of();
    }

    // Time

    /** Some time has passed. Harmless when called more often than asked for. */
    public synchronized List<Effect> tick() {
        Instant now = clock.instant();
        List<Effect> effects = new ArrayList<>();
        if (waiting != null && !now.isBefore(waiting.until())) {
            effects.add(new TurnAway(waiting.socket(), Reason.NO_ANSWER));
            waiting = null;
        }
        if (ticketHeldUntil != null && !now.isBefore(ticketHeldUntil)) {
            ticketHeldUntil = null;
            if (questions.take()) {
                workerQuestion = newRequest();
                effects.add(new Ask(page, workerQuestion, Subject.ANOTHER_WORKER));
            } else {
                effects.add(new RefuseTicket(page));
            }
        }
        return effects;
    }

    private String newRequest() {
        byte[] bytes = new byte[16];
        random.nextBytes(bytes);
        return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    }
}
