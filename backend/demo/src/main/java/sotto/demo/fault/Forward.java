package sotto.demo.fault;

import java.io.Closeable;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** Carries TCP connections from a port to another address, byte for byte, for as long as both ends want it. */
public final class Forward implements Closeable {
    private final ServerSocket door;
    private final List<Socket> open = new CopyOnWriteArrayList<>();
    private final String host;
    private final int to;

    /** From a free port on loopback. */
    Forward(String host, int port) throws IOException {
        this(new ServerSocket(0, 50, InetAddress.getLoopbackAddress()), host, port);
    }

    /** @param door is listening; closed with this */
    public Forward(ServerSocket door, String host, int port) {
        this.door = door;
        this.host = host;
        this.to = port;
        Thread.ofVirtual().start(this::accept);
    }

    int port() {
        return door.getLocalPort();
    }

    private void accept() {
        try {
            while (true) {
                Socket near = door.accept();
                open.add(near);
                Thread.ofVirtual().start(() -> join(near));
            }
        } catch (IOException closed) {
            // It was closed.
        }
    }

    private void join(Socket near) {
        try (near;
                Socket far = new Socket(host, to)) {
            open.add(far);
            Thread back = Thread.ofVirtual().start(() -> carry(far, near));
            carry(near, far);
            back.join();
            open.remove(far);
        } catch (IOException nobodyThere) {
            // The near end sees its connection closed.
        } catch (InterruptedException ending) {
            Thread.currentThread().interrupt();
        } finally {
            open.remove(near);
        }
    }

    /** When one direction ends, so does the other. */
    private static void carry(Socket from, Socket to) {
        try (from;
                to) {
            from.getInputStream().transferTo(to.getOutputStream());
        } catch (IOException over) {
            // One end has gone.
        }
    }

    @Override
    public void close() throws IOException {
        door.close();
        for (Socket socket : open) socket.close();
    }
}
