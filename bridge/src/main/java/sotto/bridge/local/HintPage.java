package sotto.bridge.local;

import java.nio.charset.StandardCharsets;
import sotto.bridge.gate.Reason;

/** What a browser shows that was not let in. Plain HTML; the policy allows no script and no style here either. */
final class HintPage {
    private HintPage() {}

    static byte[] html(Reason reason) {
        return """
                <!doctype html>
                <html lang="en">
                <head><meta charset="utf-8"><title>Sotto</title></head>
                <body>
                <h1>Sotto did not let this page in</h1>
                <p>%s</p>
                <p>Open the call in Sotto's own window, or start Sotto again: where it has no window, it prints a fresh
                address, which works once and for one minute.</p>
                </body>
                </html>
                """.formatted(reason.text()).getBytes(StandardCharsets.UTF_8);
    }
}
