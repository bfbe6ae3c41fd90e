package sotto.app.window;

import java.awt.EventQueue;
import java.awt.Window;
import java.awt.event.WindowEvent;
import java.net.URI;
import java.nio.file.Path;
import java.util.OptionalInt;
import java.util.Scanner;
import java.util.concurrent.CountDownLatch;

/** A program with just the window, for the tests: arguments are URL, folder, DevTools port. Ends when it is closed. */
final class WindowProgram {
    private WindowProgram() {}

    public static void main(String[] arguments) throws Exception {
        CountDownLatch closed = new CountDownLatch(1);
        WindowOptions options =
                new WindowOptions(Path.of(arguments[1]), OptionalInt.of(Integer.parseInt(arguments[2])));
        new StartingWindow(options).open(URI.create(arguments[0]), closed::countDown);
        // As a user does it, who clicks on the cross.
        Thread.ofPlatform().daemon().start(() -> {
            if (new Scanner(System.in).nextLine().equals("close")) EventQueue.invokeLater(WindowProgram::clickOnCross);
        });
        closed.await();
        System.exit(0);
    }

    private static void clickOnCross() {
        for (Window window : Window.getWindows())
            window.dispatchEvent(new WindowEvent(window, WindowEvent.WINDOW_CLOSING));
    }
}
