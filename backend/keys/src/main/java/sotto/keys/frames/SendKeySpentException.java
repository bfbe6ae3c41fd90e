package sotto.keys.frames;

/** The send key was handed to a worker before. The way on is a new epoch (a {@code rekey} message). */
public final class SendKeySpentException extends Exception {
    private static final long serialVersionUID = 1L;

    SendKeySpentException(long epoch, int leaf, int track) {
        super("the send key of leaf " + leaf + ", track " + track + " in epoch " + epoch
                + " was handed out before; a new epoch is needed");
    }
}
