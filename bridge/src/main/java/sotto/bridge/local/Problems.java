package sotto.bridge.local;

import sotto.bridge.gate.Reason;
import sotto.bridge.messages.Problem;

/** What pages are told by the bridge itself. */
final class Problems {
    static final Problem MOVED = new Problem(
            "bridge.moved",
            "Sotto was moved to another window.",
            "This page gets nothing of the call any more.",
            "Go on in the other window, or close this one.");
    static final Problem VERSION = new Problem(
            "bridge.version",
            "This page is of another version than the app.",
            "Nothing was sent or received.",
            "Reload the page.");
    static final Problem MALFORMED = new Problem(
            "bridge.malformed",
            "The page sent messages that the app does not understand.",
            "They were dropped; the call's keys are not affected.",
            "Reload the page. If it happens again, report it.");

    private Problems() {}

    static Problem refused(Reason reason) {
        return new Problem(
                "bridge.refused",
                reason.text(),
                "Nothing of the call has reached this page.",
                "Go on in the window where Sotto is open, or start Sotto again for a fresh address.");
    }
}
