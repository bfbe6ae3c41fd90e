package sotto.rooms.session;

import java.util.Objects;
import java.util.concurrent.Executor;

/**
 * What a session needs from its app.
 *
 * @param executor runs tasks one after the other, in order; all work of the session is done here
 */
public record RoomPorts(GroupPort group, ServerPort server, Timers timers, RandomSource random, Executor executor) {
    public RoomPorts {
        Objects.requireNonNull(group, "group");
        Objects.requireNonNull(server, "server");
        Objects.requireNonNull(timers, "timers");
        Objects.requireNonNull(random, "random");
        Objects.requireNonNull(executor, "executor");
    }
}
