package sotto.bridge.messages;

import static sotto.bridge.messages.Limits.text;

/**
 * What a person is told when something goes wrong.
 *
 * @param code stable, for tests and support: {@code link.malformed}
 * @param what what happened
 * @param privacy what it means for their privacy
 * @param next what to do now
 */
public record Problem(String code, String what, String privacy, String next) {
    public Problem {
        text("code", code, 64);
        text("what", what, Limits.TEXT_CHARS);
        text("privacy", privacy, Limits.TEXT_CHARS);
        text("next", next, Limits.TEXT_CHARS);
    }
}
