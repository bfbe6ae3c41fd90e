package sotto.app.window;

import java.awt.AWTError;
import java.awt.GraphicsEnvironment;
import java.awt.HeadlessException;

/** Whether there is a screen to open a window on. */
public final class Displays {
    private Displays() {}

    /**
     * Connects to the display to find out: a DISPLAY variable may name one that is gone or refuses this user. A Java
     * runtime without its desktop libraries counts as no display.
     */
    public static boolean available() {
        try {
            return !GraphicsEnvironment.isHeadless()
                    && GraphicsEnvironment.getLocalGraphicsEnvironment().getScreenDevices().length > 0;
        } catch (HeadlessException | AWTError | LinkageError noDisplay) {
            return false;
        }
    }
}
