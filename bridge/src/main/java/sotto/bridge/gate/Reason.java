package sotto.bridge.gate;

/** Why somebody was not let in. The texts are shown to people. */
public enum Reason {
    WRONG_HOST("The address is not the one that Sotto listens on."),
    WRONG_ORIGIN("The request comes from another page."),
    NO_COOKIE("This browser was not let in. Each address that Sotto gives out works once."),
    BAD_SECRET("This address was already used, is too old, or was never given out."),
    TOO_MANY_TRIES("Too many attempts. Wait a minute and try again."),
    WRONG_PROTOCOL("The socket does not speak this version's protocol."),
    NO_TOKEN("This page was not let in, and no other page is connected that could be asked."),
    ANOTHER_WAITS("Another page is already waiting for an answer."),
    SAID_NO("The user said no."),
    NO_ANSWER("Nobody answered."),
    NOBODY_TO_ASK("The page that was asked is gone."),
    BAD_TICKET("The ticket was already used, is too old, or was never given out.");

    private final String text;

    Reason(String text) {
        this.text = text;
    }

    public String text() {
        return text;
    }
}
