package sotto.demo.relay;

import java.io.Closeable;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import javax.net.ssl.SSLContext;

/** The proxy that adds TLS to a relay's signalling, as an operator's does. */
final class TlsFront implements AutoCloseable {
    private final ServerSocket listening;
    private final int behind;
    private final List<Closeable> open = new CopyOnWriteArrayList<>();

    /** @param behind port on 127.0.0.1 */
    TlsFront(SSLContext context, String address, int behind) throws IOException {
        this.behind = behind;
        listening = context.getServerSocketFactory().createServerSocket();
        listening.bind(new InetSocketAddress(address, 0));
        Thread.ofVirtual().start(this::accept);
    }

    URI url() {
        return URI.create("wss://" + listening.getInetAddress().getHostAddress() + ":" + listening.getLocalPort());
    }

    private void accept() {
        while (!listening.isClosed())
            try {
                Socket client = listening.accept();
                open.add(client);
                Thread.ofVirtual().start(() -> serve(client));
            } catch (IOException closed) {
                return;
            }
    }

    private void serve(Socket client) {
        try (client;
                Socket relay = new Socket(InetAddress.getLoopbackAddress(), behind)) {
            open.add(relay);
            Thread there = Thread.ofVirtual().start(() -> pass(client, relay));
            pass(relay, client);
            there.join();
        } catch (IOException gone) {
            // As when a proxy's backend is away.
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static void pass(Socket from, Socket to) {
        try (from;
                to) {
            from.getInputStream().transferTo(to.getOutputStream());
        } catch (IOException over) {
            // One end has gone, and the other goes with it.
        }
    }

    @Override
    public void close() throws IOException {
        listening.close();
        for (Closeable one : open) one.close();
    }
}
