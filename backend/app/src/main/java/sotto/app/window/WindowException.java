package sotto.app.window;

/** The window cannot be opened; the message is for the user and says why. */
public final class WindowException extends Exception {
    private static final long serialVersionUID = 1;

    WindowException(String message) {
        super(message);
    }

    WindowException(String message, Throwable cause) {
        super(message, cause);
    }
}
