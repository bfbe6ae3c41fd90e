package sotto.bridge.gate;

import java.time.Duration;

/**
 * How long things are good for.
 *
 * @param launchSecret from handing out a one-time URL to opening it
 * @param launchToken from opening it to the page's socket
 * @param ticket from handing out a worker's ticket to the worker's socket
 * @param question how long a second page waits for the user's answer
 * @param workerClosing how long the old worker's socket may take to close, before a new worker is taken for a second one
 */
public record GateTimes(
        Duration launchSecret, Duration launchToken, Duration ticket, Duration question, Duration workerClosing) {
    public static final GateTimes DEFAULT = new GateTimes(
            Duration.ofSeconds(60),
            Duration.ofSeconds(60),
            Duration.ofSeconds(10),
            Duration.ofSeconds(60),
            Duration.ofSeconds(1));

    public GateTimes {
        for (Duration time : new Duration[] {launchSecret, launchToken, ticket, question, workerClosing}) {
            if (!time.isPositive()) throw new IllegalArgumentException("not a positive time: " + time);
        }
    }
}
