package sotto.app.call;

import java.util.Optional;
import sotto.app.relay.TunnelFailure;
import sotto.bridge.messages.Problem;
import sotto.rooms.machine.Alarm;
import sotto.rooms.machine.End;

/** Every problem that a person can be told about a call, in one place: what happened, what it means, what to do. */
final class Problems {
    private static final String NOTHING_SENT = "Nothing was sent: no picture, no sound, not your name.";
    private static final String NO_OTHER_WAY = "Nothing goes another way by itself.";
    private static final int DETAIL_CHARS = 400;
    private static final String STAYS_ENCRYPTED = "Everything sent so far was encrypted and stays closed.";

    private Problems() {}

    static Problem badLink(String reason) {
        return new Problem(
                "link.malformed",
                "This is not a Sotto link: " + reason + ".",
                NOTHING_SENT,
                "Ask for the link again and copy all of it, with the part after the #.");
    }

    static Problem workerMissing() {
        return new Problem(
                "worker.missing",
                "The part of Sotto that encrypts your picture and sound is not running in this window.",
                NOTHING_SENT,
                "Reload the window. If it stays like this, this browser is too old for Sotto.");
    }

    static Problem noRelay() {
        return new Problem(
                "relay.none",
                "The coordination server has no relay for this call.",
                "Nothing is sent another way by itself.",
                "Wait until a relay is back, switch to another way, or ask who runs the server.");
    }

    static Problem relayPass() {
        return new Problem(
                "relay.pass",
                "The operator of the coordination server lets only those with a pass use the relay.",
                "Nothing was sent to the relay.",
                "Use the direct way, or ask who runs the server.");
    }

    /** @param host of the relay node, as the coordination server named it */
    static Problem relayFailed(TunnelFailure why, String host) {
        String relay = "The relay " + clipped(host);
        return switch (why) {
            case UNREACHABLE ->
                new Problem(
                        "relay.unreachable",
                        relay + " can’t be reached from here.",
                        "It gets nothing from you now. " + NO_OTHER_WAY,
                        "Sotto goes on trying. Check your network; if it works for the others, yours may block it.");
            case CERTIFICATE ->
                new Problem(
                        "relay.certificate",
                        "Who answers as the relay " + clipped(host)
                                + " can’t prove to be it: the certificate is not valid for it.",
                        "They were sent nothing, not even the ticket. " + NO_OTHER_WAY,
                        "Somebody in your network may be posing as the relay. Try another network, or ask who runs the"
                                + " server.");
            case TICKET ->
                new Problem(
                        "relay.ticket",
                        relay + " does not take the tickets of the coordination server.",
                        "It sees your IP address, and gets no picture, sound or name. " + NO_OTHER_WAY,
                        "Sotto goes on trying with fresh tickets. Tell who runs the server: its key for the relay is"
                                + " wrong, or their clocks differ.");
            case VERSION ->
                new Problem(
                        "relay.version",
                        "What answers as the relay " + clipped(host) + " does not speak the protocol that this app"
                                + " knows.",
                        "It sees your IP address and a ticket, and gets no picture, sound or name. " + NO_OTHER_WAY,
                        "Update Sotto, or tell who runs the server: LiveKit 1.13 or a later 1.x is needed there.");
        };
    }

    static Problem alreadyInCall() {
        return new Problem(
                "call.running",
                "You are in a call already.",
                "That call goes on as it was.",
                "Leave it before you enter another one.");
    }

    /** A defect of Sotto itself. */
    static Problem internal() {
        return new Problem(
                "internal",
                "Something in Sotto failed, and the call was ended.",
                "Your picture and sound are no longer sent. " + STAYS_ENCRYPTED,
                "Join again with the link. If it happens again, tell those who make Sotto what the program printed.");
    }

    static Problem badServer(String server, String reason) {
        return new Problem(
                "server.address",
                "Rooms cannot be made on " + server + ": " + reason + ".",
                NOTHING_SENT,
                "Start Sotto with another server address.");
    }

    /** Why a call ended; empty if its user wanted it to. */
    static Optional<Problem> ended(End reason, String detail, String server) {
        String code = reason.code();
        return switch (reason) {
            case LEFT -> Optional.empty();
            case SERVER_AWAY ->
                problem(
                        code,
                        "The coordination server " + server + " cannot be reached.",
                        NOTHING_SENT,
                        "Check the network and the link, then join again.");
            case SERVER_VERSION ->
                problem(
                        code,
                        "The coordination server and this app do not speak the same version.",
                        NOTHING_SENT,
                        "Update Sotto, or ask who runs the server to update it.");
            case SERVER_MALFORMED ->
                problem(
                        code,
                        "The coordination server answers in a way that makes no sense (" + clipped(detail) + ").",
                        STAYS_ENCRYPTED,
                        "Check that the link leads to a Sotto server, and join again.");
            case ROOM_FULL ->
                problem(
                        code,
                        "The room is full.",
                        NOTHING_SENT,
                        "Ask somebody in the call to make room, or start another room.");
            case SERVER_FULL ->
                problem(
                        code,
                        "The coordination server has no place for another room or connection.",
                        NOTHING_SENT,
                        "Try again in a minute, or use another server.");
            case NOT_ADMITTED ->
                problem(
                        code,
                        "Nobody in the room let you in.",
                        NOTHING_SENT,
                        "Ask somebody in the call whether it still goes on, then join again.");
            case REMOVED ->
                problem(
                        code,
                        "You were removed by the host.",
                        "Your picture and sound are no longer sent, and the keys have changed without you. "
                                + STAYS_ENCRYPTED,
                        "Ask the host if you think that this is a mistake: only a host can let you in again.");
            case TURNED_AWAY ->
                problem(
                        code,
                        "The host did not let you in.",
                        "Your name and your identity fingerprint were shown to the people in the call. Nothing else was"
                                + " sent: no picture, no sound.",
                        "Ask the host, and join again.");
            case GROUP_FAILED ->
                problem(
                        code,
                        "The keys of the call could not be agreed on (" + clipped(detail) + ").",
                        "Your picture and sound are no longer sent. " + STAYS_ENCRYPTED,
                        "Join again with the link.");
        };
    }

    /** What threatens a call that goes on. */
    static Problem alarm(Alarm alarm, String detail) {
        String code = alarm.code();
        String happened = switch (alarm) {
            case LOG_FORKED -> "The coordination server shows people in this call different histories of it.";
            case LOG_WITHHELD -> "The coordination server keeps messages of this call from you.";
            case LOG_BROKEN -> "The coordination server's history of this call has a gap or a repetition.";
            case ENVELOPE_INVALID -> "A message came that nobody with this room's link has sealed.";
            case SIGNATURE_INVALID -> "A message came in the name of somebody who did not send it.";
            case JOIN_INVALID -> "Somebody asked to enter with papers that are not in order.";
            case GHOST_ADDED -> "Somebody in the call tried to add a person whom nobody saw asking.";
            case WRONGLY_REMOVED -> "Somebody in the call tried to remove a person who had not left.";
            case UNADMITTED -> "Somebody in the call tried to add a person whom no host let in.";
            case RULES_INVALID -> "Somebody tried to set rules for this room who is not its host.";
            case COMMIT_INVALID -> "Somebody in the call sent a change of keys that is not valid.";
        };
        String privacy = switch (alarm) {
            case LOG_FORKED, LOG_WITHHELD, LOG_BROKEN ->
                "The server cannot listen, but it may be trying to hide who is in the call.";
            case ENVELOPE_INVALID, SIGNATURE_INVALID, JOIN_INVALID, RULES_INVALID ->
                "It was refused. Nobody was added, and nothing was opened.";
            case GHOST_ADDED, WRONGLY_REMOVED, UNADMITTED, COMMIT_INVALID ->
                "It was refused. Nobody who is not in the list of people holds a key.";
        };
        String next = switch (alarm) {
            case LOG_FORKED, LOG_WITHHELD, LOG_BROKEN, ENVELOPE_INVALID ->
                "Compare the safety number with the others. If this happens again, use another server.";
            case SIGNATURE_INVALID,
                    JOIN_INVALID,
                    GHOST_ADDED,
                    WRONGLY_REMOVED,
                    UNADMITTED,
                    RULES_INVALID,
                    COMMIT_INVALID ->
                "Check the list of people. If you do not trust somebody in it, make a new room and share its link"
                        + " with the others alone.";
        };
        return new Problem(code, happened + (detail.isBlank() ? "" : " (" + clipped(detail) + ")"), privacy, next);
    }

    /** Details hold what others chose, such as names: they must not make a text longer than the page takes. */
    private static String clipped(String detail) {
        return detail.length() <= DETAIL_CHARS ? detail : detail.substring(0, DETAIL_CHARS) + "…";
    }

    private static Optional<Problem> problem(String code, String what, String privacy, String next) {
        return Optional.of(new Problem(code, what, privacy, next));
    }
}
